using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>Kernels and runners with one bug each that breaks a runner law.</summary>
internal static class RunnerMutants
{
    /// <summary>Noise from a counter that nobody sees.</summary>
    public static Kernel<LangevinState> HiddenCounter(Target target, LangevinSettings settings)
    {
        long calls = 0;
        return Unadjusted(target, settings, source => new NoiseSource(RandomKey.FromSeed(1), calls++, source.Chains, Workspace.Default).Normal(0, target.Dimension, target.DType));
    }

    /// <summary>The same noise for every seed.</summary>
    public static Kernel<LangevinState> KeyIgnored(Target target, LangevinSettings settings) => Unadjusted(
        target, settings, source => new NoiseSource(RandomKey.FromSeed(1), source.Step, source.Chains, Workspace.Default).Normal(0, target.Dimension, target.DType));

    /// <summary>Draws by the number of transitions that it remembers to have done, which is the step only where drawing and advancing alternate.</summary>
    public static Kernel<LangevinState> DrawsByItsAdvances(Target target, LangevinSettings settings)
    {
        long done = 0;
        Kernel<LangevinState> correct = UnadjustedLangevin.Create(target, settings);
        return With(
            correct,
            initialize: position =>
            {
                done = 0;
                return correct.Initialize(position);
            },
            draw: source => correct.DrawNoise(new NoiseSource(RandomKey.FromSeed(1), done, source.Chains, Workspace.Default)),
            advance: (noise, state) =>
            {
                done++;
                return correct.Advance(noise, state);
            });
    }

    /// <summary>Noise by the row, not by the number of the chain.</summary>
    public static Kernel<LangevinState> NoiseByRow(Target target, LangevinSettings settings) => Unadjusted(
        target, settings, source => new NoiseSource(RandomKey.FromSeed(1), source.Step, Chains.Range(source.Chains.Count), Workspace.Default).Normal(0, target.Dimension, target.DType));

    /// <summary>A target whose rows look at the mean of all rows.</summary>
    public static Target Coupled(Target target) => Target.FromGradient(
        target.Dimension, x => target.Evaluate(x) is var at ? at with { Gradient = at.Gradient - (1e-3 * x.Mean(0, keepAxis: true)) } : at, target.DType, "coupled");

    /// <summary>One decision for all chains.</summary>
    public static Kernel<LangevinState> AcceptsTheBatch(Target target, LangevinSettings settings)
    {
        Kernel<LangevinState> correct = MetropolisLangevin.Create(target, settings);
        return With(correct, advance: (noise, state) =>
        {
            Transition<LangevinState> proposed = correct.Advance(new Noise(noise.Leaves.With("uniform", noise[1] * 0)), state);
            Tensor ratio = (-proposed.Info.EnergyError!).Mean(0, keepAxis: true).BroadcastTo(noise[1].Shape);
            Tensor uniform = noise[1].Slice(0, 0, 1).BroadcastTo(noise[1].Shape);
            return MetropolisAcceptance.Decide(ratio, uniform, proposed.State, state, 1);
        });
    }

    /// <summary>Evaluates its target twice, and says once.</summary>
    public static Func<Target, Kernel<LangevinState>> TwoGradients(LangevinSettings settings) => target =>
    {
        Kernel<LangevinState> correct = MetropolisLangevin.Create(target, settings);
        return With(correct, advance: (noise, state) => correct.Advance(noise, correct.Refresh(state)));
    };

    /// <summary>Says that it costs nothing.</summary>
    public static Func<Target, Kernel<LangevinState>> SaysNoGradient(LangevinSettings settings) => target =>
    {
        Kernel<LangevinState> correct = MetropolisLangevin.Create(target, settings);
        return With(correct, advance: (noise, state) => correct.Advance(noise, state) is var next ? next with { Info = next.Info with { GradientCount = 0 } } : next);
    };

    /// <summary>Compares so that a NaN is accepted: not (ln u ≥ r).</summary>
    public static Func<Target, Kernel<LangevinState>> AcceptsNaN(LangevinSettings settings) => Deciding(
        settings, (ratio, uniform) => 1 - Elementwise.Greater(uniform.Log(), ratio));

    /// <summary>Compares ln u with r and nothing more: +∞ is accepted.</summary>
    public static Func<Target, Kernel<LangevinState>> AcceptsPlusInfinity(LangevinSettings settings) => Deciding(
        settings, (ratio, uniform) => Elementwise.Greater(ratio, uniform.Log()));

    /// <summary>Rejects what is not finite and tells nobody.</summary>
    public static Func<Target, Kernel<LangevinState>> CountsNoDivergence(LangevinSettings settings) => target =>
    {
        Kernel<LangevinState> correct = MetropolisLangevin.Create(target, settings);
        return With(correct, advance: (noise, state) => correct.Advance(noise, state) is var next ? next with { Info = next.Info with { Divergent = next.Info.Divergent! * 0 } } : next);
    };

    /// <summary>Puts 0 wherever something is not finite.</summary>
    public static Func<Target, Kernel<LangevinState>> HidesNaN(LangevinSettings settings) => target =>
    {
        Kernel<LangevinState> correct = UnadjustedLangevin.Create(target, settings);
        static Tensor Clean(Tensor x) => Elementwise.Choose(x.IsFinite(), x, Tensor.Zeros(x.Shape, x.DType));
        return With(
            correct,
            initialize: position => correct.Initialize(position).Map(Clean),
            advance: (noise, state) => correct.Advance(noise, state) is var next ? next with { State = next.State.Map(Clean) } : next);
    };

    /// <summary>Works in place.</summary>
    public static Kernel<LangevinState> WritesIntoItsState(Target target, LangevinSettings settings)
    {
        Kernel<LangevinState> correct = UnadjustedLangevin.Create(target, settings);
        return With(correct, advance: (noise, state) =>
        {
            Transition<LangevinState> next = correct.Advance(noise, state);
            next.State.Position.Read<double>().CopyTo(state.Position.Write<double>());
            return next;
        });
    }

    /// <summary>Scales its noise in place.</summary>
    public static Kernel<LangevinState> WritesIntoItsNoise(Target target, LangevinSettings settings)
    {
        Kernel<LangevinState> correct = UnadjustedLangevin.Create(target, settings);
        return With(correct, advance: (noise, state) =>
        {
            Transition<LangevinState> next = correct.Advance(noise, state);
            noise[0].Write<double>()[0] *= 2;
            return next;
        });
    }

    /// <summary>A velocity that the layout does not name: lost whenever a state is taken apart.</summary>
    public static Kernel<ForgetfulState> LacksALeaf(Target target) => Momentum<ForgetfulState>(target, (position, velocity) => new ForgetfulState(position, velocity.Detach()));

    /// <summary>The same, with the velocity in memory that the runner takes back.</summary>
    public static Kernel<ForgetfulState> LosesALeaf(Target target) => Momentum<ForgetfulState>(target, (position, velocity) => new ForgetfulState(position, velocity));

    /// <summary>Two leaves of one name.</summary>
    public static Kernel<AmbiguousState> SameNames(Target target) => Momentum<AmbiguousState>(target, (position, velocity) => new AmbiguousState(position, velocity));

    /// <summary>Numbers the transitions from the start of the run.</summary>
    public static RunResult<LangevinState> CountsFromTheRun(
        Kernel<LangevinState> kernel, RunState<LangevinState> start, RunOptions options, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        RunResult<LangevinState> run = ChainRunner.Run(kernel, start with { Step = 0 }, options, progress, cancellation);
        return run with { Final = run.Final with { Step = start.Step + run.Final.Step } };
    }

    /// <summary>Counts every kth draw from the start of the run.</summary>
    public static RunResult<LangevinState> ThinsAnew(
        Kernel<LangevinState> kernel, RunState<LangevinState> start, RunOptions options, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        RunResult<LangevinState> run = ChainRunner.Run(kernel, start, new RunOptions(options.Transitions, 1, options.Engine), progress, cancellation);
        return run with { Draws = [.. run.Draws.Where((_, i) => (i + 1) % options.Thinning == 0)] };
    }

    /// <summary>Uses up a transition for each report.</summary>
    public static RunResult<LangevinState> DrawsForProgress(
        Kernel<LangevinState> kernel, RunState<LangevinState> start, RunOptions options, IProgress<RunProgress>? progress, CancellationToken cancellation) =>
        ChainRunner.Run(kernel, progress is null ? start : start with { Step = start.Step + 1 }, options, progress, cancellation);

    /// <summary>Drops the draw during which it was cancelled.</summary>
    public static RunResult<LangevinState> LosesTheLastDraw(
        Kernel<LangevinState> kernel, RunState<LangevinState> start, RunOptions options, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        RunResult<LangevinState> run = ChainRunner.Run(kernel, start, options, progress, cancellation);
        return run.Completed ? run : run with { Draws = [.. run.Draws.SkipLast(1)] };
    }

    private static Func<Target, Kernel<LangevinState>> Deciding(LangevinSettings settings, Func<Tensor, Tensor, Tensor> accepts) => target =>
    {
        Kernel<LangevinState> correct = MetropolisLangevin.Create(target, settings);
        return With(correct, advance: (noise, state) =>
        {
            LangevinState proposed = LangevinState.At(target, UnadjustedLangevin.Propose(settings, state, noise[0]));
            Tensor ratio = MetropolisLangevin.LogAcceptanceRatio(settings, state, proposed);
            Transition<LangevinState> right = MetropolisAcceptance.Decide(ratio, noise[1], proposed, state, 1);
            return right with { State = StateOperations.ChooseRows(accepts(ratio, noise[1]), proposed, state) };
        });
    };

    private static Kernel<LangevinState> Unadjusted(Target target, LangevinSettings settings, Func<NoiseSource, Tensor> draw) =>
        With(UnadjustedLangevin.Create(target, settings), draw: source => new Noise(TensorTree.Of(("xi", draw(source)))));

    private static Kernel<LangevinState> With(
        Kernel<LangevinState> correct,
        Func<Tensor, LangevinState>? initialize = null,
        Func<NoiseSource, Noise>? draw = null,
        Func<Noise, LangevinState, Transition<LangevinState>>? advance = null) =>
        new("mutant", correct.Dimension, correct.DType, initialize ?? correct.Initialize, correct.Refresh, draw ?? correct.DrawNoise, advance ?? correct.Advance);

    private static Kernel<TState> Momentum<TState>(Target target, Func<Tensor, Tensor, TState> make)
        where TState : class, IKernelState<TState>, IMomentumState
    {
        return new Kernel<TState>(
            "momentum", target.Dimension, target.DType,
            position => make(position, Tensor.Zeros(position.Shape, position.DType)),
            state => state,
            source => new Noise(TensorTree.Of(("xi", source.Normal(0, target.Dimension, target.DType)))),
            (noise, state) =>
            {
                Tensor velocity = 0.9 * state.Velocity + 0.1 * target.Evaluate(state.Position).Gradient + 0.1 * noise[0];
                return new Transition<TState>(make(state.Position + 0.1 * velocity, velocity), StepInfo.Unadjusted);
            });
    }

    /// <summary>A state with a velocity.</summary>
    internal interface IMomentumState
    {
        Tensor Velocity { get; }
    }

    /// <summary>Its layout names the position only.</summary>
    internal sealed record ForgetfulState(Tensor Position, Tensor Velocity) : IKernelState<ForgetfulState>, IMomentumState
    {
        public IReadOnlyList<StateLeaf> Layout { get; } = [new("position", LeafRole.Coordinate)];

        public Tensor Leaf(int index) => Position;

        public ForgetfulState WithLeaves(IReadOnlyList<Tensor> leaves) => new(leaves[0], Tensor.Zeros(leaves[0].Shape, leaves[0].DType));
    }

    /// <summary>Its layout gives both leaves one name.</summary>
    internal sealed record AmbiguousState(Tensor Position, Tensor Velocity) : IKernelState<AmbiguousState>, IMomentumState
    {
        public IReadOnlyList<StateLeaf> Layout { get; } = [new("position", LeafRole.Coordinate), new("position", LeafRole.Coordinate)];

        public Tensor Leaf(int index) => index == 0 ? Position : Velocity;

        public AmbiguousState WithLeaves(IReadOnlyList<Tensor> leaves) => new(leaves[0], leaves[1]);
    }
}
