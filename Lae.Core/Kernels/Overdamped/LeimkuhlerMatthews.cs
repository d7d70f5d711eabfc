using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The Leimkuhler–Matthews method, preconditioned and tempered: the step of <see cref="UnadjustedLangevin"/> with the mean of two consecutive noises,
/// <code>
///     x_(n+1) = x_n + h P ∇log π(x_n) + √(h T / 2) P^{1/2} (ξ_n + ξ_(n+1)),    ξ ~ N(0, I)
/// </code>
/// Stationary law on a Gaussian with precision A (mean kept): covariance T A⁻¹ exactly, whatever h and P; Cov(x_n, ξ_n) = √(h T / 2) P^{1/2}; stable iff the largest
/// eigenvalue of P A is below 2/h. On other targets the bias of the position's law is of order h². It is BAOAB in the limit of high friction. One gradient a step.
/// Source: Leimkuhler and Matthews, Applied Mathematics Research eXpress 2013 (34–56), the limit of high friction of BAOAB.
/// Shapes: x, ξ, ∇log π are [chains, dimension]; noise leaf <c>xi</c>, which is ξ_(n+1).
/// </summary>
/// <remarks>
/// At the start ξ_0 = −√(h / (2T)) (P^{1/2})ᵀ ∇log π(x_0) + η with η ~ N(0, I). By Tweedie's formula that is the stationary E[ξ | x] where x has the law π^{1/T}, on every target: mean and covariance with
/// the position are then exact. The stationary law of what remains, on a Gaussian N(0, I − (h/2) (P^{1/2})ᵀ A P^{1/2}), would ask for the Hessian A, so that chains from the exact
/// law are in the stationary law up to that h/2: the first step's covariance is off by (h² T / 4) P A P. An independent ξ_0 would be off by h T P, in the first order.
/// </remarks>
public static class LeimkuhlerMatthews
{
    private static readonly ImmutableArray<string> NoiseNames = ["xi"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="settings">Step size, temperature, preconditioner.</param>
    /// <returns>A kernel that always moves; its law is that of π^{1/T} up to a bias of the order of the squared step size.</returns>
    public static Kernel<LeimkuhlerMatthewsState> Create(Target target, LangevinSettings settings)
    {
        settings.Preconditioner.RequireFits(target);
        double h = settings.StepSize;
        double t = settings.Temperature;
        Preconditioner p = settings.Preconditioner;
        return new Kernel<LeimkuhlerMatthewsState>(
            "Leimkuhler–Matthews",
            target.Dimension,
            target.DType,
            position => LeimkuhlerMatthewsState.At(target, position),
            state => LeimkuhlerMatthewsState.At(target, state.Position, state.CarriedNoise),
            source => new Noise(source, NoiseNames, [source.Normal(0, target.Dimension, target.DType)]),
            Advance,
            Thermalize)
        {
            IsDivisible = !target.KnowsRowsByPlace,
        };

        Transition<LeimkuhlerMatthewsState> Advance(Noise noise, LeimkuhlerMatthewsState state)
        {
            Tensor xi = noise[0];
            Tensor next = Elementwise.LangevinProposal(
                state.Position, h, p.Apply(state.Gradient), Math.Sqrt(h * t / 2), p.ApplyRoot(state.CarriedNoise + xi));
            return new Transition<LeimkuhlerMatthewsState>(LeimkuhlerMatthewsState.At(target, next, xi), StepInfo.Unadjusted);
        }

        LeimkuhlerMatthewsState Thermalize(NoiseSource source, LeimkuhlerMatthewsState state)
        {
            Tensor eta = source.Normal(0, target.Dimension, target.DType);
            // at temperature 0 no noise enters, whatever is carried
            return state with
            {
                CarriedNoise = t == 0 ? eta : Elementwise.ScaleAdd(-Math.Sqrt(h / (2 * t)), p.ApplyRootTransposed(state.Gradient), eta),
            };
        }
    }
}
