using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using static Lae.Tests.Kernels.Mutants.LangevinMutants;

namespace Lae.Tests.Kernels;

/// <summary>
/// The kernels that are tested by draws because they have no closed form, on each of three targets, beside kernels with one damage each. Temperatures are not 1: a kernel at temperature T is given π^T, so
/// that the law that it keeps is π, of which there are exact draws.
/// </summary>
internal static class SampledKernels
{
    public const string Gaussian = "Gaussian";
    public const string Banana = "banana";
    public const string Mixture = "mixture";

    private const double T = 1.8;

    private static readonly Dictionary<string, ExactStart> Tests = new()
    {
        [Gaussian] = new ExactStart(ExactGaussian.Create(
            Tensor.FromArray([1.0, -0.5, 0.3]), GaussianProblem.ToTensor(GaussianProblem.Positive(3, 0.5, 3, 5)))),
        [Banana] = new ExactStart(Lae.Targets.Banana.Create(2, 0.5, 1.2)),
        [Mixture] = new ExactStart(GaussianMixture.Create(
            [1, 2], Tensor.FromArray([-1.2, 0.0, 1.0, 0.5], 2, 2), Tensor.FromArray([0.6, 1.0, 1.0, 0.5], 2, 2))),
    };

    public static IReadOnlyList<Entry> All { get; } =
    [
        new("MALA", [
            Mala(Gaussian, 0.6), Mala(Banana, 0.75), Mala(Mixture, 0.55),
        ]),
    ];

    public static Entry Named(string name) => All.Single(entry => entry.Name == name);

    public static TheoryData<string, string> Rows(Func<Entry, bool> which) =>
        Table(All.Where(which).SelectMany(entry => entry.Cases.Select(on => (entry.Name, on.Target))));

    public static TheoryData<string, string> Damages(Func<Entry, bool> which) =>
        Table(All.Where(which).SelectMany(entry => entry.Cases[0].Damaged.Keys.Select(damage => (entry.Name, damage))));

    private static TheoryData<string, string> Table(IEnumerable<(string Kernel, string Other)> rows)
    {
        TheoryData<string, string> table = [];
        foreach ((string kernel, string other) in rows)
        {
            table.Add(kernel, other);
        }

        return table;
    }

    private static Case Mala(string target, double stepSize)
    {
        LangevinSettings settings = new(stepSize / T, T);
        return Of(
            target,
            at => MetropolisLangevin.Create(at, settings),
            [.. new[] { AdjustedBug.NoProposalRatio, AdjustedBug.RatioFlipped, AdjustedBug.HalfForQuarter, AdjustedBug.ReverseDriftAtX, AdjustedBug.AlwaysAccept, AdjustedBug.TemperatureMissingInEnergy, AdjustedBug.TemperatureMissingInSquares, AdjustedBug.StaleGradient, AdjustedBug.RatioReportedNotUsed }
                .Select(bug => (bug.ToString(), (Func<Target, IKernel>)(at => Adjusted(at, settings, bug))))]);
    }

    private static Case Of(string target, Func<Target, IKernel> correct, IReadOnlyList<(string Name, Func<Target, IKernel> Create)> damaged)
    {
        Target at = Tests[target].Law.ForTemperature(T);
        return new Case(target, correct(at), damaged.ToDictionary(bug => bug.Name, bug => bug.Create(at)));
    }

    /// <summary>A kernel on the three targets.</summary>
    public sealed record Entry(string Name, IReadOnlyList<Case> Cases, bool IsReversible = true, bool IsLong = false)
    {
        public Case On(string target) => Cases.Single(on => on.Target == target);
    }

    /// <summary>A kernel on a target, right and damaged.</summary>
    public sealed record Case(string Target, IKernel Correct, IReadOnlyDictionary<string, IKernel> Damaged)
    {
        public ExactStartReport Run(IKernel kernel, RandomKey key) => kernel.Accept(new Exact(Tests[Target], key));

        public LawResult Rank(RandomKey key) => Correct.Accept(new Ranks(Tests[Target].Law, key));
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
