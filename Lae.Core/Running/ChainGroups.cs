using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;

namespace Lae.Running;

/// <summary>
/// The chains of a run in groups of neighbouring rows, each moved by a thread of its own. Since what happens to a chain depends on its state, its number and the key alone (law R-6), every number of groups gives the same
/// bits; what a caller sees is put together in the order of the chains. One group computes on the calling thread, with all threads of the engine; where there are more groups than threads, a thread moves its groups in turn, a whole block each, so that
/// what a group touches can stay in the cache.
/// </summary>
/// <typeparam name="TState">The state type.</typeparam>
internal sealed class ChainGroups<TState> : IDisposable
    where TState : class, IKernelState<TState>
{
    private readonly Workspace heap;
    private readonly ChainGroup<TState>[] groups;
    private readonly GroupTeam? team;
    private readonly Action<int> work;
    private (Kernel<TState> Kernel, long Step, int Count, Keeping Keeping)? task;

    /// <param name="start">Where the run stands.</param>
    /// <param name="engine">Who computes.</param>
    /// <param name="count">How many groups, at least 1 and at most the number of chains.</param>
    public ChainGroups(RunState<TState> start, IEngine engine, int count)
        : this(start.State, start.Key, start.Chains, engine, count)
    {
    }

    /// <param name="state">The state of all chains, in any memory.</param>
    /// <param name="key">The key of the run.</param>
    /// <param name="chains">The chains, a row each.</param>
    /// <param name="engine">Who computes.</param>
    /// <param name="count">How many groups, at least 1 and at most the number of chains.</param>
    public ChainGroups(TState state, RandomKey key, Chains chains, IEngine engine, int count)
    {
        heap = Workspace.Unpooled(engine);
        groups = count == 1
            ? [new ChainGroup<TState>(state, key, chains, engine)]
            : [.. Enumerable.Range(0, count).Select(i => Group(First(i), First(i + 1)))];
        int members = Math.Min(count, engine.Threads);
        team = members == 1 ? null : new GroupTeam(members);
        work = member =>
        {
            for (int group = member; group < groups.Length; group += members)
            {
                groups[group].Advance(task!.Value.Kernel, task.Value.Step, task.Value.Count, task.Value.Keeping);
            }
        };

        int First(int group) => (int)((long)chains.Count * group / count);

        ChainGroup<TState> Group(int first, int end) => new(
            state.Map(leaf => leaf.Slice(0, first, end - first)),
            key,
            Chains.Of(chains.Ids[first..end].ToArray()),
            engine.WithThreads(1) ?? throw new ArgumentException($"An engine '{engine.Name}' with one thread is not to be had.", nameof(engine)));
    }

    /// <summary>How many groups.</summary>
    public int Count => groups.Length;

    /// <summary>What was kept of the last block: the number of transitions, which is the same for every group but after a failure, when those are left out that a group did not reach.</summary>
    public int KeptCount
    {
        get
        {
            int count = groups[0].Kept.Count;
            foreach (ChainGroup<TState> group in groups)
            {
                count = Math.Min(count, group.Kept.Count);
            }

            return count;
        }
    }

    /// <summary>The failure of the earliest transition; of those the one that all chains together would have met first. Null if all went well.</summary>
    public GroupFailure? Failure
    {
        get
        {
            // asked after every block, which may be a single transition: a query would leave more on the heap than the transition
            GroupFailure? first = null;
            foreach (ChainGroup<TState> group in groups)
            {
                if (group.Failure is { } failure && (first is null || (failure.Step, failure.Leaf).CompareTo((first.Step, first.Leaf)) < 0))
                {
                    first = failure;
                }
            }

            return first;
        }
    }

    /// <summary>Whether a run can be divided.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="state">A state of it.</param>
    /// <param name="engine">Who computes.</param>
    /// <returns>The most groups that make sense: 1 if there must be one.</returns>
    public static int Most(Kernel<TState> kernel, TState state, IEngine engine) => CanDivide(kernel, engine) ? Math.Min(engine.Threads, state.Position.Shape[0]) : 1;

    /// <summary>Whether a run can be divided into groups.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="engine">Who computes.</param>
    /// <returns>Whether rows are independent and the engine has others of one thread.</returns>
    public static bool CanDivide(Kernel<TState> kernel, IEngine engine) => kernel.IsDivisible && engine.WithThreads(1) is not null;

    /// <summary>Moves all chains by a block of transitions. Look at <see cref="Failure"/> afterwards.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="step">Transitions of the run done before.</param>
    /// <param name="count">How many to do.</param>
    /// <param name="keeping">Which transitions to keep.</param>
    public void Advance(Kernel<TState> kernel, long step, int count, Keeping keeping)
    {
        task = (kernel, step, count, keeping);
        if (team is null)
        {
            work(0);
        }
        else
        {
            team.Run(work);
        }
    }

    /// <summary>The number of transitions done when one was kept.</summary>
    /// <param name="kept">In [0, KeptCount).</param>
    /// <returns>The number.</returns>
    public long StepOf(int kept) => groups[0].Kept[kept].Step;

    /// <summary>A kept transition as it is handed out, where states are kept.</summary>
    /// <param name="kept">In [0, KeptCount).</param>
    /// <returns>All chains, in memory that no workspace takes back.</returns>
    public Draw DrawOf(int kept) => groups.Length == 1
        ? Draw.Detached(groups[0].Kept[kept].Step, groups[0].Kept[kept].State!.Position, groups[0].Kept[kept].Info, LogDensityOf(kept))
        : JoinedDraw(kept);

    /// <summary>A kept transition as it is lent, where states are kept: where there is one group, its own numbers.</summary>
    /// <param name="kept">In [0, KeptCount).</param>
    /// <returns>All chains, in memory that is good until the next block, or the end of these groups.</returns>
    public Draw LentDrawOf(int kept) => groups.Length == 1
        ? new Draw(groups[0].Kept[kept].Step, groups[0].Kept[kept].State!.Position, groups[0].Kept[kept].Info, LogDensityOf(kept))
        : JoinedDraw(kept);

    /// <summary>What happened to all chains in a kept transition, where states are not kept.</summary>
    /// <param name="kept">In [0, KeptCount).</param>
    /// <returns>The info, in memory that no workspace takes back.</returns>
    public StepInfo InfoOf(int kept) => groups.Length == 1 ? groups[0].Kept[kept].Info : JoinedInfos(kept);

    /// <summary>The state of all chains after a kept transition, where states are kept.</summary>
    /// <param name="kept">In [0, KeptCount).</param>
    /// <returns>A state in memory that no workspace takes back.</returns>
    public TState StateOf(int kept) => Joined(group => group.Kept[kept].State!);

    /// <summary>Where all chains are.</summary>
    /// <returns>A state in memory that no workspace takes back.</returns>
    public TState State() => Joined(group => group.State);

    /// <summary>Puts the chains where those of other groups are.</summary>
    /// <param name="other">The same chains in another number of groups.</param>
    public void TakeFrom(ChainGroups<TState> other)
    {
        if (groups.Length == 1)
        {
            groups[0].Place(Joined([.. other.groups.Select(part => part.State)], groups[0].Workspace));
            return;
        }

        TState whole = other.groups.Length == 1 ? other.groups[0].State : other.State();
        int first = 0;
        foreach (ChainGroup<TState> group in groups)
        {
            int rows = group.State.Position.Shape[0];
            int start = first;
            group.Place(whole.Map(leaf => leaf.Slice(0, start, rows).CopyTo(group.Workspace)));
            first += rows;
        }
    }

    /// <summary>Ends the threads, and takes all memory back.</summary>
    public void Dispose()
    {
        team?.Dispose();
        foreach (ChainGroup<TState> group in groups)
        {
            group.End();
        }
    }

    private Tensor? LogDensityOf(int kept) => groups[0].Kept[kept].State is IHasLogDensity { KnowsLogDensity: true } known ? known.LogDensity : null;

    // What joins groups has methods of its own: a closure is made where a method begins, and one group needs none.
    private Draw JoinedDraw(int kept) =>
        new(groups[0].Kept[kept].Step, JoinedPositions(kept), JoinedInfos(kept), LogDensityOf(kept) is null ? null : JoinedLogDensities(kept));

    private Tensor JoinedPositions(int kept) => Joined(group => group.Kept[kept].State!.Position);

    private Tensor JoinedLogDensities(int kept) => Joined(group => ((IHasLogDensity)group.Kept[kept].State!).LogDensity);

    private StepInfo JoinedInfos(int kept)
    {
        StepInfo first = groups[0].Kept[kept].Info;
        Tensor? own = groups.Any(group => group.Kept[kept].Info.ChainGradients is not null) ? Joined(group => group.Kept[kept].Info.ChainGradients ?? Full(group.Kept[kept].Info.GradientCount, group)) : null;
        return new StepInfo(
            own is null ? groups.Max(group => group.Kept[kept].Info.GradientCount) : StepInfo.MeanGradients(own),
            Quantity(info => info.AcceptanceProbability, 1),
            Quantity(info => info.Accepted, 1),
            Quantity(info => info.EnergyError, 0),
            Quantity(info => info.Divergent, 0),
            first.Extras is null ? null : TensorTree.Of(first.Extras.Select(extra => (extra.Key, Joined(group => group.Kept[kept].Info.Extras![extra.Key])))),
            own);

        // in a mixture the chains of a group may all have taken a kernel that does not decide, and those of another not
        Tensor? Quantity(Func<StepInfo, Tensor?> of, double without) =>
            groups.All(group => of(group.Kept[kept].Info) is null) ? null : Joined(group => of(group.Kept[kept].Info) ?? Full(without, group));
    }

    private static Tensor Full(double value, ChainGroup<TState> group) => Tensor.Full(value, new Shape(group.State.Position.Shape[0]), group.State.Position.DType);

    private TState Joined(Func<ChainGroup<TState>, TState> of) => Joined([.. groups.Select(of)], heap);

    private Tensor Joined(Func<ChainGroup<TState>, Tensor> of) => Joined([.. groups.Select(of)], heap);

    private static TState Joined(TState[] parts, Workspace workspace) =>
        parts[0].WithLeaves([.. Enumerable.Range(0, parts[0].Layout.Count).Select(leaf => Joined([.. parts.Select(part => part.Leaf(leaf))], workspace))]);

    private static Tensor Joined(Tensor[] parts, Workspace workspace)
    {
        if (parts.Length == 1)
        {
            return parts[0].CopyTo(workspace);
        }

        Tensor whole = Tensor.Uninitialized(workspace, parts[0].Shape.With(0, parts.Sum(part => part.Shape[0])), parts[0].DType);
        int next = 0;
        foreach (Tensor part in parts)
        {
            if (part.DType == DType.Float32)
            {
                part.AsSpan<float>().CopyTo(whole.Write<float>()[next..]);
            }
            else
            {
                part.AsSpan<double>().CopyTo(whole.Write<double>()[next..]);
            }

            next += part.Count;
        }

        return whole;
    }
}
