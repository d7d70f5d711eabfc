using FsCheck;
using FsCheck.Fluent;
using Lae.Diagnostics;
using Lae.Tests.Kernels;

namespace Lae.Tests.Diagnostics;

/// <summary>AUROC and average precision against their definitions over all pairs and all thresholds, with ties.</summary>
public class DetectionTests
{
    /// <summary>Few levels, so that most scores are tied.</summary>
    private static readonly Gen<(int Score, bool Positive)[]> Observations =
        from observations in (from score in Gen.Choose(0, 6) from positive in Gen.Elements(true, false) select (score, positive)).ArrayOf()
        where observations.Any(one => one.positive) && observations.Any(one => !one.positive)
        select observations;

    [Fact]
    public void Auroc_is_the_share_of_pairs_in_the_right_order() => Generated.ForAll(Observations, observations =>
    {
        (double[] scores, bool[] positive) = Split(observations);
        var pairs = from a in observations where a.Positive from b in observations where !b.Positive select a.Score > b.Score ? 1 : a.Score == b.Score ? 0.5 : 0;
        Assert.Equal(pairs.Average(), Detection.Auroc(scores, positive), 1e-12);
        Assert.Equal(1 - Detection.Auroc(scores, positive), Detection.Auroc([.. scores.Select(score => -score)], positive), 1e-12);
    });

    [Fact]
    public void Average_precision_sums_precision_over_the_rises_of_recall() => Generated.ForAll(Observations, observations =>
    {
        (double[] scores, bool[] positive) = Split(observations);
        double expected = 0;
        double recall = 0;
        foreach (double threshold in scores.Distinct().OrderDescending())
        {
            var above = observations.Where(one => one.Score >= threshold).ToArray();
            double next = (double)above.Count(one => one.Positive) / positive.Count(one => one);
            expected += (next - recall) * above.Count(one => one.Positive) / above.Length;
            recall = next;
        }

        Assert.Equal(expected, Detection.AveragePrecision(scores, positive), 1e-12);
        Assert.Equal(positive.Count(one => one) / (double)positive.Length, Detection.AveragePrecision(new double[scores.Length], positive), 1e-12);
    });

    [Fact]
    public void Figures_that_scikit_learn_documents()
    {
        double[] scores = [0.1, 0.4, 0.35, 0.8];
        bool[] positive = [false, false, true, true];
        Assert.Equal(0.75, Detection.Auroc(scores, positive), 1e-12);
        Assert.Equal(5.0 / 6, Detection.AveragePrecision(scores, positive), 1e-12);
    }

    [Fact]
    public void What_has_no_figure_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Detection.Auroc([1, 2], [true, true]));
        Assert.Throws<ArgumentException>(() => Detection.AveragePrecision([1, 2], [false, false]));
        Assert.Throws<ArgumentException>(() => Detection.Auroc([1, double.NaN], [true, false]));
        Assert.Throws<ArgumentException>(() => Detection.AveragePrecision([1, 2, 3], [true, false]));
    }

    private static (double[] Scores, bool[] Positive) Split((int Score, bool Positive)[] observations) =>
        ([.. observations.Select(one => (double)one.Score)], [.. observations.Select(one => one.Positive)]);
}
