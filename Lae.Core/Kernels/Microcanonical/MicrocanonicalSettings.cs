namespace Lae.Kernels;

/// <summary>The constants of <see cref="MicrocanonicalLangevin"/>.</summary>
public sealed record MicrocanonicalSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="stepSize">ε, positive and finite: the length of a step in y, where x = S y.</param>
    /// <param name="decoherenceLength">L, positive, in the units of ε; +∞ never refreshes the direction. About the square root of the dimension where P is the target's covariance.</param>
    /// <param name="temperature">T, positive and finite; 1 samples the target itself.</param>
    /// <param name="preconditioner">P = S Sᵀ; the identity if null.</param>
    /// <param name="integrator">How a step is divided.</param>
    public MicrocanonicalSettings(
        double stepSize,
        double decoherenceLength,
        double temperature = 1,
        Preconditioner? preconditioner = null,
        IsokineticIntegrator integrator = IsokineticIntegrator.MinimalNorm)
    {
        RequireStep(stepSize, temperature);
        if (!(decoherenceLength > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(decoherenceLength), decoherenceLength, "A decoherence length must be positive.");
        }

        StepSize = stepSize;
        DecoherenceLength = decoherenceLength;
        Temperature = temperature;
        Preconditioner = preconditioner ?? Preconditioner.Identity;
        Integrator = integrator;
    }

    /// <summary>ε.</summary>
    public double StepSize { get; }

    /// <summary>L.</summary>
    public double DecoherenceLength { get; }

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>P.</summary>
    public Preconditioner Preconditioner { get; }

    /// <summary>How a step is divided.</summary>
    public IsokineticIntegrator Integrator { get; }

    internal static void RequireStep(double stepSize, double temperature)
    {
        if (!(stepSize > 0) || !double.IsFinite(stepSize))
        {
            throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "A step size must be positive and finite.");
        }

        if (!(temperature > 0) || !double.IsFinite(temperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A microcanonical kernel needs a positive, finite temperature.");
        }
    }
}
