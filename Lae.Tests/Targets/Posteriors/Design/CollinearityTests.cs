using FsCheck;
using FsCheck.Fluent;
using Lae.Targets;
using Lae.Tests.Kernels;

namespace Lae.Tests.Targets.Posteriors.Design;

/// <summary>Columns that others determine are found and named, whatever the units; columns that are merely close are not taken for them.</summary>
public sealed class CollinearityTests
{
    [Fact]
    public void A_combination_is_found_in_any_units_and_its_partners_named()
    {
        Prop.ForAll(Gen.Choose(1, 1000).Zip(Gen.Choose(-8, 8)).ToArbitrary(), pair =>
        {
            (int seed, int power) = pair;
            double[][] x = Columns(seed, 30, 4);
            double unit = Math.Pow(10, power);
            double[] sum = [.. x[0].Zip(x[2], (a, b) => unit * ((2 * a) - (3 * b) + 5))];
            Collinearity found = Collinearity.Of(DesignColumns.Of([.. x, sum], hasIntercept: true));
            DependentColumn one = Assert.Single(found.Dependent);
            Assert.Equal(4, one.Column);
            Assert.Equal([0, 2], one.Partners.Order());
            Assert.Equal([0, 1, 2, 3], found.Independent);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithReplay(1, 3));
    }

    [Theory]
    [InlineData(1e-3, true)]
    [InlineData(1e-8, true)]
    [InlineData(1e-12, false)]
    public void A_column_that_differs_by_more_than_rounding_is_independent(double difference, bool isIndependent)
    {
        double[][] x = Columns(3, 50, 3);
        double[] close = [.. x[0].Zip(x[1], (a, b) => a + (difference * b))];
        Collinearity found = Collinearity.Of(DesignColumns.Of([x[0], x[2], close], hasIntercept: true));
        Assert.Equal(isIndependent, found.Dependent.Count == 0);
    }

    [Fact]
    public void The_share_explained_is_that_of_the_regression_on_the_others()
    {
        double[][] x = Columns(4, 200, 3);
        double[] near = [.. Enumerable.Range(0, 200).Select(i => x[0][i] + x[1][i] + (0.05 * x[2][i]))];
        double[][] all = [x[0], x[1], near];
        IReadOnlyList<DependentColumn> found = Collinearity.Of(DesignColumns.Of(all, hasIntercept: true)).Near();
        Assert.Equal(3, found.Count);
        foreach (DependentColumn one in found)
        {
            double[][] others = [.. all.Where((_, j) => j != one.Column)];
            double[] fit = MathNet.Numerics.LinearRegression.MultipleRegression.QR([.. Enumerable.Range(0, 200).Select(i => others.Select(column => column[i]).ToArray())], all[one.Column], intercept: true);
            double[] rest = [.. Enumerable.Range(0, 200).Select(i => all[one.Column][i] - fit[0] - (fit[1] * others[0][i]) - (fit[2] * others[1][i]))];
            double mean = all[one.Column].Average();
            Assert.Equal(1 - (rest.Sum(r => r * r) / all[one.Column].Sum(value => (value - mean) * (value - mean))), one.Determined, 1e-10);
        }
    }

    [Fact]
    public void A_constant_column_has_no_partner_beside_an_intercept_and_a_scale_without()
    {
        double[][] x = [.. Columns(5, 20, 1), [.. Enumerable.Repeat(0.1 + 0.2, 20)]];
        DesignColumns columns = DesignColumns.Of(x, hasIntercept: true);
        Assert.Equal(0, columns.Deviations[1]);
        Assert.Empty(Assert.Single(Collinearity.Of(columns).Dependent).Partners);
        Assert.Empty(Collinearity.Of(DesignColumns.Of(x, hasIntercept: false)).Dependent);
    }

    [Fact]
    public void More_columns_than_rows_are_dependent_beyond_the_rows() =>
        Assert.Equal(3, Collinearity.Of(DesignColumns.Of(Columns(6, 4, 6), hasIntercept: true)).Independent.Count); // 4 rows less the mean

    private static double[][] Columns(int seed, int rows, int columns) => GaussianProblem.Normals(seed, rows, columns).ToColumnArrays();
}
