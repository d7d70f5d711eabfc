using FsCheck.Fluent;
using Lae.Datasets;
using Lae.Tests.Formats;

namespace Lae.Tests.Datasets;

public class StratifiedSplitTests
{
    [Fact]
    public void EveryThirdOfEachClass_Tests()
    {
        StratifiedSplit split = StratifiedSplit.Of(9, new[] { 0, 0, 1, 1, 1, 0, 0, 1, 0 }, 1.0 / 3);
        // Class 0 has rows 0 1 5 6 8, class 1 has rows 2 3 4 7.
        Assert.Equal([4, 5], split.Test);
        Assert.Equal([0, 1, 2, 3, 6, 7, 8], split.Training);
    }

    [Fact]
    public void WithoutLabels_AllAreOneClass() => Assert.Equal([3, 7], StratifiedSplit.Of(8, null, 0.25).Test);

    [Theory]
    [InlineData(0.29, 29)]
    [InlineData(0.57, 57)]
    [InlineData(0.1, 10)]
    [InlineData(0.9, 90)]
    public void Fraction_CountsAsItPrints(double fraction, int expected) =>
        Assert.Equal(expected, StratifiedSplit.Of(100, null, fraction).Test.Count);

    [Fact]
    public void Parts_CoverTheRowsAndKeepTheFraction() => FormatChecks.ForAll(
        Gen.Choose(0, 3).ArrayOf(60).Zip(Gen.Choose(5, 95)), 104, sample =>
        {
            var (labels, percent) = sample;
            StratifiedSplit split = StratifiedSplit.Of(labels.Length, labels, percent / 100.0);
            return split.Training.Concat(split.Test).Order().SequenceEqual(Enumerable.Range(0, labels.Length))
                && Enumerable.Range(0, 4).All(label =>
                    split.Test.Count(row => labels[row] == label) == labels.Count(other => other == label) * percent / 100);
        });

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(0.01)]
    public void EmptyParts_Refused(double fraction) =>
        Assert.ThrowsAny<ArgumentException>(() => StratifiedSplit.Of(10, null, fraction));
}
