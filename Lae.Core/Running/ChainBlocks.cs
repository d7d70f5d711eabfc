using System.Diagnostics;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;

namespace Lae.Running;

/// <summary>
/// How many transitions a block has, and in how many groups the chains go: chosen by the clock, which is free to choose since neither changes a bit. A block is to take some milliseconds, so that meeting costs little and a
/// cancellation is soon heard, and to keep no more than some megabytes. In a trial, blocks of one group and of all take turns; the faster number is kept, until the run has taken so many times as long that another trial costs
/// nothing: a machine that was busy with something else in the first one need not stay so.
/// </summary>
/// <typeparam name="TState">The state type.</typeparam>
internal sealed class ChainBlocks<TState> : IDisposable
    where TState : class, IKernelState<TState>
{
    private const int MostTransitions = 512;

    /// <summary>One group meets nobody, so that its blocks may be short: draws are handed out while they are in the first cache, and their objects are dead before the garbage collector would move them.</summary>
    private const int MostHandedOutOfOne = 16;
    private const long MostKeptBytes = 8 << 20;
    private const int FiguresOfInfo = 4;
    private const int TrialBlocks = 6;
    private const int LongerBeforeNextTrial = 16;
    private const int TransitionsBeforeTrial = 8;
    private static readonly TimeSpan BlockTime = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan TrialTime = TimeSpan.FromMilliseconds(1);

    private readonly RunState<TState> start;
    private readonly IEngine engine;
    private readonly int most;
    private readonly int mostKept;
    private readonly Keeping keeping;
    private TimeSpan fastestOfOne = TimeSpan.MaxValue;
    private TimeSpan fastestOfMost = TimeSpan.MaxValue;
    private ChainGroups<TState> groups;
    private ChainGroups<TState>? other;
    private int wanted;
    private int next = 1;
    private bool isFresh = true;
    private int trials;
    private long done;
    private TimeSpan taken;
    private TimeSpan nextTrial = TimeSpan.MaxValue;

    /// <param name="start">Where the run stands.</param>
    /// <param name="engine">Who computes.</param>
    /// <param name="most">How many groups there are to be, or at most.</param>
    /// <param name="isTrial">Whether fewer groups are tried.</param>
    /// <param name="keeping">Which transitions are kept.</param>
    public ChainBlocks(RunState<TState> start, IEngine engine, int most, bool isTrial, Keeping keeping)
    {
        this.keeping = keeping;
        this.start = start;
        this.engine = engine;
        this.most = most;
        long bytes = FiguresOfInfo * sizeof(double) * (long)start.Chains.Count;
        for (int i = 0; keeping.States && i < start.State.Layout.Count; i++)
        {
            Tensor leaf = start.State.Leaf(i);
            bytes += (long)(leaf.DType == DType.Float32 ? sizeof(float) : sizeof(double)) * leaf.Count;
        }

        mostKept = (int)Math.Clamp(MostKeptBytes / Math.Max(bytes, 1), 1, MostTransitions);
        trials = isTrial && most > 1 ? TrialBlocks : 0;
        wanted = trials > 0 ? 1 : most;
        groups = new ChainGroups<TState>(start, engine, wanted);
    }

    /// <summary>Does the next block.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="step">Transitions done before.</param>
    /// <param name="remaining">Transitions yet to do, 1 or more.</param>
    /// <returns>The chains, to read from until the next block, and how many transitions were done.</returns>
    public (ChainGroups<TState> Chains, int Count) Advance(Kernel<TState> kernel, long step, long remaining)
    {
        int count = (int)Math.Min(remaining, Math.Min(next, keeping.Every == 0 ? MostTransitions : Math.Min(MostTransitions, (long)(groups.Count == 1 ? Math.Min(MostHandedOutOfOne, mostKept) : mostKept) * keeping.Every)));
        if (groups.Count != wanted)
        {
            isFresh = other is null;
            (groups, other) = (other ?? new ChainGroups<TState>(start, engine, wanted), groups);
            groups.TakeFrom(other);
        }

        long before = Stopwatch.GetTimestamp();
        groups.Advance(kernel, step, count, keeping);
        TimeSpan time = Stopwatch.GetElapsedTime(before);
        TimeSpan aim = trials > 0 ? TrialTime : BlockTime;
        done += count;
        bool isWorthIt = (done >= TransitionsBeforeTrial || time / count > 10 * BlockTime) && (remaining - count) * (time / count) > 2 * BlockTime;
        taken += time;
        if (trials == 0 && taken > nextTrial && isWorthIt)
        {
            (trials, fastestOfOne, fastestOfMost) = (TrialBlocks, TimeSpan.MaxValue, TimeSpan.MaxValue);
        }
        else if (trials > 0 && (groups.Count > 1 || isWorthIt) && (time >= TrialTime / 2 || count >= MostTransitions))
        {
            Judge(time / count);
        }

        next = time < aim / 2 ? (int)Math.Min(2L * next, MostTransitions) : time > 2 * aim ? Math.Max(count / 2, 1) : next;
        return (groups, count);
    }

    /// <summary>Where all chains are.</summary>
    /// <returns>A state in memory that no workspace takes back.</returns>
    public TState State() => groups.State();

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        groups.Dispose();
        other?.Dispose();
    }

    /// <summary>Counts a block of the trial, but not the first of groups, whose memory is new: the other number of groups is next, and after the last block the faster.</summary>
    private void Judge(TimeSpan perTransition)
    {
        if (isFresh)
        {
            isFresh = false;
            return;
        }

        if (groups.Count == 1)
        {
            fastestOfOne = perTransition < fastestOfOne ? perTransition : fastestOfOne;
        }
        else
        {
            fastestOfMost = perTransition < fastestOfMost ? perTransition : fastestOfMost;
        }

        trials--;
        wanted = trials > 0 ? (groups.Count == 1 ? most : 1) : fastestOfMost < fastestOfOne ? most : 1;
        nextTrial = trials > 0 ? nextTrial : LongerBeforeNextTrial * taken;
    }
}
