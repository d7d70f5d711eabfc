namespace Lae.Kernels;

/// <summary>
/// The constants of dynamics with a Nosé–Hoover thermostat, whose friction ζ follows the kinetic energy,
/// <code>
///     dζ = μ⁻¹ (pᵀ M⁻¹ p − d T) dt
/// </code>
/// so that noise of the gradients, of unknown size, is balanced by a friction that nobody has to set. In continuous time, with exact gradients, ζ ~ N(γ, T/μ), independent of x and p; with noisy gradients its mean
/// is what balances them. One friction balances noise whose covariance is a multiple of M: of other noise it balances the sum over the coordinates only, and leaves some too hot and others too cold.
/// </summary>
public sealed record ThermostatSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="friction">γ, 0 or more and finite, in units of inverse time: the noise that is injected is that of this friction.</param>
    /// <param name="temperature">T, 0 or more and finite; 1 samples the target itself.</param>
    /// <param name="thermalMass">μ, positive, +∞ to hold ζ = γ; the dimension d if null.</param>
    /// <param name="mass">M; the identity if null.</param>
    public ThermostatSettings(double friction, double temperature = 1, double? thermalMass = null, MassMatrix? mass = null)
    {
        Friction = StochasticDynamics.CheckedFriction(friction);
        Temperature = StochasticDynamics.CheckedTemperature(temperature);
        ThermalMass = thermalMass is null or > 0
            ? thermalMass
            : throw new ArgumentOutOfRangeException(nameof(thermalMass), thermalMass, "A thermal mass must be positive.");
        Mass = mass ?? MassMatrix.Identity;
    }

    /// <summary>γ.</summary>
    public double Friction { get; }

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>μ; null for the dimension.</summary>
    public double? ThermalMass { get; }

    /// <summary>M.</summary>
    public MassMatrix Mass { get; }
}
