using FsCheck.Fluent;
using Lae.Evaluation;
using Lae.Tests.Kernels;

namespace Lae.Tests.Evaluation;

/// <summary>Both figures by hand, by brute force over pairs, and what leaves them as they are.</summary>
public sealed class DetectionFiguresTests
{
    /// <summary>Scores with many ties, at least one of each kind.</summary>
    private static readonly FsCheck.Gen<(int[] Scores, bool[] Kinds)> Cases =
        from count in Gen.Choose(2, 30)
        from scores in Gen.ArrayOf(Gen.Choose(-4, 4), count)
        from kinds in Gen.ArrayOf(Gen.Elements(true, false), count)
        select (scores, Both(kinds));

    [Theory]
    [InlineData(new[] { 0.1, 0.4, 0.35, 0.8 }, new[] { false, false, true, true }, 0.75, (0.5 * 2 / 3) + 0.5)]
    [InlineData(new[] { 1.0, 1, 0, 0 }, new[] { true, false, true, false }, 0.5, 0.5)]
    [InlineData(new[] { 2.0, 2, 2, 2, 2 }, new[] { true, false, false, false, true }, 0.5, 0.4)]
    [InlineData(new[] { 3.0, 2, 1 }, new[] { true, false, false }, 1, 1)]
    [InlineData(new[] { 3.0, 2, 1 }, new[] { false, false, true }, 0, 1.0 / 3)]
    [InlineData(new[] { 3.0, 2, 2, 1 }, new[] { false, true, false, true }, 0.125, (0.5 / 3) + 0.25)]
    public void Both_are_as_counted_by_hand(double[] scores, bool[] kinds, double auroc, double averagePrecision)
    {
        DetectionFigures found = DetectionFigures.Of(scores, kinds);
        Assert.Equal(auroc, found.Auroc, 1e-12);
        Assert.Equal(averagePrecision, found.AveragePrecision, 1e-12);
        Assert.Equal(found.Auroc, found.Figures()["auroc"]);
        Assert.Equal(found.AveragePrecision, found.Figures()["averagePrecision"]);
    }

    [Fact]
    public void They_are_those_of_all_pairs_and_all_thresholds() => Generated.ForAll(Cases, c =>
    {
        DetectionFigures found = Of(c.Scores.Select(score => (double)score), c.Kinds);
        Assert.Equal(Pairs(c.Scores, c.Kinds, tie: 0.5), found.Auroc, 1e-12);
        Assert.Equal(Thresholds(c.Scores, c.Kinds), found.AveragePrecision, 1e-12);
    });

    [Fact]
    public void Monotone_maps_and_another_order_leave_them_unchanged_and_a_falling_map_turns_the_curve() => Generated.ForAll(Cases, c =>
    {
        DetectionFigures found = Of(c.Scores.Select(score => (double)score), c.Kinds);
        Assert.Equal(found, Of(c.Scores.Select(score => Math.Exp(score)), c.Kinds));
        Assert.Equal(found, Of(c.Scores.Select(score => (Math.Pow(score, 3) * 1e5) - 7), c.Kinds));
        Assert.Equal(found, Of(c.Scores.Reverse().Select(score => (double)score), c.Kinds.Reverse()));
        Assert.Equal(1 - found.Auroc, Of(c.Scores.Select(score => -(double)score), c.Kinds).Auroc, 1e-12);
    });

    [Fact]
    public void Counting_a_tie_as_found_is_seen() =>
        Assert.ThrowsAny<Exception>(() => Generated.ForAll(Cases, c => Assert.Equal(Pairs(c.Scores, c.Kinds, tie: 1), Of(c.Scores.Select(score => (double)score), c.Kinds).Auroc, 1e-12)));

    [Fact]
    public void What_has_no_figures_is_refused()
    {
        Assert.Throws<ArgumentException>(() => DetectionFigures.Of([1, 2], [true, true]));
        Assert.Throws<ArgumentException>(() => DetectionFigures.Of([1, 2], [false, false]));
        Assert.Throws<ArgumentException>(() => DetectionFigures.Of([1, double.NaN], [true, false]));
        Assert.Throws<ArgumentException>(() => DetectionFigures.Of([1], [true, false]));
    }

    private static DetectionFigures Of(IEnumerable<double> scores, IEnumerable<bool> kinds) => DetectionFigures.Of([.. scores], [.. kinds]);

    private static bool[] Both(bool[] kinds) => [true, false, .. kinds[2..]];

    private static double Pairs(int[] scores, bool[] kinds, double tie)
    {
        int[] positives = [.. scores.Where((_, i) => kinds[i])];
        int[] negatives = [.. scores.Where((_, i) => !kinds[i])];
        return positives.Average(p => negatives.Average(n => p > n ? 1.0 : p == n ? tie : 0));
    }

    private static double Thresholds(int[] scores, bool[] kinds)
    {
        double sum = 0;
        double last = 0;
        foreach (int threshold in scores.Distinct().OrderDescending())
        {
            double alarms = scores.Count(score => score >= threshold);
            double found = scores.Where((score, i) => score >= threshold && kinds[i]).Count();
            double recall = found / kinds.Count(kind => kind);
            sum += (recall - last) * found / alarms;
            last = recall;
        }

        return sum;
    }
}
