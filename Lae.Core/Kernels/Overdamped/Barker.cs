using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The Barker proposal, preconditioned and tempered: in whitened coordinates z, with P = S Sᵀ and c(x) = Sᵀ ∇log π(x) / T, each coordinate of a random walk chooses its direction by
/// the gradient, and the proposal is accepted for each chain with probability min(1, eʳ),
/// <code>
///     w = √(2 h T) ξ,    z_i = w_i if u_i &lt; 1/(1 + exp(−w_i c_i(x))) else −w_i,    y = x + S z,    ξ ~ N(0, I), u ~ U(0, 1)
///     r = (log π(y) − log π(x))/T + Σ_i [ln(1 + exp(−z_i c_i(x))) − ln(1 + exp(z_i c_i(y)))]
/// </code>
/// The density of z is Π_i 2 φ(z_i; 2 h T) / (1 + exp(−z_i c_i(x))). Stationary law: π^{1/T}, exactly. h is that of MALA: the noise has covariance 2 h T P, and the mean move is h P ∇log π(x) as h → 0;
/// but it is bounded however steep the target, so that too long a step costs acceptance and not stability.
/// One gradient a step (the accepted state's is kept). A proposal whose log density or gradient is not finite is rejected and counted as divergent, as is an energy error above 1,000. Source: Livingstone and Zanella,
/// Journal of the Royal Statistical Society B 84 (2022), the Barker proposal in several dimensions; T and P by a change of coordinates.
/// Shapes: x, y, z, ξ, u, c are [chains, dimension], r is [chains]; noise leaves <c>xi</c>, <c>uniformSigns</c> (u) and <c>uniform</c> (of the acceptance).
/// </summary>
public static class Barker
{
    private static readonly ImmutableArray<string> NoiseNames = ["xi", "uniformSigns", "uniform"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="settings">Step size, temperature (positive), preconditioner; directions are chosen along the columns of its root.</param>
    /// <returns>A kernel that keeps π^{1/T} invariant.</returns>
    public static Kernel<LangevinState> Create(Target target, LangevinSettings settings)
    {
        if (settings.Temperature == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Temperature, "An acceptance ratio needs a positive temperature.");
        }

        settings.Preconditioner.RequireFits(target);
        return new Kernel<LangevinState>(
            "Barker", target.Dimension, target.DType, position => LangevinState.At(target, position), state => LangevinState.At(target, state.Position), Draw, Advance)
        {
            IsDivisible = !target.KnowsRowsByPlace,
        };

        Noise Draw(NoiseSource source) => new(
            source,
            NoiseNames,
            [source.Normal(0, target.Dimension, target.DType), source.Uniform(1, target.Dimension, target.DType), source.Uniform(2, target.DType)]);

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            Tensor w = noise[0] * Math.Sqrt(2 * settings.StepSize * settings.Temperature);
            Tensor chance = (w * WhitenedGradient(settings, state)).Sigmoid();
            Tensor z = Elementwise.Choose(Elementwise.Greater(chance, noise[1]), w, -w);
            LangevinState proposed = LangevinState.At(target, state.Position + settings.Preconditioner.ApplyRoot(z));
            return MetropolisAcceptance.Decide(LogAcceptanceRatio(settings, state, proposed, z), noise[2], proposed, state, gradientCount: 1);
        }
    }

    /// <summary>r of the formula above, for every chain.</summary>
    /// <param name="settings">Temperature and preconditioner (the step size does not enter).</param>
    /// <param name="from">x.</param>
    /// <param name="to">y.</param>
    /// <param name="z">The move in whitened coordinates, y = x + S z, [chains, dimension].</param>
    /// <returns>[chains]; not finite where a log density or gradient is not.</returns>
    public static Tensor LogAcceptanceRatio(LangevinSettings settings, LangevinState from, LangevinState to, Tensor z)
    {
        Tensor there = z * WhitenedGradient(settings, from);
        Tensor back = z * WhitenedGradient(settings, to);
        // softplus(−∞) is 0 and would hide an infinite gradient at y: 0 · ∞ does not
        Tensor directions = ((-there).Softplus() - back.Softplus() + (back * 0)).Sum(1);
        return Elementwise.ScaleAdd(1 / settings.Temperature, to.LogDensity - from.LogDensity, directions);
    }

    /// <summary>c(x) = Sᵀ ∇log π(x) / T.</summary>
    private static Tensor WhitenedGradient(LangevinSettings settings, LangevinState state) =>
        settings.Preconditioner.ApplyRootTransposed(state.Gradient) * (1 / settings.Temperature);
}
