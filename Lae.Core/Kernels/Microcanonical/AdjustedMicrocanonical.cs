using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The Metropolis-adjusted microcanonical sampler (MAMS): a new direction, n steps Φ of the isokinetic motion (<see cref="IsokineticMotion"/>), and a test,
/// <code>
///     u = ξ/|ξ|,    (y, v) = Φⁿ(x, u),    accept y with probability min(1, e^(−ΔE)),
///     ΔE = (log π(x) − log π(y))/T + Σ ΔK,    n = N, or uniform on 1 … 2N − 1
/// </code>
/// Stationary law: π^{1/T}, exactly. Φⁿ is reversible under u → −u and e^(−ΣΔK) is its Jacobian determinant, so that for every n the kernel is reversible; n is drawn from noise alone.
/// A proposal that is not finite is rejected and counted as divergent, as is an energy error above 1,000. Gradients: those of n steps, 1 or 2 each; where chains draw n, a chain that has made its steps computes no more,
/// the extra <c>gradients</c>, [chains], is each chain's own count, and <see cref="StepInfo.GradientCount"/> is their mean, rounded up. Source: Robnik, Cohn-Gordon and Seljak, arXiv 2503.01707.
/// Shapes: x, y, ξ are [chains, dimension], ΔE, n are [chains]; noise leaves <c>xi</c>, <c>uniform</c> and, where n is drawn, <c>length</c>, uniform too.
/// </summary>
public static class AdjustedMicrocanonical
{
    private static readonly ImmutableArray<string> NoiseNames = ["xi", "uniform"];
    private static readonly ImmutableArray<string> RandomNoiseNames = ["xi", "uniform", "length"];
    private static readonly ImmutableArray<string> ExtraNames = ["gradients"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution, of 2 dimensions or more.</param>
    /// <param name="settings">Step size, number of steps, temperature, preconditioner, integrator.</param>
    /// <returns>A kernel that keeps π^{1/T} invariant.</returns>
    public static Kernel<LangevinState> Create(Target target, AdjustedMicrocanonicalSettings settings)
    {
        IsokineticMotion motion = new(target, settings.StepSize, settings.Temperature, settings.Preconditioner, settings.Integrator);
        return new Kernel<LangevinState>(
            "adjusted MCLMC", target.Dimension, target.DType, position => LangevinState.At(target, position), state => LangevinState.At(target, state.Position), Draw, Advance)
        {
            IsDivisible = !target.KnowsRowsByPlace,
        };

        Noise Draw(NoiseSource source)
        {
            Tensor xi = source.Normal(0, target.Dimension, target.DType);
            Tensor uniform = source.Uniform(1, target.DType);
            return new Noise(settings.RandomLength
                ? TensorTree.Of(RandomNoiseNames, [xi, uniform, source.Uniform(2, target.DType)])
                : TensorTree.Of(NoiseNames, [xi, uniform]));
        }

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            MicrocanonicalState start = new(state.Position, IsokineticMotion.Normalize(noise[0]), state.LogDensity, state.Gradient);
            int[]? lengths = settings.RandomLength ? [.. noise[2].ToArray().Select(Length)] : null;
            int gradients = (int)Math.Ceiling(motion.Gradients * (lengths?.Average() ?? settings.Steps));
            Trajectory end = lengths is null ? Trajectory.From(start).Move(motion, settings.Steps) : Trajectory.From(start).MoveEach(motion, lengths);
            Tensor energyChange = motion.EnergyChange(state.LogDensity, end.State.LogDensity, end.KineticChange);
            LangevinState proposed = new(end.State.Position, end.State.LogDensity, end.State.Gradient);
            Transition<LangevinState> next = MetropolisAcceptance.Decide(-energyChange, noise[1], proposed, state, gradients);
            if (lengths is null)
            {
                return next;
            }

            Tensor own = Tensor.FromArray([.. lengths.Select(n => (double)(n * motion.Gradients))]).Cast(target.DType).CopyTo(energyChange.Workspace);
            return next with { Info = next.Info with { Extras = TensorTree.Of(ExtraNames, [own]), ChainGradients = own } };
        }

        int Length(double u) => 1 + (int)(u * ((2 * settings.Steps) - 1));
    }

    /// <summary>Where trajectories stand, and the sum of their ΔK.</summary>
    private sealed record Trajectory(MicrocanonicalState State, Tensor KineticChange)
    {
        public static Trajectory From(MicrocanonicalState start) =>
            new(start, Tensor.Zeros(start.LogDensity.Shape, start.LogDensity.DType, start.LogDensity.Workspace));

        public Trajectory Move(IsokineticMotion motion, int steps)
        {
            Trajectory here = this;
            for (int i = 0; i < steps; i++)
            {
                (MicrocanonicalState state, Tensor change) = motion.Step(here.State);
                here = new Trajectory(state, here.KineticChange + change);
            }

            return here;
        }

        /// <summary>Every chain by its own number of steps: the longest first, so that those still under way are always the first rows.</summary>
        public Trajectory MoveEach(IsokineticMotion motion, int[] steps)
        {
            int[] order = [.. Enumerable.Range(0, steps.Length).OrderByDescending(row => steps[row])];
            Trajectory moving = Map(leaf => leaf.GatherRows(order));
            List<Trajectory> ended = [];
            int done = 0;
            for (int count = order.Length; count > 0;)
            {
                int next = steps[order[count - 1]];
                moving = moving.Move(motion, next - done);
                done = next;
                int going = count;
                while (going > 0 && steps[order[going - 1]] == done)
                {
                    going--;
                }

                ended.Add(moving.Rows(going, count - going));
                moving = moving.Rows(0, going);
                count = going;
            }

            ended.Reverse();
            int[] back = new int[order.Length];
            for (int i = 0; i < order.Length; i++)
            {
                back[order[i]] = i;
            }

            Tensor[] leaves = [.. Enumerable.Range(0, State.Layout.Count).Select(i => Shaping.Join(0, [.. ended.Select(part => part.State.Leaf(i))]))];
            return new Trajectory(State.WithLeaves(leaves), Shaping.Join(0, [.. ended.Select(part => part.KineticChange)])).Map(leaf => leaf.GatherRows(back));
        }

        private Trajectory Rows(int start, int count) => Map(leaf => leaf.Slice(0, start, count));

        private Trajectory Map(Func<Tensor, Tensor> function) => new(State.Map(function), function(KineticChange));
    }
}
