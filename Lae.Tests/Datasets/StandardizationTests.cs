using FsCheck.Fluent;
using Lae.Datasets;
using Lae.Formats;
using Lae.Tests.Formats;

namespace Lae.Tests.Datasets;

public class StandardizationTests
{
    [Fact]
    public void Fit_OfKnownColumns()
    {
        Standardization map = Standardization.Fit([1, 10, 2, 20, 3, 60], 3, 2);

        Assert.Equal([2, 30], map.Means);
        Assert.Equal(1, map.Deviations[0], 1e-15);
        Assert.Equal(Math.Sqrt(700), map.Deviations[1], 1e-13);
        Assert.Equal([0, (90 - 30) / Math.Sqrt(700)], map.Apply([2, 90]), new Near(1e-14));
    }

    [Theory]
    [InlineData(1e12, 1)]
    [InlineData(0, 1e-200)]
    [InlineData(0, 1e200)]
    public void Moments_SurviveOffsetAndScale(double offset, double scale)
    {
        Standardization map = Standardization.Fit([offset, offset + scale, offset + 2 * scale], 3, 1);
        Assert.Equal(1, map.Deviations[0] / scale, 1e-14);
        Assert.Equal(offset + scale, map.Means[0]);
    }

    [Fact]
    public void Columns_BecomeStandardAndComeBack() => FormatChecks.ForAll(Gen.Choose(-1000, 1000).ArrayOf(30), 107, numbers =>
    {
        double[] values = [.. numbers.Select((number, i) => number / 7.0 + (i < 3 ? i * 5000 : 0))];
        Standardization map = Standardization.Fit(values, 10, 3);
        double[] standard = map.Apply(values);
        return Enumerable.Range(0, 3).All(column =>
            {
                double[] one = [.. Enumerable.Range(0, 10).Select(row => standard[row * 3 + column])];
                return Math.Abs(one.Sum()) < 1e-11 && Math.Abs(one.Sum(value => value * value) / 9 - 1) < 1e-12;
            })
            && map.Invert(standard).Zip(values).All(pair => Math.Abs(pair.First - pair.Second) < 1e-10);
    });

    [Fact]
    public void ConstantColumn_RefusedByName()
    {
        // A tenth has no exact binary form: a mean that rounds must not make this column look alive.
        double[] values = [.. Enumerable.Range(0, 14).Select(i => i % 2 == 0 ? i : 0.1)];
        var exception = Assert.Throws<DataFormatException>(() => Standardization.Fit(values, 7, 2, ["a", "flat"], "some.csv"));

        Assert.Equal("column 2 (\"flat\")", exception.Place);
        Assert.Contains("found 0.1 in all 7 rows", exception.Message, StringComparison.Ordinal);
        Assert.Throws<DataFormatException>(() => Standardization.Fit([1, 2], 1, 2));
        Assert.Throws<DataFormatException>(() => Standardization.Fit([double.MaxValue, -double.MaxValue], 2, 1));
    }

    [Fact]
    public void BadArguments_Refused()
    {
        Assert.Throws<ArgumentException>(() => Standardization.Fit([1, 2, 3], 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Standardization.Fit([1, double.NaN], 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Standardization([0], [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Standardization([double.NaN], [1]));
        Assert.Throws<ArgumentException>(() => new Standardization([0], [1, 1]));
        Assert.Throws<ArgumentException>(() => new Standardization([0, 0], [1, 1]).Apply([1]));
    }

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double value) => 0;
    }
}
