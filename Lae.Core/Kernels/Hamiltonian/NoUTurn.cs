using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The no-U-turn sampler (NUTS) in its multinomial form: from a fresh momentum p = √T R ξ, M = R Rᵀ, a leapfrog trajectory is doubled forwards or backwards at random until it turns, and one of its leaves is
/// chosen, with weights
/// <code>
///     w = e^(−(H − H₀)/T),    H(x, p) = −log π(x) + pᵀ M⁻¹ p/2
/// </code>
/// within a doubling in proportion to w, and between the old trajectory and its doubling the latter with probability min(1, W_new/W_old) (biased progressive sampling). When it turns is
/// said by <see cref="TurningCriterion"/>, how it grows by <see cref="NoUTurnTrajectories"/>. Stationary law: π^{1/T}, exactly.
/// </summary>
/// <remarks>
/// All chains that are still at work take one leapfrog step together, each in its own doubling, so that a transition takes as many evaluations of the target as the longest trajectory has leaves. A
/// chain costs one gradient for each leaf: Extras have <c>leapfrogs</c> and <c>treeDepth</c> (doublings completed), [chains]; GradientCount is the mean over the chains, rounded up. AcceptanceProbability is the mean of
/// min(1, e^(−Δ/T)) over the leaves reached, which step sizes are adapted by; Accepted whether the chain moved; EnergyError (H − H₀)/T of the chosen leaf; Divergent whether the trajectory ended at a
/// leaf with (H − H₀)/T above 1000 or not finite. Sources: Hoffman and Gelman, Journal of Machine Learning Research 15 (2014); Betancourt, arXiv 1701.02434 (2017), appendix A; without recursion as in Phan, Pradhan and
/// Jankowiak, arXiv 1912.11554 (2019), appendix A. Shapes: x, p, ξ are [chains, dimension]; noise leaves <c>xi</c>, <c>uniformDirection</c> and <c>uniformDoubling</c> [chains, maxDepth], <c>seed</c> [chains, 2] (the
/// key of the choices within a doubling).
/// </remarks>
public static class NoUTurn
{
    private static readonly ImmutableArray<string> NoiseNames = ["xi", "uniformDirection", "uniformDoubling", "seed"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="settings">Step size, most doublings, temperature, mass.</param>
    /// <returns>A kernel that keeps π^{1/T} invariant.</returns>
    public static Kernel<LangevinState> Create(Target target, NoUTurnSettings settings) => Create(target, settings, NoUTurnRules.Correct);

    internal static Kernel<LangevinState> Create(Target target, NoUTurnSettings settings, NoUTurnRules rules)
    {
        settings.Mass.RequireFits(target);
        HamiltonianSettings step = new(settings.StepSize, 1, settings.Temperature, settings.Mass);
        return new Kernel<LangevinState>(
            "NUTS", target.Dimension, target.DType, position => LangevinState.At(target, position), state => LangevinState.At(target, state.Position), Draw, Advance)
        {
            IsDivisible = !target.KnowsRowsByPlace,
        };

        Noise Draw(NoiseSource source) => new(
            source,
            NoiseNames,
            [
                source.Normal(0, target.Dimension, target.DType), source.Uniform(1, settings.MaxDepth, target.DType),
                source.Uniform(2, settings.MaxDepth, target.DType), source.Uniform(3, 2, target.DType),
            ]);

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            PhasePoint from = new(state.Position, HamiltonianDynamics.Momentum(step, noise[0]), state.LogDensity, state.Gradient);
            NoUTurnTrajectories trajectories = new(settings, rules, new NoUTurnNoise(noise[1], noise[2], noise[3]), from);
            while (trajectories.AreGrowing)
            {
                trajectories.Add(HamiltonianDynamics.Integrate(target, step, trajectories.Frontier));
            }

            return trajectories.End();
        }
    }
}
