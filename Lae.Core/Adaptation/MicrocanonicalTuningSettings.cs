using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;

namespace Lae.Adaptation;

/// <summary>What <see cref="MicrocanonicalTuning"/> may spend and is to reach.</summary>
public sealed record MicrocanonicalTuningSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="transitions">Transitions of each chain, 20 or more; 100 or more for a length that means something.</param>
    /// <param name="energyVariance">The variance of the energy error of a step for each dimension, positive: smaller means smaller steps and less bias.</param>
    /// <param name="precondition">Whether the covariance becomes a preconditioner.</param>
    /// <param name="temperature">T, positive and finite.</param>
    /// <param name="integrator">How a step is divided.</param>
    /// <param name="covariance">What of the covariance is learned; the variances by default.</param>
    /// <param name="preconditioner">P to be kept, where it is not to be found; the identity if null.</param>
    /// <param name="engine">Who computes; the default engine if null.</param>
    public MicrocanonicalTuningSettings(
        int transitions = 1000,
        double energyVariance = 5e-4,
        bool precondition = true,
        double temperature = 1,
        IsokineticIntegrator integrator = IsokineticIntegrator.MinimalNorm,
        CovarianceKind covariance = CovarianceKind.Diagonal,
        Preconditioner? preconditioner = null,
        IEngine? engine = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(transitions, 20);
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
        Covariance = covariance;
        Preconditioner = preconditioner;
        Engine = engine;
    }

    /// <summary>Transitions of each chain.</summary>
    public int Transitions { get; }

    /// <summary>The variance of the energy error for each dimension that is aimed at.</summary>
    public double EnergyVariance { get; }

    /// <summary>Whether the covariance becomes a preconditioner.</summary>
    public bool Precondition { get; }

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>How a step is divided.</summary>
    public IsokineticIntegrator Integrator { get; }

    /// <summary>What of the covariance is learned.</summary>
    public CovarianceKind Covariance { get; }

    /// <summary>P to be kept where it is not found; the identity if null.</summary>
    public Preconditioner? Preconditioner { get; }

    /// <summary>Who computes.</summary>
    public IEngine? Engine { get; }
}

/// <summary>What a tuning found.</summary>
/// <param name="Settings">The settings to sample with, frozen: nothing of the tuning goes on in them.</param>
/// <param name="Position">Where the chains ended, [chains, dimension]: starts for sampling.</param>
/// <param name="GradientCount">Gradients that it cost each chain.</param>
public sealed record MicrocanonicalTuned(MicrocanonicalSettings Settings, Tensor Position, int GradientCount)
{
    /// <summary>The covariance that became the preconditioner, [dimension] or [dimension, dimension]; null if none did.</summary>
    public Tensor? Covariance { get; init; }
}
