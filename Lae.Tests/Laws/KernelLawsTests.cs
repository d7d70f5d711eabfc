using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Kernels;
using Xunit.Abstractions;
using static Lae.Tests.Kernels.Mutants.LangevinMutants;

namespace Lae.Tests.Laws;

/// <summary>The one line that a person writes for a kernel of their own: right kernels pass, and each planted bug is named in words.</summary>
public sealed class KernelLawsTests(ITestOutputHelper output)
{
    private static readonly KernelLawSettings Hot = new() { Temperature = 1.7 };

    [Fact]
    public void MALA_holds_all_laws_of_an_exact_kernel()
    {
        IReadOnlyList<LawResult> results = KernelLaws.Exact(target => MetropolisLangevin.Create(target, new LangevinSettings(0.3, 1.7)), Hot with { Chains = 10_000 });
        Show(results);
        results.Require();
        Assert.Contains(results, result => result.Law.StartsWith("I-16", StringComparison.Ordinal));
        Assert.Contains(results, result => result.Law.StartsWith("rank test", StringComparison.Ordinal));
    }

    [Fact]
    public void Preconditioned_MALA_holds_all_that_is_claimed_of_it() => KernelLaws.Exact(
        target => MetropolisLangevin.Create(target, new LangevinSettings(0.3, 0.6, Preconditioner.Diagonal(Tensor.FromArray([0.7, 1, 1.6])))),
        new KernelLawSettings { Temperature = 0.6, IsIsotropic = false, Chains = 2_000 }).Require();

    [Fact]
    public void ULA_holds_all_laws_of_an_unadjusted_kernel_at_any_temperature_and_step() => Generated.ForAll(
        from h in Gen.Choose(50, 800)
        from t in Gen.Choose(30, 300)
        select (H: h / 1000.0, T: t / 100.0),
        drawn => KernelLaws.Unadjusted((target, h) => UnadjustedLangevin.Create(target, new LangevinSettings(h, drawn.T)), drawn.H, new KernelLawSettings { Temperature = drawn.T }).Require(),
        count: 10);

    [Theory]
    [InlineData("BAOAB", 0.5)]
    [InlineData("OBABO", 0.5)]
    [InlineData("ABOBA", 0.5)]
    [InlineData("OABAO", 0.5)]
    [InlineData("BAOA", 0.5)]
    public void A_splitting_is_of_second_order(string word, double stepSize) => KernelLaws.Unadjusted(
        (target, h) => Splitting.Create(target, word, new UnderdampedSettings(h, 1.3, 1.7)), stepSize, Hot with { Order = 2 }).Require();

    [Fact]
    public void Leimkuhler_Matthews_has_no_bias_at_all()
    {
        IReadOnlyList<LawResult> results = KernelLaws.Unadjusted((target, h) => LeimkuhlerMatthews.Create(target, new LangevinSettings(h, 1.7)), 0.3, Hot with { Order = 9 });
        results.Require();
        Assert.Contains("no bias", results[^1].Explanation, StringComparison.Ordinal);
    }

    public static TheoryData<string> AdjustedKernels { get; } = ["Barker", "HMC", "GHMC", "MALT", "NUTS", "adjusted MCLMC"];

    [Theory]
    [MemberData(nameof(AdjustedKernels))]
    public void Every_adjusted_kernel_of_the_library_holds_them_all(string name)
    {
        KernelLawSettings few = Hot with { Chains = 1_000 };
        HamiltonianSettings path = new(0.5, 3, 1.7);
        IReadOnlyList<LawResult> results = name switch
        {
            "Barker" => KernelLaws.Exact(target => Barker.Create(target, new LangevinSettings(0.4, 1.7)), few with { IsIsotropic = false }),
            "HMC" => KernelLaws.Exact(target => HamiltonianMonteCarlo.Create(target, path), few with { GradientsPerTransition = 3 }),
            "GHMC" => KernelLaws.Exact(target => GeneralizedHamiltonian.Create(target, new LangevinTrajectorySettings(path, 1)), few with { GradientsPerTransition = 3, IsReversible = false }),
            "MALT" => KernelLaws.Exact(target => MetropolisLangevinTrajectories.Create(target, new LangevinTrajectorySettings(path, 1)), few with { GradientsPerTransition = 3 }),
            "NUTS" => KernelLaws.Exact(target => NoUTurn.Create(target, new NoUTurnSettings(0.6, 3, 1.7)), few with { GradientsPerTransition = null, RefusesNonFinite = false }),
            _ => KernelLaws.Exact(target => AdjustedMicrocanonical.Create(target, new AdjustedMicrocanonicalSettings(0.8, 2, temperature: 1.7)), few with { GradientsPerTransition = null, RefusesNonFinite = false }),
        };
        Show(results.Where(result => !result.Holds));
        results.Require();
    }

    [Theory]
    [InlineData(UnadjustedBug.NoiseSqrtH, "noise may be sqrt(h) where sqrt(2h) is needed")]
    [InlineData(UnadjustedBug.GradientDoubled, "the gradient may be multiplied by 2")]
    [InlineData(UnadjustedBug.GradientTimes105, "the gradient may be multiplied by 1.05")]
    [InlineData(UnadjustedBug.NoiseTimes102, "noise may be multiplied by 1.02")]
    [InlineData(UnadjustedBug.SharedNormal, "share")]
    [InlineData(UnadjustedBug.NoNoise, "no noise enters")]
    [InlineData(UnadjustedBug.TemperatureUnrooted, "noise may be scaled by T instead of sqrt(T)")]
    [InlineData(UnadjustedBug.TemperatureMissing, "which is 1/T")]
    [InlineData(UnadjustedBug.NoiseSqrtTwoTimesH, "noise may be multiplied by h where sqrt(2h) is needed")]
    public void A_bug_of_an_unadjusted_step_is_named(UnadjustedBug bug, string words)
    {
        IReadOnlyList<LawResult> results = KernelLaws.Unadjusted((target, h) => Unadjusted(target, new LangevinSettings(h, 1.7), bug), 0.3, Hot);
        Show(results.Where(result => !result.Holds));
        LawViolationException broken = Assert.Throws<LawViolationException>(results.Require);
        Assert.Contains(words, broken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AdjustedBug.NoProposalRatio, "proposal ratio")]
    [InlineData(AdjustedBug.AlwaysAccept, "the chains lie too far out")]
    [InlineData(AdjustedBug.TemperatureMissingInEnergy, "temperature")]
    [InlineData(AdjustedBug.StaleGradient, "gradient")]
    [InlineData(AdjustedBug.RatioReportedNotUsed, "as reported")]
    public void A_bug_of_an_accept_test_is_named(AdjustedBug bug, string words)
    {
        LawResult[] broken = [.. KernelLaws.Exact(target => Adjusted(target, new LangevinSettings(0.3, 1.7), bug), Hot with { Chains = 5_000 }).Where(result => !result.Holds)];
        Show(broken);
        Assert.Contains(broken, result => result.Law.StartsWith("exact start", StringComparison.Ordinal) || result.Law.StartsWith("rank test", StringComparison.Ordinal));
        Assert.Contains(words, string.Join('\n', broken.AsEnumerable()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_that_is_not_reached_is_told()
    {
        LawResult order = KernelLaws.Unadjusted((target, h) => UnadjustedLangevin.Create(target, new LangevinSettings(h)), 0.3, new KernelLawSettings { Order = 2 })
            .Single(result => !result.Holds);
        Assert.Equal("order of the bias", order.Law);
        Assert.Contains("to the power 1.0", order.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unstable_step_is_told() => Assert.Contains(
        KernelLaws.Unadjusted((target, h) => UnadjustedLangevin.Create(target, new LangevinSettings(h)), 1.01),
        result => !result.Holds && result.Law == "the step is stable on a Gaussian");

    [Fact]
    public void A_chain_that_never_moves_proves_nothing() => Assert.Contains(
        KernelLaws.Exact(target => MetropolisLangevin.Create(target, new LangevinSettings(8)), new KernelLawSettings { Chains = 1_000 }),
        result => !result.Holds && result.Explanation.Contains("nothing was tested", StringComparison.Ordinal));

    [Fact]
    public void Settings_out_of_range_name_value_and_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelLaws.Exact(target => MetropolisLangevin.Create(target, new LangevinSettings(1)), new KernelLawSettings { Temperature = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelLaws.Exact(target => MetropolisLangevin.Create(target, new LangevinSettings(1)), new KernelLawSettings { FalseAlarm = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelLaws.Unadjusted((target, h) => UnadjustedLangevin.Create(target, new LangevinSettings(h)), double.NaN));
    }

    private void Show(IEnumerable<LawResult> results)
    {
        foreach (LawResult result in results)
        {
            output.WriteLine(result.ToString());
        }
    }
}
