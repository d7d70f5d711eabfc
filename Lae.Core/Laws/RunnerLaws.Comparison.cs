using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;
using Lae.Running;

namespace Lae.Laws;

/// <summary>The signature of a runner that keeps every thinned draw: laws are stated for any, so that a broken one can be put to them.</summary>
internal delegate RunResult<TState> Runner<TState>(
    Kernel<TState> kernel, RunState<TState> start, RunOptions options, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    where TState : class, IKernelState<TState>;

/// <content>Short runs, and their comparison bit for bit.</content>
public static partial class RunnerLaws
{
    private static Tensor Draws<TState>(Kernel<TState> kernel, Tensor position, RandomKey key, int transitions = Transitions, Chains? chains = null)
        where TState : class, IKernelState<TState> => Ran(kernel, position, key, transitions, chains).Positions();

    private static RunResult<TState> Ran<TState>(
        Kernel<TState> kernel, Tensor position, RandomKey key, int transitions = Transitions, Chains? chains = null, IEngine? engine = null, int groups = 1)
        where TState : class, IKernelState<TState>
    {
        // the start is computed where the position is: on the engine that is to be compared
        Tensor here = engine is null ? position : position.CopyTo(Workspace.Unpooled(engine));
        return ChainRunner.Run(kernel, RunState.Start(kernel, here, key, chains), new RunOptions(transitions, engine: engine, groups: groups));
    }

    private static Tensor EveryThird(Tensor draws) => draws.GatherRows([.. Enumerable.Range(0, draws.Shape[0] / Thinning).Select(i => (i * Thinning) + Thinning - 1)]);

    private static Tensor Copied(Tensor tensor) => tensor.CopyTo(Workspace.Default);

    /// <summary>A state that holds a tensor outside its layout loses it to the pool: that is a broken law, not an accident of the check.</summary>
    private static LawResult Guarded(string law, Func<LawResult> check)
    {
        try
        {
            return check();
        }
        catch (ObjectDisposedException lost)
        {
            return new LawResult(
                law, double.PositiveInfinity, 0, $"A tensor was used after the runner took its memory back: the state, or the kernel, holds one that the layout does not name. {lost.Message}");
        }
    }

    private static LawResult Bitwise(string law, Tensor actual, Tensor expected, string explanation) => new(law, Same(actual, expected) ? 0 : 1, 0, explanation);

    private static bool Same(Tensor a, Tensor b) => a.Shape == b.Shape && a.DType == b.DType
        && a.ToArray().Select(BitConverter.DoubleToInt64Bits).SequenceEqual(b.ToArray().Select(BitConverter.DoubleToInt64Bits));

    private static bool Same(StepInfo a, StepInfo b)
    {
        List<Tensor> ofA = [];
        List<Tensor> ofB = [];
        a.AddTo(ofA);
        b.AddTo(ofB);
        return a.GradientCount == b.GradientCount && ofA.Count == ofB.Count && ofA.Zip(ofB).All(pair => Same(pair.First, pair.Second));
    }

    private sealed class Ignored : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
        }
    }

    private sealed class CancelAfter(CancellationTokenSource source, long transitions) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.Done >= transitions)
            {
                source.Cancel();
            }
        }
    }
}
