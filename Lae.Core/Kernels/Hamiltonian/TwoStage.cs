using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The two-stage integrator of least error, λ = 0.1931833275037836:
/// <code>
///     p ← p + λ h ∇log π(x)
///     x ← x + (h/2) M⁻¹ p
///     p ← p + (1 − 2λ) h ∇log π(x)
///     x ← x + (h/2) M⁻¹ p
///     p ← p + λ h ∇log π(x)
/// </code>
/// Symplectic, reversible, of second order. On log π = −ω² x²/2 with mass 1 and μ = 1 − 2λ it conserves p² (1 − μ h² ω²/4) + ω² x² (1 − λ (λ + μ) h² ω² + λ² μ h⁴ ω⁴/4) exactly, and is
/// stable iff h ω &lt; 2.5531. Two gradients a step, so compare it with two leapfrog steps of h/2. Source: McLachlan, SIAM Journal on Scientific Computing 16 (1995), section 4 (λ
/// minimises the leading error); Blanes, Casas and Sanz-Serna, SIAM Journal on Scientific Computing 36 (2014), for its use in sampling.
/// </summary>
public static class TwoStage
{
    private const double Lambda = 0.1931833275037836;

    /// <summary>The integrator as a value.</summary>
    public static Integrator Integrator { get; } = new("two-stage", 2, Advance);

    /// <summary>One step.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="mass">M.</param>
    /// <param name="stepSize">h.</param>
    /// <param name="state">x, p [chains, dimension], with the gradient at x.</param>
    /// <returns>The state a time h later.</returns>
    public static PhasePoint Advance(Target target, MassMatrix mass, double stepSize, PhasePoint state)
    {
        double h = stepSize;
        Tensor p = Elementwise.ScaleAdd(Lambda * h, state.Gradient, state.Momentum);
        Tensor x = Elementwise.ScaleAdd(h / 2, mass.Velocity(p), state.Position);
        p = Elementwise.ScaleAdd((1 - (2 * Lambda)) * h, target.Evaluate(x).Gradient, p);
        x = Elementwise.ScaleAdd(h / 2, mass.Velocity(p), x);
        LogDensityAndGradient at = target.Evaluate(x);
        return new PhasePoint(x, Elementwise.ScaleAdd(Lambda * h, at.Gradient, p), at.LogDensity, at.Gradient);
    }
}
