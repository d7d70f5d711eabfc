using FsCheck.Fluent;
using Lae.Formats.Charts;

namespace Lae.Tests.Formats.Charts;

public class TicksTests
{
    [Theory]
    [InlineData(0, 10, 5, "0 2 4 6 8 10")]
    [InlineData(-1, 1, 4, "−1.0 −0.5 0.0 0.5 1.0")]
    [InlineData(0.24, 0.36, 2, "0.25 0.30 0.35")]
    [InlineData(0, 3e7, 3, "0 1·10⁷ 2·10⁷ 3·10⁷")]
    [InlineData(-2e-6, 2.1e-6, 4, "−2·10⁻⁶ −1·10⁻⁶ 0 1·10⁻⁶ 2·10⁻⁶")]
    [InlineData(1000000.1, 1000000.3, 2, "1.0000001·10⁶ 1.0000002·10⁶ 1.0000003·10⁶")]
    [InlineData(9.5e6, 1.05e7, 2, "9.5·10⁶ 1·10⁷ 1.05·10⁷")]
    public void Linear_GivesKnownTexts(double least, double most, int wanted, string expected) =>
        Assert.Equal(expected, string.Join(' ', Ticks.Linear(least, most, wanted).Select(tick => tick.Text)));

    [Theory]
    [InlineData(0.001, 1000, 6, "0.001 0.01 0.1 1 10 100 1000")]
    [InlineData(1e-9, 1e9, 6, "10⁻⁹ 10⁻⁶ 0.001 1 1000 10⁶ 10⁹")]
    [InlineData(0.9, 60, 6, "1 2 5 10 20 50")]
    [InlineData(1e5, 1e6, 6, "10⁵ 2·10⁵ 5·10⁵ 10⁶")]
    [InlineData(3.1, 3.9, 4, "3.2 3.4 3.6 3.8")]
    public void Logarithmic_GivesKnownTexts(double least, double most, int wanted, string expected) =>
        Assert.Equal(expected, string.Join(' ', Ticks.Logarithmic(least, most, wanted).Select(tick => tick.Text)));

    [Fact]
    public void Linear_RisesInsideTheRangeAndIsNotCrowded() => FormatChecks.ForAll(
        Gen.Choose(-1000, 1000).Zip(Gen.Choose(1, 100_000)).Zip(Gen.Choose(-200, 200)).Zip(Gen.Choose(2, 12)), 108, sample =>
        {
            var (((start, length), exponent), wanted) = sample;
            double unit = Math.Pow(10, exponent);
            double least = start * unit;
            double most = (start + length / 100.0) * unit;
            IReadOnlyList<Tick> ticks = Ticks.Linear(least, most, wanted);
            double slack = 1e-6 * (most - least);
            return ticks.Count >= 1 && ticks.Count <= 2 * wanted + 1
                && ticks.All(tick => tick.Value >= least - slack && tick.Value <= most + slack)
                && ticks.Zip(ticks.Skip(1)).All(pair => pair.First.Value < pair.Second.Value)
                && ticks.Select(tick => tick.Text).Distinct().Count() == ticks.Count;
        });
}
