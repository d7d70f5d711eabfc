using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The leapfrog, or velocity Verlet, integrator:
/// <code>
///     p ← p + (h/2) ∇log π(x)
///     x ← x + h M⁻¹ p
///     p ← p + (h/2) ∇log π(x)
/// </code>
/// Symplectic, reversible, of second order. On log π = −ω² x²/2 with mass 1 it conserves p² + ω² (1 − h² ω²/4) x² exactly, and is stable iff h ω &lt; 2. One gradient a step: that of the
/// last kick is kept. Source: Duane, Kennedy, Pendleton and Roweth, Physics Letters B 195 (1987); Hairer, Lubich and Wanner, Acta Numerica 12 (2003).
/// </summary>
public static class Leapfrog
{
    /// <summary>The integrator as a value.</summary>
    public static Integrator Integrator { get; } = new("leapfrog", 1, Advance);

    /// <summary>One step.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="mass">M.</param>
    /// <param name="stepSize">h.</param>
    /// <param name="state">x, p [chains, dimension], with the gradient at x.</param>
    /// <returns>The state a time h later.</returns>
    public static PhasePoint Advance(Target target, MassMatrix mass, double stepSize, PhasePoint state)
    {
        double h = stepSize;
        Tensor p = Elementwise.ScaleAdd(h / 2, state.Gradient, state.Momentum);
        Tensor x = Elementwise.ScaleAdd(h, mass.Velocity(p), state.Position);
        LogDensityAndGradient at = target.Evaluate(x);
        return new PhasePoint(x, Elementwise.ScaleAdd(h / 2, at.Gradient, p), at.LogDensity, at.Gradient);
    }
}
