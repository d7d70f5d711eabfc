using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Kernels;
using MathNet.Numerics;
using static Lae.Tests.Kernels.Mutants.LangevinMutants;

namespace Lae.Tests.Laws;

/// <summary>The exact-start test itself: its band, its words, its exact distribution functions, and what it sees that no exact law can (noise used twice, streams that are shared).</summary>
public sealed class ExactStartLawTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly GaussianProblem Problem = new(2, 6, 0.5, 1.2, 1.8, PreconditionerKind.Dense, 5);

    /// <summary>N(m, T (A − (h/2) A P A)⁻¹), where ULA is stationary.</summary>
    private static readonly ExactStart OfUnadjusted = new(
        ExactGaussian.Create(Tensor.FromArray(Problem.Mean.ToArray()), GaussianProblem.ToTensor(Symmetric(Problem.StationaryCovariance.Inverse()))));

    [Fact]
    public void The_band_is_that_of_Massart()
    {
        Assert.Equal(0.019, DistributionGap.Band(20_000, 1e-6), 0.0005);
        Assert.Equal(1e-6, DistributionGap.Probability(20_000, DistributionGap.Band(20_000, 1e-6)), 1e-12);
    }

    [Fact]
    public void A_gap_is_the_largest_difference_of_the_step_functions()
    {
        // F_n − F of {0, 1, 1, 2} and {0.5, 1, 3}: 1/4, 1/4 − 1/3, 3/4 − 2/3, 1 − 2/3, 0
        DistributionGap gap = DistributionGap.Of([0, 1, 1, 2], [0.5, 1, 3]);
        Assert.Equal(1 / 3.0, gap.Above, 1e-15);
        Assert.Equal(1 / 12.0, gap.Below, 1e-15);
        DistributionGap exact = DistributionGap.Of([0.1, 0.2, 0.9], static u => u);
        Assert.Equal((2 / 3.0) - 0.2, exact.Above, 1e-15);
        Assert.Equal(0.9 - (2 / 3.0), exact.Below, 1e-15);
        Assert.True(double.IsNaN(DistributionGap.Of([double.NaN, 1], [0.0, 1]).Largest));
        Assert.True(double.IsNaN(DistributionGap.Of([double.NaN, 1], static u => u).Largest));
    }

    [Fact]
    public void ULA_keeps_its_own_stationary_law() => OfUnadjusted.Check(Problem.Unadjusted, Key).Require();

    [Fact]
    public void MALA_keeps_a_law_that_is_given_by_its_distribution_function()
    {
        // a product of two standard logistic laws, log π = x − 2 ln(1 + eˣ), by F(x) = 1/(1 + e⁻ˣ)
        ExactTarget logistic = new(Target.FromFunction(2, x => (x - (2 * x.Softplus())).Sum(1), name: "logistic"), 0, (key, rows) =>
        {
            double[] u = new double[2 * rows];
            RowDraws.Uniform(key, 0, 0, rows, 2, u);
            return Tensor.FromArray([.. u.Select(SpecialFunctions.Logit)], rows, 2);
        });
        ExactStart test = new(logistic, statistics: [.. Enumerable.Range(0, 2).Select(i => Statistic.Coordinate(i, SpecialFunctions.Logistic))]);
        ExactStartReport report = test.Run(MetropolisLangevin.Create(logistic.Target, new LangevinSettings(1.5)), Key);
        report.Law.Require();
        Assert.Equal(4, report.Gaps.Count);
        Assert.Equal(DistributionGap.Band(20_000, 1e-6 / 4), report.Law.Tolerance, 1e-15);
        LawResult broken = test.Check(Adjusted(logistic.Target, new LangevinSettings(1.5), AdjustedBug.AlwaysAccept), Key);
        Assert.False(broken.Holds);
        Assert.Contains("too wide", broken.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Noise_used_again_in_the_next_transition_is_seen_after_more_than_one()
    {
        LawResult law = OfUnadjusted.Check(WithSource(s => new NoiseSource(Key.FoldIn(99), 0, s.Chains, Workspace.Default)), Key);
        Assert.False(law.Holds);
        Assert.Contains("After 20 transitions", law.Explanation, StringComparison.Ordinal);
        Assert.Contains("noise that transitions share", law.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Noise_shared_by_the_chains_is_seen() =>
        Assert.False(OfUnadjusted.Check(WithSource(s => new NoiseSource(Key.FoldIn(99), s.Step, Chains.Range(1), Workspace.Default)), Key).Holds);

    [Theory]
    [InlineData(UnadjustedBug.NoiseSqrtH, "too narrow")]
    [InlineData(UnadjustedBug.TemperatureUnrooted, "too wide")]
    [InlineData(UnadjustedBug.NoNoise, "too narrow")]
    public void The_words_tell_the_direction(UnadjustedBug bug, string words)
    {
        LawResult law = OfUnadjusted.Check(Unadjusted(Problem.Target, Problem.Settings, bug), Key);
        Assert.False(law.Holds);
        Assert.Contains(words, law.Explanation, StringComparison.Ordinal);
        Assert.Contains("transition", law.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shift_is_called_one()
    {
        Kernel<LangevinState> ula = Problem.Unadjusted;
        Kernel<LangevinState> drifting = new(
            "drifting", ula.Dimension, ula.DType, ula.Initialize, ula.Refresh, ula.DrawNoise,
            (noise, state) => ula.Advance(noise, state) is var next ? next with { State = ula.Refresh(next.State with { Position = next.State.Position + 0.3 }) } : next);
        LawResult law = new ExactStart(OfUnadjusted.Law, statistics: [Statistic.Coordinate(0), Statistic.Coordinate(1)]).Check(drifting, Key);
        Assert.Contains("shifted to larger values", law.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_stops_is_a_broken_law()
    {
        Target spoiled = Target.FromGradient(2, x => Problem.Target.Evaluate(x) is var at ? at with { Gradient = at.Gradient * double.NaN } : at);
        LawResult law = OfUnadjusted.Check(UnadjustedLangevin.Create(spoiled, Problem.Settings), Key);
        Assert.False(law.Holds);
        Assert.Contains("The run stopped", law.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_out_of_range_are_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExactStart(OfUnadjusted.Law, chains: 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExactStart(OfUnadjusted.Law, falseAlarm: 0));
        Assert.Throws<ArgumentException>(() => new ExactStart(OfUnadjusted.Law, transitions: [20, 1]));
    }

    private static MathNet.Numerics.LinearAlgebra.Matrix<double> Symmetric(MathNet.Numerics.LinearAlgebra.Matrix<double> a) => 0.5 * (a + a.Transpose());

    /// <summary>ULA whose noise comes from another source; a source with one chain gives all of them its row.</summary>
    private static Kernel<LangevinState> WithSource(Func<NoiseSource, NoiseSource> change)
    {
        Kernel<LangevinState> correct = Problem.Unadjusted;
        return new Kernel<LangevinState>("other noise", correct.Dimension, correct.DType, correct.Initialize, correct.Refresh, Draw, correct.Advance);

        Noise Draw(NoiseSource source) => correct.DrawNoise(change(source)).Map(leaf => leaf.BroadcastTo(new Shape(source.Chains.Count, leaf.Shape[1])));
    }
}
