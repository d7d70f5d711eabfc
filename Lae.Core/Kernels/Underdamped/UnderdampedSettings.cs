namespace Lae.Kernels;

/// <summary>The constants of an underdamped Langevin kernel.</summary>
public sealed record UnderdampedSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="stepSize">h, positive and finite.</param>
    /// <param name="friction">γ, 0 or more and finite, in units of 1/time; 0 leaves the energy alone.</param>
    /// <param name="temperature">T, 0 or more and finite; 1 samples the target itself, 0 descends with momentum.</param>
    /// <param name="mass">M; the identity if null.</param>
    public UnderdampedSettings(double stepSize, double friction = 1, double temperature = 1, MassMatrix? mass = null)
    {
        if (!(stepSize > 0) || !double.IsFinite(stepSize))
        {
            throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "A step size must be positive and finite.");
        }

        if (!(friction >= 0) || !double.IsFinite(friction))
        {
            throw new ArgumentOutOfRangeException(nameof(friction), friction, "A friction must be 0 or more and finite.");
        }

        if (!(temperature >= 0) || !double.IsFinite(temperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature must be 0 or more and finite.");
        }

        StepSize = stepSize;
        Friction = friction;
        Temperature = temperature;
        Mass = mass ?? MassMatrix.Identity;
    }

    /// <summary>h.</summary>
    public double StepSize { get; }

    /// <summary>γ.</summary>
    public double Friction { get; }

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>M.</summary>
    public MassMatrix Mass { get; }
}
