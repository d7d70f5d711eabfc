using FsCheck;
using FsCheck.Fluent;
using Lae.Targets;
using Lae.Tests.Kernels;

namespace Lae.Tests.Targets.Posteriors.Design;

/// <summary>Separable outcomes are told from those that overlap, with a proof for either answer: on cases made to be one or the other, and on small ones against all directions.</summary>
public sealed class SeparationTests
{
    [Fact]
    public void Outcomes_made_by_a_hyperplane_are_completely_separated()
    {
        Prop.ForAll(Gen.Choose(1, 1000).ToArbitrary(), seed =>
        {
            double[][] x = Columns(seed, 60, 4);
            double[] labels = [.. Enumerable.Range(0, 60).Select(i => x[0][i] - (2 * x[3][i]) + 0.3 > 0 ? 1.0 : 0)];
            Separation found = Find(x, labels);
            Assert.Equal(SeparationKind.Complete, found.Kind);
            AssertSeparates(x, labels, found.Direction, strictly: true);
        }).Check(Config.QuickThrowOnFailure.WithReplay(1, 3));
    }

    [Fact]
    public void Rows_of_both_outcomes_on_the_border_make_it_quasi_complete()
    {
        Prop.ForAll(Gen.Choose(1, 1000).ToArbitrary(), seed =>
        {
            double[][] x = Columns(seed, 60, 3);
            double[] labels = new double[60];
            for (int i = 0; i < 60; i++)
            {
                // a rare indicator: where it is 1 the outcome is 1 always, elsewhere chance decides
                x[1][i] = i < 7 ? 1 : 0;
                labels[i] = i < 7 || x[2][i] > 0 ? 1 : 0;
            }

            double[][] known = [x[0], x[1]];
            Separation found = Find(known, labels);
            Assert.Equal(SeparationKind.Quasi, found.Kind);
            AssertSeparates(known, labels, found.Direction, strictly: false);
        }).Check(Config.QuickThrowOnFailure.WithReplay(1, 3).WithMaxTest(50));
    }

    [Fact]
    public void A_single_pair_across_the_border_is_proved_to_overlap()
    {
        double[][] x = Columns(11, 300, 1);
        double[] labels = Array.ConvertAll(x[0], value => value > 0 ? 1.0 : 0);
        Assert.Equal(SeparationKind.Complete, Find(x, labels).Kind);
        int low = Array.IndexOf(x[0], x[0].Where(value => value > 0).Min());
        int high = Array.IndexOf(x[0], x[0].Where(value => value <= 0).Max());
        (labels[low], labels[high]) = (0, 1);
        Assert.Equal(SeparationKind.None, Find(x, labels).Kind);
    }

    [Fact]
    public void Small_cases_agree_with_trying_all_directions()
    {
        int[] kinds = new int[4];
        Prop.ForAll(Gen.Choose(1, 100_000).ToArbitrary(), seed =>
        {
            // whole numbers, so that rows on the border are common
            double[][] x = [.. Columns(seed, 9, 1).Select(column => Array.ConvertAll(column, value => Math.Round(2 * value)))];
            double[] labels = [.. Columns(seed + 500_000, 9, 1)[0].Select(value => value + 0.2 > 0 ? 1.0 : 0)];
            double[] ones = [.. x[0].Where((_, i) => labels[i] == 1)];
            double[] zeros = [.. x[0].Where((_, i) => labels[i] == 0)];
            if (ones.Length == 0 || zeros.Length == 0 || x[0].Distinct().Count() == 1)
            {
                return;
            }

            // one predictor and an intercept: separable exactly if the ranges of the two outcomes touch at most in a point
            bool isComplete = ones.Min() > zeros.Max() || zeros.Min() > ones.Max();
            bool isSeparable = ones.Min() >= zeros.Max() || zeros.Min() >= ones.Max();
            SeparationKind expected = isComplete ? SeparationKind.Complete : isSeparable ? SeparationKind.Quasi : SeparationKind.None;
            Separation found = Find(x, labels);
            kinds[(int)found.Kind]++;
            Assert.True(expected == found.Kind, $"{string.Join(' ', x[0])} | {string.Join(' ', labels)}: {found.Kind}, expected {expected}");
        }).Check(Config.QuickThrowOnFailure.WithReplay(5, 7).WithMaxTest(3000));
        Assert.All(kinds[..3], count => Assert.InRange(count, 1, 3000));
    }

    [Fact]
    public void A_dependent_column_changes_nothing()
    {
        double[][] x = Columns(8, 80, 2);
        double[] labels = [.. Enumerable.Range(0, 80).Select(i => x[0][i] + x[1][i] > 0.5 ? 1.0 : 0)];
        Assert.Equal(SeparationKind.Complete, Find([.. x, x[0]], labels).Kind);
        labels[3] = 1 - labels[3];
        labels[17] = 1 - labels[17];
        Assert.Equal(Find(x, labels).Kind, Find([.. x, x[0]], labels).Kind);
    }

    private static Separation Find(double[][] x, double[] labels) => Separation.Find(Collinearity.Of(DesignColumns.Of(x, hasIntercept: true)), labels, hasIntercept: true);

    /// <summary>The two outcomes lie on the two sides of a threshold along the direction.</summary>
    private static void AssertSeparates(double[][] x, double[] labels, IReadOnlyList<double> direction, bool strictly)
    {
        DesignColumns columns = DesignColumns.Of(x, hasIntercept: true);
        double[] along = [.. Enumerable.Range(0, labels.Length).Select(i => direction.Select((v, j) => v * columns.Scaled[j][i]).Sum())];
        double least = Enumerable.Range(0, labels.Length).Where(i => labels[i] == 1).Min(i => along[i]);
        double most = Enumerable.Range(0, labels.Length).Where(i => labels[i] == 0).Max(i => along[i]);
        double scale = along.Max(Math.Abs);
        Assert.True(strictly ? least > most : least >= most - (1e-6 * scale), $"{least:R} {most:R}");
    }

    private static double[][] Columns(int seed, int rows, int columns) => GaussianProblem.Normals(seed, rows, columns).ToColumnArrays();
}
