using System.Globalization;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

namespace Lae.Laws;

/// <summary>
/// Laws of running any kernel, all bit for bit: same seed, run n then m, serialise and go on, thinning, independence of chains and of
/// threads, gradients counted, NaN refused, immutability. Whoever writes a kernel puts it to all of them with
/// <see cref="All{TState}(Func{Target, Kernel{TState}}, Target, Tensor, RandomKey, int, IReadOnlyList{IEngine})"/>.
/// </summary>
public static partial class RunnerLaws
{
    private const int Transitions = 12;
    private const int Early = 5;
    private const int Thinning = 3;

    /// <summary>Every runner law that can be put to a kernel as a black box.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension], at least two chains.</param>
    /// <param name="key">The key of the runs.</param>
    /// <param name="engines">Engines of one kind with different numbers of threads, on all of which the draws must agree; with none or one, R-7 is left out.</param>
    /// <returns>One result for each law.</returns>
    public static IReadOnlyList<LawResult> All<TState>(Kernel<TState> kernel, Tensor position, RandomKey key, params IReadOnlyList<IEngine> engines)
        where TState : class, IKernelState<TState> =>
    [
        SameSeed(kernel, position, key),
        DifferentSeeds(kernel, position, key),
        Continuation(kernel, position, key),
        Serialisation(kernel, position, key),
        ThinnedDraws(kernel, position, key),
        ThinCombinator(kernel, position, key),
        ChainIndependence(kernel, position, key),
        OneAtATime(kernel, position, key),
        .. engines.Count < 2 ? [] : (LawResult[])[ThreadIndependence(kernel, position, key, engines)],
        ProgressIsSilent(kernel, position, key),
        CancellationKeepsDraws(kernel, position, key),
        Immutability(kernel, position, key),
        CachesFollow(kernel, position, key),
    ];

    /// <summary>R-1: the same seed gives the same draws.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult SameSeed<TState>(Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> =>
        Guarded("R-1 same seed", () => Bitwise(
            "R-1 same seed", Draws(kernel, position, key), Draws(kernel, position, key), "Two runs of one seed differ: randomness comes from outside the key."));

    /// <summary>R-1: different seeds give different draws.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult DifferentSeeds<TState>(Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => Guarded("R-1 different seeds", () =>
    {
        bool same = Same(Draws(kernel, position, key), Draws(kernel, position, key.FoldIn(1)));
        return new LawResult("R-1 different seeds", same ? 1 : 0, 0, "Two seeds give the same draws: the key is not used.");
    });

    /// <summary>R-2: n transitions and then m are n + m.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Continuation<TState>(Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => Continuation(ChainRunner.Run, kernel, position, key);

    internal static LawResult Continuation<TState>(Runner<TState> run, Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => Guarded("R-2 run n then m", () =>
    {
        RunResult<TState> first = run(kernel, RunState.Start(kernel, position, key), new RunOptions(Early, groups: 1));
        RunResult<TState> second = run(kernel, first.Final, new RunOptions(Transitions - Early, groups: 1));
        return Bitwise(
            "R-2 run n then m", Shaping.Join(0, [first.Positions(), second.Positions()]), Draws(kernel, position, key),
            "Going on is not the same as never having stopped: the state lacks something, or noise depends on where the run began.");
    });

    /// <summary>R-3: writing the state out, reading it in and going on changes nothing.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Serialisation<TState>(Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => Guarded("R-3 serialise and go on", () =>
    {
        RunResult<TState> first = ChainRunner.Run(kernel, RunState.Start(kernel, position, key), new RunOptions(Early, groups: 1));
        TensorTree written = first.Final.State.ToTree().Map(Copied);
        TState read = kernel.Initialize(position).FromTree(written);
        RunState<TState> resumed = new(read, first.Final.Step, RandomKey.FromValue(first.Final.Key.Value), Chains.Of(first.Final.Chains.Ids.ToArray()));
        RunResult<TState> second = ChainRunner.Run(kernel, resumed, new RunOptions(Transitions - Early, groups: 1));
        return Bitwise(
            "R-3 serialise and go on", Shaping.Join(0, [first.Positions(), second.Positions()]), Draws(kernel, position, key),
            "A state that was written and read goes on differently: a leaf is missing from its layout.");
    });

    /// <summary>R-4: thinning by k keeps every kth draw.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult ThinnedDraws<TState>(Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => ThinnedDraws(ChainRunner.Run, kernel, position, key);

    internal static LawResult ThinnedDraws<TState>(Runner<TState> run, Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => Guarded("R-4 thinning", () =>
    {
        // in two runs, neither a multiple of the thinning: draws are counted from the start of the chain, not of the run
        RunResult<TState> first = run(kernel, RunState.Start(kernel, position, key), new RunOptions(Early, Thinning, groups: 1));
        RunResult<TState> second = run(kernel, first.Final, new RunOptions(Transitions - Early, Thinning, groups: 1));
        return Bitwise(
            "R-4 thinning", Shaping.Join(0, [first.Positions(), second.Positions()]), EveryThird(Draws(kernel, position, key)),
            "Thinned draws are not every kth of all draws, counted from the start of the chain: keeping a draw changes the chain, or thinning begins anew where a run does.");
    });

    /// <summary>R-4: the thin and repeat combinators give every kth draw of the plain kernel.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult ThinCombinator<TState>(Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => Guarded("R-4 thin and repeat", () =>
    {
        Tensor expected = EveryThird(Draws(kernel, position, key));
        Tensor thinned = Draws(kernel.Thin(Thinning), position, key, Transitions / Thinning);
        Tensor repeated = Draws(kernel.Repeat(Thinning), position, key, Transitions / Thinning);

        // a run draws the noise of an inner transition when its turn comes, a law that of all of them before the first
        Tensor drawnBefore = Draws(kernel.Repeat(Thinning).ByGivenNoise(), position, key, Transitions / Thinning);
        return Bitwise(
            "R-4 thin and repeat", Shaping.Join(0, [thinned, repeated, drawnBefore]), Shaping.Join(0, [expected, expected, expected]),
            "A repeated kernel is not the kernel repeated: inner transitions draw other noise.");
    });

    /// <summary>R-5: a chain depends on the seed and its number, not on the other chains.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension], at least two chains.</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult ChainIndependence<TState>(Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => Guarded("R-5 chain independence", () =>
    {
        if (position.Shape[0] < 2)
        {
            throw new ArgumentException($"Two chains or more are needed to see that they are independent, not {position.Shape[0]}.", nameof(position));
        }

        int[] order = [.. Enumerable.Range(0, position.Shape[0]).Reverse().Where(i => i != 0)];
        Tensor some = Draws(kernel, position.GatherRows(order), key, chains: Chains.Of(order));
        Tensor all = Draws(kernel, position, key).Permute(1, 0, 2).GatherRows(order).Permute(1, 0, 2);
        return Bitwise("R-5 chain independence", some, all, "Dropping and reordering chains changed the others: chains share noise or state.");
    });

    /// <summary>R-6: all chains at once are each chain alone.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult OneAtATime<TState>(Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => Guarded("R-6 one at a time", () =>
    {
        Tensor[] alone = [.. Enumerable.Range(0, position.Shape[0]).Select(i => Draws(kernel, position.Slice(0, i, 1), key, chains: Chains.Of(i)))];
        return Bitwise("R-6 one at a time", Shaping.Join(1, alone), Draws(kernel, position, key), "A chain alone is not the chain among others: rows are computed differently.");
    });

    /// <summary>
    /// R-7: the number of threads changes nothing, neither inside operations nor where the chains are moved in as many groups as the engine has threads. An engine divides large operations only, so take a position of 10,000 elements
    /// or more.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <param name="engines">Two or more engines of one kind with different numbers of threads.</param>
    /// <returns>The law's result.</returns>
    public static LawResult ThreadIndependence<TState>(Kernel<TState> kernel, Tensor position, RandomKey key, IReadOnlyList<IEngine> engines)
        where TState : class, IKernelState<TState> => Guarded("R-7 threads", () =>
    {
        if (engines.Count < 2)
        {
            throw new ArgumentException("Two engines or more are needed to compare.", nameof(engines));
        }

        RunResult<TState>[] runs = [.. engines.SelectMany(engine => (int[])[1, engine.Threads], (engine, groups) => Ran(kernel, position, key, engine: engine, groups: groups))];
        double error = runs.Count(run => !Same(run.Positions(), runs[0].Positions())
            || !run.Final.State.ToTree().Leaves.Zip(runs[0].Final.State.ToTree().Leaves).All(pair => Same(pair.First, pair.Second))
            || !run.Draws.Zip(runs[0].Draws).All(pair => Same(pair.First.Info, pair.Second.Info)));

        string threads = string.Join(", ", engines.Select(engine => engine.Threads.ToString(CultureInfo.InvariantCulture)));
        return new LawResult("R-7 threads", error, 0, $"Draws with {threads} threads, inside operations or for groups of chains, must agree bit for bit, and so must what is told of the transitions.");
    });

    /// <summary>R-10: watching a run changes nothing.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult ProgressIsSilent<TState>(Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => ProgressIsSilent(ChainRunner.Run, kernel, position, key);

    internal static LawResult ProgressIsSilent<TState>(Runner<TState> run, Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => Guarded("R-10 progress", () =>
    {
        RunResult<TState> watched = run(kernel, RunState.Start(kernel, position, key), new RunOptions(Transitions, groups: 1), new Ignored());
        return Bitwise("R-10 progress", watched.Positions(), Draws(kernel, position, key), "Progress changed the draws.");
    });

    /// <summary>R-10: a cancelled run keeps a prefix of the draws, and goes on to the rest.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult CancellationKeepsDraws<TState>(Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => CancellationKeepsDraws(ChainRunner.Run, kernel, position, key);

    internal static LawResult CancellationKeepsDraws<TState>(Runner<TState> run, Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => Guarded("R-10 cancellation", () =>
    {
        using CancellationTokenSource source = new();
        RunResult<TState> cut = run(
            kernel, RunState.Start(kernel, position, key), new RunOptions(Transitions, groups: 1), new CancelAfter(source, Early), source.Token);
        RunResult<TState> rest = run(kernel, cut.Final, new RunOptions(Transitions - cut.Final.Step, groups: 1));
        LawResult same = Bitwise(
            "R-10 cancellation", Shaping.Join(0, [cut.Positions(), rest.Positions()]), Draws(kernel, position, key), "A cancelled run lost or changed draws.");
        return same with { Error = same.Error + (cut.Final.Step == Early && !cut.Completed ? 0 : 1) };
    });

    /// <summary>R-11: a transition leaves its arguments as they were.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Immutability<TState>(Kernel<TState> kernel, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState> => Guarded("R-11 immutability", () =>
    {
        TState state = kernel.Initialize(position);
        Noise noise = kernel.DrawNoise(new NoiseSource(key, 0, Chains.Range(position.Shape[0]), Workspace.Default));
        Tensor[] before = [.. state.ToTree().Leaves.Concat(noise.Flatten().Select(leaf => leaf.Value)).Select(Copied)];
        TState once = kernel.Advance(noise, state).State;
        TState again = kernel.Advance(noise, state).State;
        Tensor[] after = [.. state.ToTree().Leaves.Concat(noise.Flatten().Select(leaf => leaf.Value))];
        int changed = before.Zip(after).Count(pair => !Same(pair.First, pair.Second)) + (Same(once.Position, again.Position) ? 0 : 1);
        return new LawResult("R-11 immutability", changed, 0, "A transition wrote into its state or noise, or is not a function of them.");
    });

    /// <summary>The caches of a state that a run has reached are those that follow from its coordinates: what an acceptance, or a combinator, hands on is whole.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <param name="tolerance">The largest error relative to 1 + the value; 0 for bit for bit.</param>
    /// <returns>The law's result.</returns>
    public static LawResult CachesFollow<TState>(Kernel<TState> kernel, Tensor position, RandomKey key, double tolerance = 0)
        where TState : class, IKernelState<TState> => Guarded("caches follow from coordinates", () =>
    {
        TState reached = ChainRunner.Run(kernel, RunState.Start(kernel, position, key), new RunOptions(Transitions, groups: 1)).Final.State;
        TState anew = kernel.Refresh(reached);
        double error = 0;
        List<string> wrong = [];
        for (int i = 0; i < reached.Layout.Count; i++)
        {
            double[] expected = anew.Leaf(i).ToArray();
            double largest = reached.Leaf(i).ToArray().Zip(expected, static (a, b) => Math.Abs(a - b) / (1 + Math.Abs(b))).Aggregate(0.0, double.MaxMagnitude);
            error = double.MaxMagnitude(error, largest);
            if (!(largest <= tolerance))
            {
                wrong.Add(reached.Layout[i].Name);
            }
        }

        return new LawResult(
            "caches follow from coordinates", error, tolerance,
            wrong.Count == 0 ? "Every leaf is what a refresh computes." : $"A transition left a leaf that is not that of its coordinates: {string.Join(", ", wrong)}.");
    });
}
