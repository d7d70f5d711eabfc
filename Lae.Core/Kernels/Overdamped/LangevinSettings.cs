namespace Lae.Kernels;

/// <summary>The constants of an overdamped Langevin kernel.</summary>
public sealed record LangevinSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="stepSize">h, positive and finite.</param>
    /// <param name="temperature">T, 0 or more and finite; 1 samples the target itself, 0 descends.</param>
    /// <param name="preconditioner">P; the identity if null.</param>
    public LangevinSettings(double stepSize, double temperature = 1, Preconditioner? preconditioner = null)
    {
        if (!(stepSize > 0) || !double.IsFinite(stepSize))
        {
            throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "A step size must be positive and finite.");
        }

        if (!(temperature >= 0) || !double.IsFinite(temperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature must be 0 or more and finite.");
        }

        StepSize = stepSize;
        Temperature = temperature;
        Preconditioner = preconditioner ?? Preconditioner.Identity;
    }

    /// <summary>h.</summary>
    public double StepSize { get; }

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>P.</summary>
    public Preconditioner Preconditioner { get; }
}
