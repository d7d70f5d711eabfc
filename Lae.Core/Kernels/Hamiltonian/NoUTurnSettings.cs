namespace Lae.Kernels;

/// <summary>The constants of the no-U-turn sampler.</summary>
public sealed record NoUTurnSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="stepSize">h, positive and finite.</param>
    /// <param name="maxDepth">The most doublings, in [1, 20]: a transition costs less than 2^maxDepth gradients.</param>
    /// <param name="temperature">T, positive and finite; 1 samples the target itself.</param>
    /// <param name="mass">M; the identity if null.</param>
    public NoUTurnSettings(double stepSize, int maxDepth = 10, double temperature = 1, MassMatrix? mass = null)
    {
        HamiltonianSettings.RequirePositive(stepSize, nameof(stepSize));
        HamiltonianSettings.RequirePositive(temperature, nameof(temperature));
        if (maxDepth is < 1 or > 20)
        {
            throw new ArgumentOutOfRangeException(nameof(maxDepth), maxDepth, "Must be in [1, 20].");
        }

        StepSize = stepSize;
        MaxDepth = maxDepth;
        Temperature = temperature;
        Mass = mass ?? MassMatrix.Identity;
    }

    /// <summary>h.</summary>
    public double StepSize { get; }

    /// <summary>The most doublings.</summary>
    public int MaxDepth { get; }

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>M.</summary>
    public MassMatrix Mass { get; }
}
