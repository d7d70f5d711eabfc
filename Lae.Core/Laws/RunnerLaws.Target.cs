using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

namespace Lae.Laws;

/// <content>Laws that watch or spoil the target, so that they need the kernel as a function of its target.</content>
public static partial class RunnerLaws
{
    /// <summary>What an extra of a kernel whose chains cost different numbers of gradients may be called: the gradients of each chain.</summary>
    private static readonly string[] OwnGradients = ["gradients", "leapfrogs"];

    /// <summary>
    /// Every runner law: those of a kernel as a black box, the gradient count (R-8), and what becomes of a NaN or an infinity (R-9): of a kernel that reports
    /// a decision <see cref="NonFiniteProposal"/> is asked, of another <see cref="NonFiniteStep"/>.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target.</param>
    /// <param name="target">A target that is finite everywhere.</param>
    /// <param name="position">[chains, dimension], at least two chains.</param>
    /// <param name="key">The key of the runs.</param>
    /// <param name="gradients">Gradients that a transition should cost each chain: 1 for Langevin kernels; not used for a kernel that reports <c>gradients</c> or <c>leapfrogs</c> of each chain.</param>
    /// <param name="engines">Engines of one kind with different numbers of threads; with none or one, R-7 is left out.</param>
    /// <returns>One result for each law.</returns>
    public static IReadOnlyList<LawResult> All<TState>(
        Func<Target, Kernel<TState>> create, Target target, Tensor position, RandomKey key, int gradients = 1, params IReadOnlyList<IEngine> engines)
        where TState : class, IKernelState<TState>
    {
        Kernel<TState> kernel = create(target);
        StepInfo info = kernel.Transition(new NoiseSource(key, 0, Chains.Range(position.Shape[0]), Workspace.Default), kernel.Initialize(position)).Info;
        bool decides = info.Accepted is not null;
        return
        [
            .. All(kernel, position, key, engines),
            Own(info) is not null ? VariableGradientCount(create, target, position, key) : GradientCount(create, target, position, key, gradients),
            NonFiniteStart(create, target, position, key),
            decides ? NonFiniteProposal(create, target, position, key) : NonFiniteStep(create, target, position, key),
        ];
    }

    /// <summary>R-8: one gradient at the start, the expected number in each transition, none to go on; and the info says so.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target.</param>
    /// <param name="target">The target, which is wrapped in one that counts.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <param name="expected">Gradients that a transition should cost each chain.</param>
    /// <returns>The law's result.</returns>
    public static LawResult GradientCount<TState>(Func<Target, Kernel<TState>> create, Target target, Tensor position, RandomKey key, int expected = 1)
        where TState : class, IKernelState<TState>
    {
        long rows = 0;
        Kernel<TState> kernel = create(Wrapped(target, (at, here) =>
        {
            rows += at.Shape[0];
            return here;
        }));
        RunState<TState> start = RunState.Start(kernel, position, key);
        double atStart = Calls();
        RunResult<TState> first = ChainRunner.Run(kernel, start, new RunOptions(Early, groups: 1));
        RunResult<TState> second = ChainRunner.Run(kernel, first.Final, new RunOptions(Transitions - Early, groups: 1));
        double perTransition = Calls() / Transitions;
        int[] reported = [.. first.Draws.Concat(second.Draws).Select(draw => draw.Info.GradientCount).Distinct()];
        bool truthful = reported is [int only] && only == expected;
        return new LawResult(
            "R-8 gradient count",
            Math.Abs(atStart - 1) + Math.Abs(perTransition - expected) + (truthful ? 0 : 1),
            0,
            FormattableString.Invariant(
                $"One gradient at the start and {expected} in each transition were expected; counted {atStart:G4} and {perTransition:G4}, reported {string.Join(" or ", reported)}."));

        double Calls()
        {
            double calls = (double)rows / position.Shape[0];
            rows = 0;
            return calls;
        }
    }

    /// <summary>
    /// R-8 for a kernel whose chains cost different numbers of gradients, told in Extras as <c>gradients</c> or <c>leapfrogs</c>: one gradient at the start, the sum of those numbers in each transition, none to go on;
    /// and GradientCount is their mean, rounded up.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target.</param>
    /// <param name="target">The target, which is wrapped in one that counts.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult VariableGradientCount<TState>(Func<Target, Kernel<TState>> create, Target target, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState>
    {
        long rows = 0;
        Kernel<TState> kernel = create(Wrapped(target, (at, here) =>
        {
            rows += at.Shape[0];
            return here;
        }));
        RunState<TState> start = RunState.Start(kernel, position, key);
        long atStart = Counted();
        RunResult<TState> first = ChainRunner.Run(kernel, start, new RunOptions(Early, groups: 1));
        RunResult<TState> second = ChainRunner.Run(kernel, first.Final, new RunOptions(Transitions - Early, groups: 1));
        long evaluated = Counted();
        double reported = 0;
        int untruthful = 0;
        foreach (Draw draw in first.Draws.Concat(second.Draws))
        {
            double gradients = Own(draw.Info)?.ToArray().Sum() ?? double.NaN;
            reported += gradients;
            untruthful += draw.Info.GradientCount.Equals((int)Math.Ceiling(gradients / position.Shape[0])) ? 0 : 1;
        }

        return new LawResult(
            "R-8 gradient count",
            Math.Abs(atStart - position.Shape[0]) + Math.Abs(evaluated - reported) + untruthful,
            0,
            FormattableString.Invariant(
                $"One gradient of each chain at the start and those reported of each transition were expected; counted {atStart} and {evaluated}, reported {reported}; {untruthful} mean counts were wrong."));

        long Counted()
        {
            long counted = rows;
            rows = 0;
            return counted;
        }
    }

    private static Tensor? Own(StepInfo info)
    {
        foreach (string name in OwnGradients)
        {
            if (info.Extras is not null && info.Extras.TryGet(name, out Tensor? own))
            {
                return own;
            }
        }

        return null;
    }

    /// <summary>R-9: a NaN or an infinity at the start stops the run before its first transition, and the error names step 0.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target.</param>
    /// <param name="target">A target that is finite at the position.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult NonFiniteStart<TState>(Func<Target, Kernel<TState>> create, Target target, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState>
    {
        List<string> wrong = [];
        foreach (Spoiling spoiling in Spoiling.All)
        {
            Kernel<TState> kernel = create(Wrapped(target, (_, here) => spoiling.Of(here, row => row == 0)));
            wrong.AddRange(Unstopped(spoiling, 0, () => ChainRunner.Run(kernel, RunState.Start(kernel, position, key), new RunOptions(Early, groups: 1))));
        }

        return Spoiled("R-9 not finite at the start", wrong, "A start that is not finite stops the run.");
    }

    /// <summary>
    /// R-9 for a kernel that decides: where the target at a proposal is NaN, +∞ or −∞ (the log density, or a gradient), the chain keeps every bit of its position and caches, the info says
    /// rejected, divergent, acceptance 0; and the other chains go on as if nothing had been. Every other chain is spoiled, from chain 0. Coordinates that a rejection may change (a momentum that is
    /// refreshed, and turned round) must be the same bits whatever spoiled the proposal: they come of the noise, and not of what was rejected. A kernel that evaluates some of its chains at a time is asked with the spoiled chains
    /// alone, since no row of the target then tells its chain; that the others do not mind is R-5.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target; it must evaluate its chains in their order.</param>
    /// <param name="target">A target that is finite everywhere.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult NonFiniteProposal<TState>(Func<Target, Kernel<TState>> create, Target target, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState>
    {
        bool together = true;
        Kernel<TState> healthyKernel = create(Wrapped(target, (at, here) =>
        {
            together &= at.Shape[0] == position.Shape[0];
            return here;
        }));
        RunState<TState> start = RunState.Start(healthyKernel, position, key);
        RunResult<TState> healthy = ChainRunner.Run(healthyKernel, start, new RunOptions(Early, groups: 1));
        if (!together)
        {
            int[] spoiled = [.. Enumerable.Range(0, position.Shape[0]).Where(Spoils)];
            start = RunState.Start(healthyKernel, position.GatherRows(spoiled), key, Chains.Of(spoiled));
            healthy = ChainRunner.Run(healthyKernel, start, new RunOptions(Early, groups: 1));
        }

        TState? rejected = null;
        List<string> wrong = [];
        foreach (Spoiling spoiling in Spoiling.All)
        {
            Kernel<TState> kernel = create(Wrapped(target, (_, here) => spoiling.Of(here, row => !together || Spoils(row))));
            try
            {
                RunResult<TState> run = ChainRunner.Run(kernel, start, new RunOptions(Early, groups: 1));
                rejected ??= run.Final.State;
                for (int leaf = 0; leaf < start.State.Layout.Count; leaf++)
                {
                    bool kept = start.State.Layout[leaf].Role == LeafRole.Cache || ReferenceEquals(start.State.Leaf(leaf), start.State.Position);
                    Tensor expected = Elementwise.Choose(Mask(), (kept ? start.State : rejected).Leaf(leaf), healthy.Final.State.Leaf(leaf));
                    Report(
                        Same(run.Final.State.Leaf(leaf), expected),
                        $"the leaf {start.State.Layout[leaf].Name} is not {(kept ? "the old one" : "that of every other rejection")} where rejected, or not its own elsewhere");
                }

                foreach ((Draw draw, Draw well) in run.Draws.Zip(healthy.Draws))
                {
                    Report(Tells(draw.Info.Divergent, well.Info.Divergent, 1), "Divergent does not count it");
                    Report(Tells(draw.Info.Accepted, well.Info.Accepted, 0), "Accepted does not say 0");
                    Report(Tells(draw.Info.AcceptanceProbability, well.Info.AcceptanceProbability, 0), "AcceptanceProbability does not say 0");
                }
            }
            catch (NonFiniteStateException stop)
            {
                Report(false, $"it was accepted, and the runner stopped: {stop.Message}");
            }

            void Report(bool holds, string what)
            {
                string message = $"{spoiling}: {what}";
                if (!holds && !wrong.Contains(message))
                {
                    wrong.Add(message);
                }
            }
        }

        return Spoiled("R-9 not finite at a proposal", wrong, "A proposal that is not finite is rejected and counted.");

        static bool Spoils(int row) => row % 2 == 0;

        Tensor Mask() => Tensor.FromArray([.. Enumerable.Range(0, start.Chains.Count).Select(row => !together || Spoils(row) ? 1.0 : 0.0)]).Cast(position.DType);

        bool Tells(Tensor? info, Tensor? well, double value) => info is not null && well is not null
            && Same(info, Elementwise.Choose(Mask(), Tensor.Full(value, info.Shape, info.DType), well));
    }

    /// <summary>R-9 for a kernel that always moves: a NaN or an infinity stops the run, and the error names the transition and a leaf of the state.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target.</param>
    /// <param name="target">A target that is finite everywhere.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The key.</param>
    /// <returns>The law's result.</returns>
    public static LawResult NonFiniteStep<TState>(Func<Target, Kernel<TState>> create, Target target, Tensor position, RandomKey key)
        where TState : class, IKernelState<TState>
    {
        List<string> wrong = [];
        foreach (Spoiling spoiling in Spoiling.All)
        {
            bool spoils = false;
            Kernel<TState> kernel = create(Wrapped(target, (_, here) => spoils ? spoiling.Of(here, row => row == 0) : here));
            RunResult<TState> before = ChainRunner.Run(kernel, RunState.Start(kernel, position, key), new RunOptions(Early, groups: 1));
            spoils = true;
            wrong.AddRange(Unstopped(spoiling, Early + 1, () => ChainRunner.Run(kernel, before.Final, new RunOptions(Early, groups: 1))));
        }

        return Spoiled("R-9 not finite in an unadjusted step", wrong, "A step that is not finite stops the run.");
    }

    /// <summary>What is wrong with how a run was stopped; nothing if it was as it should be.</summary>
    private static IEnumerable<string> Unstopped<TState>(Spoiling spoiling, long step, Func<RunResult<TState>> run)
        where TState : class, IKernelState<TState>
    {
        try
        {
            run();
            return [$"{spoiling}: the run went on"];
        }
        catch (NonFiniteStateException stop)
        {
            return stop.Step == step && stop.Quantity.Length > 0 ? [] : [$"{spoiling}: the error names '{stop.Quantity}' at step {stop.Step}, not {step}"];
        }
    }

    private static LawResult Spoiled(string law, List<string> wrong, string explanation) =>
        new(law, wrong.Count, 0, wrong.Count == 0 ? explanation : $"{explanation} Not so with {string.Join("; ", wrong)}.");

    private static Target Wrapped(Target target, Func<Tensor, LogDensityAndGradient, LogDensityAndGradient> change) =>
        target.With(position => change(position, target.Evaluate(position)));

    /// <summary>A value that is not finite, and where a target shows it.</summary>
    private sealed record Spoiling(double Value, bool InGradient)
    {
        public static IReadOnlyList<Spoiling> All { get; } =
        [
            new(double.NaN, false), new(double.PositiveInfinity, false), new(double.NegativeInfinity, false),
            new(double.NaN, true), new(double.PositiveInfinity, true), new(double.NegativeInfinity, true),
        ];

        public LogDensityAndGradient Of(LogDensityAndGradient here, Func<int, bool> rows)
        {
            Tensor mask = Tensor.FromArray([.. Enumerable.Range(0, here.LogDensity.Count).Select(row => rows(row) ? 1.0 : 0.0)]).Cast(here.LogDensity.DType);
            return InGradient
                ? here with { Gradient = Elementwise.Choose(mask, Tensor.Full(Value, here.Gradient.Shape, here.Gradient.DType), here.Gradient) }
                : here with { LogDensity = Elementwise.Choose(mask, Tensor.Full(Value, here.LogDensity.Shape, here.LogDensity.DType), here.LogDensity) };
        }

        public override string ToString() => FormattableString.Invariant($"{Value} in the {(InGradient ? "gradient" : "log density")}");
    }
}
