namespace Lae.Kernels;

/// <summary>The constants of <see cref="AdjustedMicrocanonical"/>.</summary>
public sealed record AdjustedMicrocanonicalSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="stepSize">ε, positive and finite: the length of a step in y, where x = S y.</param>
    /// <param name="steps">N, the steps of a trajectory, or their mean; 1 or more. A trajectory of length N ε about the square root of the dimension is good where P is the target's covariance.</param>
    /// <param name="randomLength">Whether each chain draws the number of its steps from the uniform law on 1 … 2N − 1, in place of N, which may hit the period of a mode.</param>
    /// <param name="temperature">T, positive and finite; 1 samples the target itself.</param>
    /// <param name="preconditioner">P = S Sᵀ; the identity if null.</param>
    /// <param name="integrator">How a step is divided.</param>
    public AdjustedMicrocanonicalSettings(
        double stepSize,
        int steps,
        bool randomLength = true,
        double temperature = 1,
        Preconditioner? preconditioner = null,
        IsokineticIntegrator integrator = IsokineticIntegrator.MinimalNorm)
    {
        MicrocanonicalSettings.RequireStep(stepSize, temperature);
        if (steps is < 1 or > 1_000_000)
        {
            throw new ArgumentOutOfRangeException(nameof(steps), steps, "A trajectory has 1 to 1,000,000 steps.");
        }

        StepSize = stepSize;
        Steps = steps;
        RandomLength = randomLength;
        Temperature = temperature;
        Preconditioner = preconditioner ?? Preconditioner.Identity;
        Integrator = integrator;
    }

    /// <summary>ε.</summary>
    public double StepSize { get; }

    /// <summary>N.</summary>
    public int Steps { get; }

    /// <summary>Whether each chain draws the number of its steps.</summary>
    public bool RandomLength { get; }

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>P.</summary>
    public Preconditioner Preconditioner { get; }

    /// <summary>How a step is divided.</summary>
    public IsokineticIntegrator Integrator { get; }
}
