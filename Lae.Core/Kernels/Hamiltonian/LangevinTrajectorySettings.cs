namespace Lae.Kernels;

/// <summary>The constants of a Hamiltonian kernel with friction.</summary>
public sealed record LangevinTrajectorySettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="hamiltonian">Step size, steps, temperature, mass, integrator.</param>
    /// <param name="friction">γ, 0 or more, per unit of time; infinite friction forgets the momentum at once.</param>
    public LangevinTrajectorySettings(HamiltonianSettings hamiltonian, double friction)
    {
        if (!(friction >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(friction), friction, "A friction must be 0 or more.");
        }

        Hamiltonian = hamiltonian;
        Friction = friction;
    }

    /// <summary>Step size, steps, temperature, mass, integrator.</summary>
    public HamiltonianSettings Hamiltonian { get; }

    /// <summary>γ.</summary>
    public double Friction { get; }

    /// <summary>c = e^(−γ t), the share of the momentum that a time t leaves.</summary>
    /// <param name="time">t, positive.</param>
    /// <returns>In [0, 1].</returns>
    internal double Persistence(double time) => Math.Exp(-Friction * time);
}
