using FsCheck;
using FsCheck.Fluent;
using Lae.Diagnostics;
using Lae.Numerics;
using Lae.Tests.Kernels;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Diagnostics;

/// <summary>Verdicts on draws that are known to be good or bad.</summary>
public sealed class VerdictTests
{
    private static readonly string[] Names = ["mu", "tau"];

    [Fact]
    public void Independent_draws_are_good()
    {
        Verdict verdict = Verdict.Of(Summary(Draws(4, 1_000, 0)), new SamplerFigures(Acceptance: [0.8, 0.8, 0.7, 0.9], TargetAcceptance: 0.8, EnergyFractions: [0.9, 1, 1, 1]));
        Assert.Equal((VerdictLevel.Good, "good"), (verdict.Level, verdict.Text));
        Assert.Empty(verdict.Reasons);
    }

    [Fact]
    public void Chains_that_sit_in_different_modes_are_not_to_be_used()
    {
        ChainDraws[] draws = Draws(4, 1_000, 0);
        Verdict verdict = Verdict.Of(Summary([draws[0], Shifted(draws[1], chain => chain < 2 ? 0 : 6)]));
        Assert.Equal(VerdictLevel.DoNotUse, verdict.Level);
        Assert.Matches(@"^do not use these draws: R-hat \d\.\d\d for tau; bulk ESS \d+ for tau", verdict.Text);
        Assert.Contains("replica exchange", verdict.Reasons[0].Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_difference_between_chains_warns()
    {
        ChainDraws[] draws = Draws(4, 1_000, 0);
        Verdict verdict = Verdict.Of(Summary([draws[0], Shifted(draws[1], chain => 0.12 * chain)]));
        Assert.Equal(VerdictLevel.Warn, verdict.Level);
        Assert.Matches(@"^warn: R-hat 1\.0\d\d for tau", verdict.Text);
    }

    [Fact]
    public void A_hundred_draws_of_a_chain_that_needs_ten_thousand_are_not_to_be_used()
    {
        DrawSummary summary = Summary(Draws(4, 100, 0.995));
        Verdict verdict = Verdict.Of(summary);
        Assert.Equal(VerdictLevel.DoNotUse, verdict.Level);
        Assert.Contains(verdict.Reasons, reason => reason.Problem.StartsWith("bulk ESS", StringComparison.Ordinal) && reason.Cure.Contains("times longer", StringComparison.Ordinal));
    }

    [Fact]
    public void Correlated_draws_warn_between_100_and_400_effective_ones()
    {
        // ESS of an autoregression: 8,000 (1 − φ)/(1 + φ) = 210
        Verdict verdict = Verdict.Of(Summary(Draws(4, 2_000, 0.949)));
        Assert.Contains(verdict.Reasons, reason => reason.Level == VerdictLevel.Warn && reason.Problem.StartsWith("bulk ESS", StringComparison.Ordinal));
        Assert.DoesNotContain(verdict.Reasons, reason => reason.Level == VerdictLevel.DoNotUse && reason.Problem.StartsWith("bulk ESS", StringComparison.Ordinal));
    }

    [Fact]
    public void Divergences_warn_and_name_the_cure()
    {
        DrawSummary summary = Summary(Draws(4, 1_000, 0));
        Verdict few = Verdict.Of(summary, new SamplerFigures(Divergences: 37));
        Assert.StartsWith("warn: 37 divergent transitions (0.9", few.Text, StringComparison.Ordinal);
        Assert.Contains("non-centred", few.Reasons[0].Cure, StringComparison.Ordinal);
        Assert.Contains("higher target acceptance", few.Reasons[0].Cure, StringComparison.Ordinal);
        Verdict many = Verdict.Of(summary, new SamplerFigures(Divergences: 2_000));
        Assert.Equal(VerdictLevel.DoNotUse, many.Level);
        Assert.Equal(VerdictLevel.DoNotUse, Verdict.Of(summary, new SamplerFigures(Divergences: 500)).Level);
        Assert.Contains("narrow part", many.Reasons[0].Meaning, StringComparison.Ordinal);
        Assert.Equal(few.Reasons[0].Cure, many.Reasons[0].Cure);

        // where nearly all diverge it is no narrow part, and no other parametrisation helps
        VerdictReason most = Assert.Single(Verdict.Of(summary, new SamplerFigures(Divergences: 2_001)).Reasons);
        Assert.Contains("too long everywhere", most.Meaning, StringComparison.Ordinal);
        Assert.StartsWith("Take a much smaller step", most.Cure, StringComparison.Ordinal);
        // 1 in 200 is where it begins to matter, and transitions are counted, not draws
        Assert.Equal("good", Verdict.Of(summary, new SamplerFigures(Divergences: 20)).Text);
        Assert.StartsWith("warn: 21 divergent transitions (0.5", Verdict.Of(summary, new SamplerFigures(Divergences: 21)).Text, StringComparison.Ordinal);
        Assert.Equal("good", Verdict.Of(summary, new SamplerFigures(Divergences: 37, Transitions: 40_000)).Text);
    }

    [Fact]
    public void Refusals_at_an_edge_warn_and_are_the_cause_of_what_follows()
    {
        ChainDraws[] draws = Draws(4, 1_000, 0);
        EdgeAcceptance Least(Func<double, double> ofTau) => EdgeAcceptance.Least(Names, i => draws[i], draws[1].Map(ofTau))!;
        EdgeAcceptance neck = Least(tau => tau < -1.9 ? 0.1 : 0.9);
        Assert.Equal(("tau", true), (neck.Quantity, neck.IsSmallest));
        Assert.Equal(0.1, neck.Acceptance, 0.03);
        Verdict verdict = Verdict.Of(Summary(draws), new SamplerFigures(EdgeAcceptance: neck));
        Assert.Matches("^warn: acceptance 0.1[0-2] where tau is smallest, 0.8[678] on average$", verdict.Text);
        Assert.Contains("non-centred", verdict.Reasons[0].Cure, StringComparison.Ordinal);
        Assert.StartsWith("First cure this: acceptance 0.1", Verdict.Of(Summary([draws[0], Shifted(draws[1], chain => chain)]), new SamplerFigures(EdgeAcceptance: neck)).Reasons.First(reason => reason.Problem.StartsWith("R-hat", StringComparison.Ordinal)).Cure, StringComparison.Ordinal);
        Verdict grave = Verdict.Of(Summary([draws[0], Shifted(draws[1], chain => chain)]), new SamplerFigures(EdgeAcceptance: neck));
        Assert.StartsWith("do not use these draws: acceptance 0.1", grave.Text, StringComparison.Ordinal);
        Assert.All(grave.Reasons.Skip(1), reason => Assert.StartsWith("First cure this: acceptance 0.1", reason.Cure, StringComparison.Ordinal));

        // where something graver is the cause, the edge is not raised
        Verdict other = Verdict.Of(Summary([draws[0], Shifted(draws[1], chain => chain)]), new SamplerFigures(EdgeAcceptance: neck, UnvisitedModes: 1));
        Assert.StartsWith("do not use these draws: 1 mode that no chain visited; R-hat", other.Text, StringComparison.Ordinal);
        Assert.Contains("where tau is largest", Verdict.Of(Summary(draws), new SamplerFigures(EdgeAcceptance: Least(tau => tau > 1.9 ? 0.1 : 0.9))).Text, StringComparison.Ordinal);
        Assert.Equal("good", Verdict.Of(Summary(draws), new SamplerFigures(EdgeAcceptance: Least(tau => tau > 1.9 ? 0.5 : 0.9))).Text);
        Assert.Null(EdgeAcceptance.Least(Names, _ => ChainDraws.Of([1, 2, 3]), ChainDraws.Of([1, 1, 1])));
        Assert.Null(EdgeAcceptance.Least(Names, _ => draws[0].Map(_ => 1), draws[1].Map(_ => 1)));
        Assert.Throws<ArgumentException>(() => EdgeAcceptance.Least(Names, _ => ChainDraws.Of([1, 2, 3]), draws[0]));
    }

    [Fact]
    public void What_the_sampler_shows_is_said()
    {
        DrawSummary summary = Summary(Draws(4, 1_000, 0));
        Assert.Equal("warn: E-BFMI 0.12 in 2 chains of 4", Verdict.Of(summary, new SamplerFigures(EnergyFractions: [0.12, 0.2, 1, 1])).Text);
        Assert.Equal("do not use these draws: acceptance collapsed to 0.001 in 1 chain of 4", Verdict.Of(summary, new SamplerFigures(Acceptance: [0.001, 0.8, 0.8, 0.8], TargetAcceptance: 0.8)).Text);
        Assert.Equal("warn: acceptance collapsed to 0.1 in 4 chains of 4", Verdict.Of(summary, new SamplerFigures(Acceptance: [0.1, 0.1, 0.1, 0.1], TargetAcceptance: 0.574)).Text);
        // a kernel that aims low, and one that was not adapted, may accept a tenth
        Assert.Equal("good", Verdict.Of(summary, new SamplerFigures(Acceptance: [0.1, 0.11, 0.1, 0.1], TargetAcceptance: 0.234)).Text);
        Assert.Equal("good", Verdict.Of(summary, new SamplerFigures(Acceptance: [0.1, 0.11, 0.1, 0.1])).Text);
        Assert.Equal("warn: the kernel has no accept test", Verdict.Of(summary, new SamplerFigures(IsUnadjusted: true)).Text);
        Assert.Equal("do not use these draws: 1 mode that no chain visited", Verdict.Of(summary, new SamplerFigures(UnvisitedModes: 1)).Text);
    }

    [Fact]
    public void What_the_draws_show_at_once_is_said()
    {
        Assert.Equal("warn: a single chain", Verdict.Of(Summary(Draws(1, 4_000, 0))).Text);
        Assert.StartsWith("do not use these draws: only 10 draws in each chain", Verdict.Of(Summary(Draws(4, 10, 0))).Text, StringComparison.Ordinal);

        ChainDraws[] draws = Draws(4, 1_000, 0);
        DrawSummary broken = Summary([draws[0], draws[1].Map(value => value > 3 ? double.NaN : value)]);
        Assert.Equal(["tau"], broken.NotFinite);
        Assert.Equal("do not use these draws: draws of tau are not finite numbers", Verdict.Of(broken).Text);
        Assert.Equal(double.NaN, broken.Parameters[1].Mean);
        Assert.Equal(double.NaN, broken.Parameters[1].Median);

        DrawSummary stuck = Summary([.. draws.Select(one => Chain(one, (chain, values) => chain == 2 ? [.. values.Select(_ => 0.5)] : values))]);
        Assert.Equal([2], stuck.StuckChains);
        Assert.StartsWith("do not use these draws: 1 chain of 4 never moved (chain 3); R-hat ", Verdict.Of(stuck).Text, StringComparison.Ordinal);
        Assert.Equal("do not use these draws: none of the 4 chains ever moved", Verdict.Of(Summary([draws[0].Map(_ => 1), draws[0].Map(_ => 2)])).Text);
    }

    [Fact]
    public void Chains_that_stand_still_are_not_told_to_run_longer()
    {
        ChainDraws apart = Chain(Draws(4, 1_000, 0)[0], (chain, values) => [.. values.Select(_ => 1.0 + chain)]);
        Verdict verdict = Verdict.Of(Summary([apart, apart]), new SamplerFigures(Acceptance: [0, 0, 0, 0]));
        Assert.Equal("do not use these draws: none of the 4 chains ever moved; acceptance collapsed to 0 in 4 chains of 4", verdict.Text);
        Assert.Contains("StepSize", verdict.Reasons[0].Cure, StringComparison.Ordinal);

        ChainDraws one = Chain(Draws(4, 1_000, 0)[0], (chain, values) => chain == 0 ? [.. values.Select(_ => 9.0)] : values);
        Verdict rest = Verdict.Of(Summary([one, one]));
        Assert.Contains(rest.Reasons, reason => reason.Problem.StartsWith("R-hat", StringComparison.Ordinal));
        Assert.All(rest.Reasons.Skip(1), reason => Assert.StartsWith("First cure this: 1 chain of 4 never moved (chain 1).", reason.Cure, StringComparison.Ordinal));
    }

    [Fact]
    public void A_parameter_is_marked_by_the_limits_of_the_verdict()
    {
        ParameterSummary good = new("mu", 0, 1, 0.02, -1.6, 0, 1.6, 1.005, 2_000, 1_500);
        Assert.Equal(VerdictLevel.Good, Verdict.LevelOf(good));
        Assert.Equal(VerdictLevel.Warn, Verdict.LevelOf(good with { RHat = 1.02 }));
        Assert.Equal(VerdictLevel.Warn, Verdict.LevelOf(good with { EssTail = 399 }));
        Assert.Equal(VerdictLevel.DoNotUse, Verdict.LevelOf(good with { RHat = 1.06 }));
        Assert.Equal(VerdictLevel.DoNotUse, Verdict.LevelOf(good with { EssBulk = 99 }));
        Assert.Equal(VerdictLevel.DoNotUse, Verdict.LevelOf(good with { Mean = double.NaN }));
        // a constant, and draws that were not kept
        Assert.Equal(VerdictLevel.Good, Verdict.LevelOf(good with { RHat = double.NaN, EssBulk = double.NaN, EssTail = double.NaN }));
    }

    [Fact]
    public void A_parameter_that_is_constant_by_its_nature_is_no_reason()
    {
        ChainDraws[] draws = Draws(4, 1_000, 0);
        DrawSummary summary = Summary([draws[0], draws[1].Map(_ => 1)]);
        Assert.Equal(["tau"], summary.Constant);
        Assert.Equal((1, 0, 1, 1), (summary.Parameters[1].Mean, summary.Parameters[1].Sd, summary.Parameters[1].Q5, summary.Parameters[1].Q95));
        Assert.Equal("good", Verdict.Of(summary).Text);
    }

    [Fact]
    public void Many_parameters_make_one_reason()
    {
        ChainDraws bad = Shifted(Draws(4, 1_000, 0)[0], chain => 3 * chain);
        string[] names = [.. Enumerable.Range(1, 20).Select(i => $"theta[{i}]")];
        Verdict verdict = Verdict.Of(DrawSummary.Of(names, i => bad.Map(value => value * (i + 1))));
        Assert.Equal(3, verdict.Reasons.Count);
        Assert.Contains("and above 1.01 for 19 other parameters", verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_figures_are_those_of_the_diagnostics()
    {
        ChainDraws draws = Draws(3, 200, 0.5)[0];
        ParameterSummary one = ParameterSummary.Of("mu", draws);
        double[] sorted = draws.Sorted();
        Assert.Equal(
            new ParameterSummary(
                "mu", draws.Mean(), draws.StandardDeviation(), MonteCarloError.OfMean(draws), Quantile.Of(sorted, 0.05), Quantile.Of(sorted, 0.5), Quantile.Of(sorted, 0.95),
                PotentialScaleReduction.RankNormalized(draws), EffectiveSampleSize.Bulk(draws), EffectiveSampleSize.Tail(draws)),
            one);
        Tensor positions = Tensor.FromArray([.. Enumerable.Range(0, 200).SelectMany(t => Enumerable.Range(0, 3).Select(chain => draws[chain][t]))], 200, 3, 1);
        Assert.Equal(one, DrawSummary.OfPositions(["mu"], positions).Parameters[0]);
        Assert.Throws<ArgumentException>(() => DrawSummary.OfPositions(Names, positions));
        Assert.Throws<ArgumentException>(() => DrawSummary.Of([], _ => draws));
        Assert.Throws<ArgumentException>(() => DrawSummary.Of(Names, i => i == 0 ? draws : draws.Split()));
    }

    [Fact]
    [Proves("R-14", "runner")]
    public void R14_streaming_R_hat_is_that_of_the_split_draws() => Generated.ForAll(
        from chains in Gen.Choose(1, 4)
        from dimension in Gen.Choose(1, 3)
        from blocks in Gen.Choose(2, 6)
        from length in Gen.Choose(4, 150)
        from seed in Gen.Choose(0, 1_000_000)
        select (chains, dimension, blocks, length, seed),
        one =>
        {
            Matrix<double> x = GaussianProblem.Normals(one.seed, one.length, one.chains * one.dimension).Map(value => 100 + value);
            StreamingScaleReduction stream = Streamed(x, one.chains, one.dimension, one.blocks);
            Assert.Equal(one.length, stream.Count);

            // the blocks that are full by the rule of the type: they double in length each time that 2B are there
            int block = 1;
            while (one.length >= 2 * one.blocks * block)
            {
                block *= 2;
            }

            int full = one.length / block * block;
            int half = one.length / block / 2 * block;
            for (int coordinate = 0; coordinate < one.dimension; coordinate++)
            {
                ChainDraws all = Coordinate(x, one.chains, one.dimension, coordinate, 0, one.length);
                AssertClose(all.Mean(), stream.Mean()[coordinate]);
                AssertClose(all.StandardDeviation(), stream.StandardDeviation()[coordinate]);
                ChainDraws first = Coordinate(x, one.chains, one.dimension, coordinate, 0, half);
                ChainDraws last = Coordinate(x, one.chains, one.dimension, coordinate, full - half, half);
                ChainDraws halves = ChainDraws.Of([.. Enumerable.Range(0, one.chains).SelectMany(chain => new[] { first[chain].ToArray(), last[chain].ToArray() }).Select(chain => (IReadOnlyList<double>)chain)]);
                AssertClose(PotentialScaleReduction.Basic(halves), stream.RHat()[coordinate]);
                if (one.length == 2 * half)
                {
                    AssertClose(PotentialScaleReduction.Basic(all.Split()), stream.RHat()[coordinate]);
                }
            }
        });

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [Proves("R-15", "runner")]
    public void R15_streaming_effective_sample_size_has_the_closed_form(double memory)
    {
        // about 128 to 256 batches: the relative error of a variance of so many is √(2/128) = 0.125; the bias of batches of ≥ 512 draws is below 4 %
        ChainDraws draws = Draws(4, 16_384, memory)[0];
        StreamingScaleReduction stream = StreamingScaleReduction.Empty(4, 1);
        for (int t = 0; t < draws.Length; t++)
        {
            stream = stream.Add([draws[0][t], draws[1][t], draws[2][t], draws[3][t]]);
        }

        Assert.InRange(stream.EffectiveSampleSize()[0] / (draws.Count * (1 - memory) / (1 + memory)), 0.5, 2);
        Assert.Equal("good", Verdict.Of(DrawSummary.OfStream(["mu"], stream)).Text);
    }

    [Fact]
    public void Streaming_sees_chains_apart_and_chains_that_stand_still()
    {
        Matrix<double> x = GaussianProblem.Normals(3, 4_000, 2);
        x.SetColumn(1, x.Column(1) + 2);
        Assert.StartsWith("do not use these draws: R-hat", Verdict.Of(DrawSummary.OfStream(["mu"], Streamed(x, 2, 1, 32))).Text, StringComparison.Ordinal);
        x.SetColumn(1, Vector<double>.Build.Dense(4_000, 0.1));
        StreamingScaleReduction stream = Streamed(x, 2, 1, 32);
        Assert.Equal([1], stream.StuckChains());
        Assert.Contains("never moved", Verdict.Of(DrawSummary.OfStream(["mu"], stream)).Text, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => stream.Add([1.0]));
        Assert.Throws<ArgumentException>(() => DrawSummary.OfStream(["mu"], StreamingScaleReduction.Empty(2, 1)));
    }

    private static StreamingScaleReduction Streamed(Matrix<double> x, int chains, int dimension, int blocks)
    {
        StreamingScaleReduction stream = StreamingScaleReduction.Empty(chains, dimension, blocks);
        for (int t = 0; t < x.RowCount; t++)
        {
            stream = stream.Add(x.Row(t).ToArray());
        }

        return stream;
    }

    private static ChainDraws Coordinate(Matrix<double> x, int chains, int dimension, int coordinate, int from, int length) =>
        ChainDraws.Of([.. Enumerable.Range(0, chains).Select(chain => (IReadOnlyList<double>)x.Column((chain * dimension) + coordinate, from, length).ToArray())]);

    private static void AssertClose(double expected, double found) => Assert.True(
        (double.IsNaN(expected) && double.IsNaN(found)) || Math.Abs(expected - found) <= 1e-10 * Math.Max(1, Math.Abs(expected)), $"{found:R} in place of {expected:R}");

    private static DrawSummary Summary(ChainDraws[] draws) => DrawSummary.Of([.. Names.Take(draws.Length)], i => draws[i]);

    private static ChainDraws Shifted(ChainDraws draws, Func<int, double> shift) => Chain(draws, (chain, values) => [.. values.Select(value => value + shift(chain))]);

    private static ChainDraws Chain(ChainDraws draws, Func<int, double[], double[]> function) =>
        ChainDraws.Of([.. Enumerable.Range(0, draws.Chains).Select(chain => (IReadOnlyList<double>)function(chain, draws[chain].ToArray()))]);

    /// <summary>Two parameters, autoregressions of variance 1 from their stationary law.</summary>
    private static ChainDraws[] Draws(int chains, int length, double memory) => [.. new[] { 11, 12 }.Select(seed =>
    {
        Matrix<double> normals = GaussianProblem.Normals(seed, chains, length);
        return ChainDraws.Of([.. Enumerable.Range(0, chains).Select(chain =>
        {
            double[] x = normals.Row(chain).ToArray();
            for (int t = 1; t < length; t++)
            {
                x[t] = (memory * x[t - 1]) + (Math.Sqrt(1 - (memory * memory)) * x[t]);
            }

            return (IReadOnlyList<double>)x;
        })]);
    })];
}
