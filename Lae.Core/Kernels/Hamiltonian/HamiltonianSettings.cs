namespace Lae.Kernels;

/// <summary>The constants of a Hamiltonian kernel.</summary>
public sealed record HamiltonianSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="stepSize">h, positive and finite.</param>
    /// <param name="steps">L, integrator steps to a transition, 1 or more.</param>
    /// <param name="temperature">T, positive and finite; 1 samples the target itself.</param>
    /// <param name="mass">M; the identity if null.</param>
    /// <param name="integrator">The integrator; <see cref="Leapfrog"/> if null.</param>
    public HamiltonianSettings(double stepSize, int steps, double temperature = 1, MassMatrix? mass = null, Integrator? integrator = null)
    {
        RequirePositive(stepSize, nameof(stepSize));
        RequirePositive(temperature, nameof(temperature));
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        StepSize = stepSize;
        Steps = steps;
        Temperature = temperature;
        Mass = mass ?? MassMatrix.Identity;
        Integrator = integrator ?? Leapfrog.Integrator;
    }

    /// <summary>h.</summary>
    public double StepSize { get; }

    /// <summary>L.</summary>
    public int Steps { get; }

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>M.</summary>
    public MassMatrix Mass { get; }

    /// <summary>The integrator.</summary>
    public Integrator Integrator { get; }

    /// <summary>Gradients that the steps of a transition cost.</summary>
    public int Gradients => Steps * Integrator.GradientsPerStep;

    internal static void RequirePositive(double value, string name)
    {
        if (!(value > 0) || !double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be positive and finite.");
        }
    }
}
