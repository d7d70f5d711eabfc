using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>
/// The three parts of underdamped Langevin dynamics, dx = M⁻¹ p dt, dp = ∇log π(x) dt − γ p dt + √(2 γ T) R dW with M = R Rᵀ, each solved exactly over a time τ:
/// <code>
///     A, drift                  x' = x + τ M⁻¹ p
///     B, kick                   p' = p + τ ∇log π(x)
///     O, Ornstein–Uhlenbeck     p' = c p + √((1 − c²) T) R ξ,    c = exp(−γ τ),    ξ ~ N(0, I)
/// </code>
/// A and B keep volume, and O keeps N(0, T M) exactly. Source: Leimkuhler and Matthews, Applied Mathematics Research eXpress 2013 (34–56).
/// Shapes: x, p, ξ, ∇log π are [chains, dimension].
/// </summary>
public static class UnderdampedSubsteps
{
    /// <summary>A: the positions after a drift.</summary>
    /// <param name="position">x.</param>
    /// <param name="momentum">p.</param>
    /// <param name="mass">M.</param>
    /// <param name="time">τ.</param>
    /// <returns>x', [chains, dimension].</returns>
    public static Tensor Drift(Tensor position, Tensor momentum, MassMatrix mass, double time) => Elementwise.ScaleAdd(time, mass.Velocity(momentum), position);

    /// <summary>B: the momenta after a kick.</summary>
    /// <param name="momentum">p.</param>
    /// <param name="gradient">∇log π(x).</param>
    /// <param name="time">τ.</param>
    /// <returns>p', [chains, dimension].</returns>
    public static Tensor Kick(Tensor momentum, Tensor gradient, double time) => Elementwise.ScaleAdd(time, gradient, momentum);

    /// <summary>O: the momenta after friction and noise.</summary>
    /// <param name="momentum">p.</param>
    /// <param name="xi">ξ.</param>
    /// <param name="settings">Friction, temperature and mass (the step size does not enter).</param>
    /// <param name="time">τ, 0 or more.</param>
    /// <returns>p', [chains, dimension].</returns>
    public static Tensor OrnsteinUhlenbeck(Tensor momentum, Tensor xi, UnderdampedSettings settings, double time)
    {
        double c = Math.Exp(-settings.Friction * time);
        // 1 − c² = tanh(γτ)(1 + c²), which loses no digit at small γτ
        double noise = Math.Sqrt(Math.Tanh(settings.Friction * time) * (1 + (c * c)) * settings.Temperature);
        return Elementwise.ScaleAdd(noise, settings.Mass.ApplyRoot(xi), momentum * c);
    }

    /// <summary>Momenta of law N(0, T M).</summary>
    /// <param name="xi">ξ, standard normal.</param>
    /// <param name="settings">Temperature and mass.</param>
    /// <returns>[chains, dimension].</returns>
    public static Tensor ThermalMomentum(Tensor xi, UnderdampedSettings settings) => settings.Mass.ApplyRoot(xi) * Math.Sqrt(settings.Temperature);
}
