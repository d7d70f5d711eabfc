using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Kernels.Mutants;
using static Lae.Tests.Kernels.SampledTargets;

namespace Lae.Tests.Kernels;

/// <summary>
/// The kernels that are tested by draws because they have no closed form, on each of three targets, beside kernels with one damage each. Temperatures are not 1: a kernel at temperature T is given π^T, so
/// that the law that it keeps is π, of which there are exact draws. (Replica exchange has its temperatures in its ladder.)
/// </summary>
internal static class SampledKernels
{
    private const double T = 1.8;

    public static IReadOnlyList<Entry> All { get; } =
    [
        Langevin("MALA", [0.6, 0.75, 0.55], MetropolisLangevin.Create, LangevinMutants.Adjusted,
            LangevinMutants.AdjustedBug.NoProposalRatio, LangevinMutants.AdjustedBug.RatioFlipped, LangevinMutants.AdjustedBug.HalfForQuarter, LangevinMutants.AdjustedBug.ReverseDriftAtX,
            LangevinMutants.AdjustedBug.AlwaysAccept, LangevinMutants.AdjustedBug.TemperatureMissingInEnergy),
        Langevin("Barker", [0.7, 1.1, 0.9], Barker.Create, BarkerMutants.Create,
            BarkerMutants.BarkerBug.AlwaysAccept, BarkerMutants.BarkerBug.NoProposalRatio, BarkerMutants.BarkerBug.RatioFlipped, BarkerMutants.BarkerBug.GradientAtXInBoth, BarkerMutants.BarkerBug.DirectionIgnored),
        Of("GHMC", [1.03, 1.05, 0.97],
            (at, step) => GeneralizedHamiltonian.Create(at, Path(step, 2, 0.3)),
            (at, step, bug) => HamiltonianMutants.Generalized(at, Path(step, 2, 0.3), bug),
            [HamiltonianMutants.GeneralizedBug.AlwaysAccept, HamiltonianMutants.GeneralizedBug.NoKineticEnergy, HamiltonianMutants.GeneralizedBug.NoFlip, HamiltonianMutants.GeneralizedBug.RefreshmentCounted]) with { IsReversible = false },
        Of("MALT", [0.97, 0.93, 0.89],
            (at, step) => MetropolisLangevinTrajectories.Create(at, Path(step, 3, 0.7)),
            (at, step, bug) => HamiltonianMutants.Trajectories(at, Path(step, 3, 0.7), bug),
            [HamiltonianMutants.TrajectoryBug.AlwaysAccept, HamiltonianMutants.TrajectoryBug.LastStepOnly, HamiltonianMutants.TrajectoryBug.RefreshmentsCounted]),
        Of("NUTS", [1.03, 1.1, 0.98],
            (at, step) => NoUTurn.Create(at, new NoUTurnSettings(step / Math.Sqrt(T), 4, T)),
            (at, step, bug) => NoUTurnMutants.Create(at, new NoUTurnSettings(step / Math.Sqrt(T), 4, T), bug),
            [NoUTurnMutants.NoUTurnBug.WeightsDropped, NoUTurnMutants.NoUTurnBug.OneEndOnly, NoUTurnMutants.NoUTurnBug.NoTestWithinDoublings]) with { IsLong = true },
        Of("adjusted MCLMC", [2.8, 2.2, 2.15],
            (at, step) => AdjustedMicrocanonical.Create(at, new AdjustedMicrocanonicalSettings(step, 2, temperature: T)),
            (at, step, bug) => MicrocanonicalMutants.Adjusted(at, new AdjustedMicrocanonicalSettings(step, 2, temperature: T), bug),
            [MicrocanonicalMutants.AdjustedBug.AlwaysAccept, MicrocanonicalMutants.AdjustedBug.PotentialOnly, MicrocanonicalMutants.AdjustedBug.KineticWithoutLog, MicrocanonicalMutants.AdjustedBug.DimensionInKinetic]),
    ];

    public static Entry Named(string name) => All.Single(entry => entry.Name == name);

    public static TheoryData<string, string> Rows(Func<Entry, bool> which) =>
        Table(All.Where(which).SelectMany(entry => entry.Cases.Select(on => (entry.Name, on.Target))));

    public static TheoryData<string, string> Damages(Func<Entry, bool> which) =>
        Table(All.Where(which).SelectMany(entry => entry.Damages.Select(damage => (entry.Name, damage))));

    private static TheoryData<string, string> Table(IEnumerable<(string Kernel, string Other)> rows)
    {
        TheoryData<string, string> table = [];
        foreach ((string kernel, string other) in rows)
        {
            table.Add(kernel, other);
        }

        return table;
    }

    private static LangevinTrajectorySettings Path(double step, int steps, double friction) =>
        new(new HamiltonianSettings(step / Math.Sqrt(T), steps, T, MassMatrix.Identity), friction * Math.Sqrt(T));

    private static Entry Langevin<TBug>(
        string name, double[] steps, Func<Target, LangevinSettings, IKernel> right, Func<Target, LangevinSettings, TBug, IKernel> damaged, params TBug[] bugs)
        where TBug : struct, Enum =>
        Of(name, steps, (at, step) => right(at, new LangevinSettings(step / T, T)), (at, step, bug) => damaged(at, new LangevinSettings(step / T, T), bug), bugs);

    private static Entry Of<TBug>(string name, double[] steps, Func<Target, double, IKernel> right, Func<Target, double, TBug, IKernel> damaged, TBug[] bugs)
        where TBug : struct, Enum => new(
        name,
        [.. Names.Zip(steps, (target, step) => new Case(
            target,
            right(Prepared[target].Law.ForTemperature(T), step),
            bug => damaged(Prepared[target].Law.ForTemperature(T), step, Enum.Parse<TBug>(bug))))],
        [.. bugs.Select(bug => bug.ToString())]);

    /// <summary>A kernel on the three targets.</summary>
    public sealed record Entry(string Name, IReadOnlyList<Case> Cases, IReadOnlyList<string> Damages, bool IsReversible = true, bool IsLong = false)
    {
        public Case On(string target) => Cases.Single(on => on.Target == target);
    }

    /// <summary>A kernel on a target, right and damaged.</summary>
    public sealed record Case(string Target, IKernel Correct, Func<string, IKernel> Damaged)
    {
        public ExactStartReport Run(IKernel kernel, RandomKey key) => kernel.Accept(new Exact(Prepared[Target], key));

        public LawResult Rank(RandomKey key) => Correct.Accept(new Ranks(Prepared[Target].Law, key));
    }

    private sealed class Exact(ExactStart test, RandomKey key) : IKernelVisitor<ExactStartReport>
    {
        public ExactStartReport Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => test.Run(kernel, key);
    }

    private sealed class Ranks(ExactTarget law, RandomKey key) : IKernelVisitor<LawResult>
    {
        public LawResult Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => RankTest.Check(kernel, law, key);
    }
}
