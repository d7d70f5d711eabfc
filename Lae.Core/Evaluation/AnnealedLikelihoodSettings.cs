using System.Collections.Immutable;
using Lae.Annealing;

namespace Lae.Evaluation;

/// <summary>How log p(x) is estimated by annealed importance sampling.</summary>
public sealed record AnnealedLikelihoodSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="chains">Chains for each observation, 1 or more; a standard error needs two.</param>
    /// <param name="temperatures">K, steps of β from 0 to 1, 2 or more.</param>
    /// <param name="transitions">MALA transitions at each β, 1 or more.</param>
    /// <param name="pilotChains">Chains for each observation on which step sizes are found, 1 or more.</param>
    /// <param name="targetAcceptance">The mean acceptance that they aim at, in (0, 1).</param>
    /// <param name="rows">Observations in a block, 1 or more: with the key it decides the bits, since step sizes are common to a block.</param>
    public AnnealedLikelihoodSettings(int chains = 16, int temperatures = 250, int transitions = 1, int pilotChains = 2, double targetAcceptance = 0.574, int rows = 32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(temperatures, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(transitions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pilotChains, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (targetAcceptance is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(targetAcceptance), targetAcceptance, "Must be in (0, 1).");
        }

        (Chains, Transitions, PilotChains, TargetAcceptance, Rows) = (chains, transitions, pilotChains, targetAcceptance, rows);
        Schedule = InverseTemperatures.Sigmoid(temperatures);
    }

    /// <summary>Chains for each observation.</summary>
    public int Chains { get; }

    /// <summary>Transitions at each β.</summary>
    public int Transitions { get; }

    /// <summary>Pilot chains for each observation.</summary>
    public int PilotChains { get; }

    /// <summary>The acceptance aimed at.</summary>
    public double TargetAcceptance { get; }

    /// <summary>Observations in a block.</summary>
    public int Rows { get; }

    /// <summary>β_0 … β_K, dense at both ends.</summary>
    public ImmutableArray<double> Schedule { get; }
}
