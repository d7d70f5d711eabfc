using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Adaptation;

/// <summary>What <see cref="MicrocanonicalTuning"/> may spend and is to reach.</summary>
public sealed record MicrocanonicalTuningSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="transitions">Transitions of each chain, 100 or more.</param>
    /// <param name="energyVariance">The variance of the energy error of a step for each dimension, positive: smaller means smaller steps and less bias.</param>
    /// <param name="precondition">Whether the variances of the coordinates become a diagonal preconditioner.</param>
    /// <param name="temperature">T, positive and finite.</param>
    /// <param name="integrator">How a step is divided.</param>
    public MicrocanonicalTuningSettings(
        int transitions = 1000,
        double energyVariance = 5e-4,
        bool precondition = true,
        double temperature = 1,
        IsokineticIntegrator integrator = IsokineticIntegrator.MinimalNorm)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(transitions, 100);
        if (!(energyVariance > 0) || !double.IsFinite(energyVariance))
        {
            throw new ArgumentOutOfRangeException(nameof(energyVariance), energyVariance, "An energy variance must be positive and finite.");
        }

        MicrocanonicalSettings.RequireStep(1, temperature);
        Transitions = transitions;
        EnergyVariance = energyVariance;
        Precondition = precondition;
        Temperature = temperature;
        Integrator = integrator;
    }

    /// <summary>Transitions of each chain.</summary>
    public int Transitions { get; }

    /// <summary>The variance of the energy error for each dimension that is aimed at.</summary>
    public double EnergyVariance { get; }

    /// <summary>Whether variances become a preconditioner.</summary>
    public bool Precondition { get; }

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>How a step is divided.</summary>
    public IsokineticIntegrator Integrator { get; }
}

/// <summary>What a tuning found.</summary>
/// <param name="Settings">The settings to sample with, frozen: nothing of the tuning goes on in them.</param>
/// <param name="Position">Where the chains ended, [chains, dimension]: starts for sampling.</param>
/// <param name="GradientCount">Gradients that it cost each chain.</param>
public sealed record MicrocanonicalTuned(MicrocanonicalSettings Settings, Tensor Position, int GradientCount);
