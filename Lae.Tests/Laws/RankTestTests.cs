using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Kernels;
using static Lae.Tests.Kernels.Mutants.LangevinMutants;

namespace Lae.Tests.Laws;

/// <summary>The rank test and its sequential plan: what is right passes, ties included; a wrong law and a chain that is not reversible are seen; and the false alarm is what was allowed.</summary>
public sealed class RankTestTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly ExactTarget Normal = ExactGaussian.Create(Tensor.FromArray([0.0, 0.0]), Tensor.Identity(2, DType.Float64));

    [Fact]
    public void A_chain_that_hardly_moves_passes_by_ties() => RankTest.Check(MetropolisLangevin.Create(Normal.Target, new LangevinSettings(6)), Normal, Key).Require();

    [Theory]
    [InlineData(AdjustedBug.AlwaysAccept, "too wide", "too high")]
    [InlineData(AdjustedBug.NoProposalRatio, "too narrow", "too low")]
    public void A_wrong_law_is_told_with_its_direction(AdjustedBug bug, string width, string energy)
    {
        LawResult law = RankTest.Check(Adjusted(Normal.Target, new LangevinSettings(0.9), bug), Normal, Key);
        Assert.False(law.Holds);
        Assert.True(law.Explanation.Contains(width, StringComparison.Ordinal) || law.Explanation.Contains(energy, StringComparison.Ordinal), law.Explanation);
    }

    [Fact]
    public void A_chain_that_goes_one_way_keeps_the_law_and_is_not_reversible()
    {
        // the plane turns by a tenth each time: N(0, I) is kept exactly, and time has a direction
        (double c, double s) = (Math.Cos(0.2 * Math.PI), Math.Sin(0.2 * Math.PI));
        Tensor turn = Tensor.FromArray([c, s, -s, c], 2, 2);
        Kernel<LangevinState> kernel = new(
            "turning", 2, DType.Float64, x => LangevinState.At(Normal.Target, x), state => LangevinState.At(Normal.Target, state.Position),
            source => new Noise(TensorTree.Of(("xi", source.Normal(0, 2, DType.Float64)))),
            (_, state) => new Transition<LangevinState>(LangevinState.At(Normal.Target, state.Position.MatMul(turn)), StepInfo.Unadjusted));
        new ExactStart(Normal, chains: 2_000).Check(kernel, Key).Require();

        // length 4: over an arc the start is an end more often than not
        LawResult law = RankTest.Check(kernel, Normal, Key, length: 4, statistics: [Statistic.Coordinate(0), new Statistic("one half of the plane", x => x.Slice(1, 0, 1).Reshape(x.Shape[0]) + x.Slice(1, 1, 1).Reshape(x.Shape[0]))]);
        Assert.False(law.Holds);
        Assert.Contains("not reversible", law.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_fails_what_is_right_no_more_often_than_allowed()
    {
        // gaps of one uniform sample each: with α = 0.3 at most 30 % may fail; 600 repetitions, and a binomial count above 240 has probability below 1e-6
        SequentialPlan plan = new() { Draws = 100, Rounds = 3, Growth = 2, FalseAlarm = 0.3 };
        int failed = Enumerable.Range(0, 600).Count(i => !plan.Run("uniform", (round, draws) => [Uniform(Key.FoldIn((ulong)((10 * i) + round)), draws, static u => u)], _ => string.Empty).Holds);
        Assert.InRange(failed, 1, 240);
    }

    [Fact]
    public void The_plan_goes_on_where_it_is_not_clear_and_finds_a_small_error()
    {
        SequentialPlan plan = new() { Draws = 1_000, Rounds = 7, Growth = 8, FalseAlarm = 1e-6 };
        List<int> rounds = [];
        LawResult law = plan.Run(
            "bent",
            (round, draws) =>
            {
                rounds.Add(draws);
                return [Uniform(Key.FoldIn((ulong)round), draws, static u => Math.Pow(u, 1.25))];
            },
            gap => $"bent by {gap.Gap:F2}.");
        Assert.False(law.Holds);
        Assert.Equal([1_000, 8_000], rounds);
        Assert.StartsWith("bent by", law.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_out_of_range_are_named()
    {
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(Normal.Target, new LangevinSettings(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RankTest.Check(kernel, Normal, Key, length: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RankTest.Check(kernel, Normal, Key, new SequentialPlan { Draws = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => RankTest.Check(kernel, Normal, Key, new SequentialPlan { FalseAlarm = 2 }));
    }

    private static StatisticGap Uniform(RandomKey key, int draws, Func<double, double> bend)
    {
        double[] u = new double[draws];
        RowDraws.Uniform(key, 0, 0, draws, 1, u);
        double[] sorted = [.. u.Select(bend).Order()];
        return new StatisticGap("uniform", 1, DistributionGap.Of(sorted, static x => x).Largest, double.NaN, string.Empty);
    }
}
