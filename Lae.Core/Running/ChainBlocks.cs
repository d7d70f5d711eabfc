using System.Diagnostics;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;

namespace Lae.Running;

/// <summary>
/// How many transitions a block has, and in how many groups the chains go: chosen by the clock, which is free to choose since neither changes a bit. A block is to take some milliseconds, so that meeting costs little and a
/// cancellation is soon heard, and to keep no more than some megabytes. In a trial, a few blocks of one group and a few of a group for each thread take turns; the faster number is kept, until the run has taken so many times as long that another
/// trial costs nothing: a machine that was busy with something else in the first one need not stay so. Groups that fit into a core's cache take part from the second trial on, since new groups are new memory; there must be a clear gain.
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

    /// <summary>A transition touches its state some five times over, and half of a second-level cache of 1 MB is for that.</summary>
    private const long CachedStateBytes = 96 << 10;
    private const int TrialRounds = 2;

    /// <summary>In a round each number of groups has so many blocks in a row: a thread that waits for its next block longer than one of another number sleeps, and the first block then is that of its waking up.</summary>
    private const int BlocksInARow = 3;

    /// <summary>In the first milliseconds of a run threads are still being put on processors, and two of them may share one: that trial is soon gone over again.</summary>
    private const int LongerBeforeSecondTrial = 4;
    private const int LongerBeforeNextTrial = 16;
    private const int TransitionsBeforeTrial = 8;
    private const double LeastAdvantageOfMore = 1.06;
    private static readonly TimeSpan BlockTime = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan TrialTime = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan TimeBeforeOnlyTrial = TimeSpan.FromMilliseconds(100);

    private readonly RunState<TState> start;
    private readonly IEngine engine;
    private readonly int mostKept;
    private readonly Keeping keeping;
    private readonly Candidate[] candidates;
    private int current;
    private int wanted;
    private int next = 1;
    private int tried;
    private int trials;
    private long done;
    private TimeSpan taken;
    private TimeSpan nextTrial;
    private bool isDecided;

    /// <param name="start">Where the run stands.</param>
    /// <param name="engine">Who computes.</param>
    /// <param name="most">A group for each thread, or the number of groups that there are to be.</param>
    /// <param name="isTrial">Whether other numbers are tried.</param>
    /// <param name="isDivisible">Whether there may be more groups than threads.</param>
    /// <param name="keeping">Which transitions are kept.</param>
    public ChainBlocks(RunState<TState> start, IEngine engine, int most, bool isTrial, bool isDivisible, Keeping keeping)
    {
        this.keeping = keeping;
        this.start = start;
        this.engine = engine;
        long stateBytes = 0;
        for (int i = 0; i < start.State.Layout.Count; i++)
        {
            Tensor leaf = start.State.Leaf(i);
            stateBytes += (long)(leaf.DType == DType.Float32 ? sizeof(float) : sizeof(double)) * leaf.Count;
        }

        long keptBytes = (FiguresOfInfo * sizeof(double) * (long)start.Chains.Count) + (keeping.States ? stateBytes : 0);
        mostKept = (int)Math.Clamp(MostKeptBytes / Math.Max(keptBytes, 1), 1, MostTransitions);
        int cached = isDivisible ? (int)Math.Min(stateBytes / CachedStateBytes / most * most, start.Chains.Count) : 1;
        candidates = [.. (isTrial ? new[] { 1, most, Math.Max(cached, 1) } : [most]).Distinct().Select(count => new Candidate(count))];
        tried = Math.Min(candidates.Length, most > 1 ? 2 : 1);
        trials = tried > 1 ? TrialRounds * BlocksInARow * tried : 0;
        nextTrial = candidates.Length > 1 && tried == 1 ? TimeBeforeOnlyTrial : TimeSpan.MaxValue;
        candidates[0].Groups = new ChainGroups<TState>(start, engine, candidates[0].Count);
    }

    private ChainGroups<TState> Groups => candidates[current].Groups!;

    /// <summary>Does the next block.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="step">Transitions done before.</param>
    /// <param name="remaining">Transitions yet to do, 1 or more.</param>
    /// <returns>The chains, to read from until the next block, and how many transitions were done.</returns>
    public (ChainGroups<TState> Chains, int Count) Advance(Kernel<TState> kernel, long step, long remaining)
    {
        if (current != wanted)
        {
            ChainGroups<TState> before = Groups;
            candidates[wanted].Groups ??= new ChainGroups<TState>(start, engine, candidates[wanted].Count);
            current = wanted;
            Groups.TakeFrom(before);
            LetGo();
        }

        int mostOfBlock = keeping.Every == 0
            ? MostTransitions
            : (int)Math.Min(MostTransitions, (long)(Groups.Count == 1 ? Math.Min(MostHandedOutOfOne, mostKept) : mostKept) * keeping.Every);
        int count = (int)Math.Min(remaining, Math.Min(next, mostOfBlock));
        long began = Stopwatch.GetTimestamp();
        Groups.Advance(kernel, step, count, keeping);
        TimeSpan time = Stopwatch.GetElapsedTime(began);
        TimeSpan aim = trials > 0 ? TrialTime : BlockTime;
        done += count;
        taken += time;
        bool isWorthIt = (done >= TransitionsBeforeTrial || time / count > 10 * BlockTime) && (remaining - count) * (time / count) > candidates.Length * BlockTime;
        if (trials == 0 && taken > nextTrial && isWorthIt)
        {
            BeginTrial();
        }
        else if (trials > 0 && (current > 0 || isWorthIt) && (time >= TrialTime / 2 || count == MostTransitions || count == mostOfBlock))
        {
            Judge(time / count);
        }

        next = time < aim / 2 ? (int)Math.Min(2L * next, MostTransitions) : time > 2 * aim ? Math.Max(count / 2, 1) : next;
        return (Groups, count);
    }

    /// <summary>Where all chains are.</summary>
    /// <returns>A state in memory that no workspace takes back.</returns>
    public TState State() => Groups.State();

    /// <summary>Ends the threads, and takes the memory of all groups back.</summary>
    public void Dispose()
    {
        foreach (Candidate candidate in candidates)
        {
            candidate.Groups?.Dispose();
        }
    }

    private void BeginTrial()
    {
        tried = candidates.Length;
        trials = TrialRounds * BlocksInARow * tried;
        foreach (Candidate candidate in candidates)
        {
            candidate.Fastest = TimeSpan.MaxValue;
        }
    }

    /// <summary>Counts a block of the trial, but not the first of groups, whose memory is new: another number of groups is next, and after the last block the fastest.</summary>
    private void Judge(TimeSpan perTransition)
    {
        Candidate judged = candidates[current];
        if (!judged.IsWarm)
        {
            judged.IsWarm = true;
            return;
        }

        judged.Fastest = perTransition < judged.Fastest ? perTransition : judged.Fastest;
        wanted = --trials == 0 ? Best() : trials % BlocksInARow == 0 ? (current + 1) % tried : current;
        if (trials == 0)
        {
            nextTrial = (isDecided ? LongerBeforeNextTrial : LongerBeforeSecondTrial) * taken;
            isDecided = true;
            if (wanted == current)
            {
                LetGo();
            }
        }
    }

    /// <summary>The fastest number of groups; one of more groups than threads must be faster by more than what chance makes of a few short blocks.</summary>
    private int Best()
    {
        int best = 0;
        for (int i = 1; i < candidates.Length; i++)
        {
            double advantage = candidates[i].Count > engine.Threads ? LeastAdvantageOfMore : 1;
            if (candidates[i].Fastest < candidates[best].Fastest / advantage)
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>After a trial, ends the threads of what was slower, and leaves its memory.</summary>
    private void LetGo()
    {
        for (int i = 0; trials == 0 && i < candidates.Length; i++)
        {
            if (i != current)
            {
                candidates[i].Groups?.Dispose();
                candidates[i].Groups = null;
                candidates[i].IsWarm = false;
            }
        }
    }

    /// <summary>A number of groups that may be the fastest.</summary>
    private sealed class Candidate(int count)
    {
        public int Count => count;

        public ChainGroups<TState>? Groups { get; set; }

        public bool IsWarm { get; set; }

        public TimeSpan Fastest { get; set; } = TimeSpan.MaxValue;
    }
}
