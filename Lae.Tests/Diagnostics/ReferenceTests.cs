using System.Globalization;
using Lae.Diagnostics;

namespace Lae.Tests.Diagnostics;

/// <summary>Diagnostics against R's posterior package on the same draws; <c>Reference/reference.R</c> made draws and figures.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, ChainDraws> Draws = Rows("draws.csv")
        .GroupBy(row => row[0], StringComparer.Ordinal)
        .ToDictionary(
            group => group.Key,
            group => ChainDraws.Of([.. group.GroupBy(row => row[1], StringComparer.Ordinal).Select(chain => (IReadOnlyList<double>)[.. chain.Select(row => Number(row[2]))])]),
            StringComparer.Ordinal);

    private static readonly Dictionary<string, Func<ChainDraws, double>> Functions = new(StringComparer.Ordinal)
    {
        ["rHat"] = PotentialScaleReduction.RankNormalized,
        ["rHatBulk"] = PotentialScaleReduction.Bulk,
        ["rHatFolded"] = PotentialScaleReduction.Folded,
        ["rHatBasic"] = PotentialScaleReduction.Basic,
        ["essBulk"] = EffectiveSampleSize.Bulk,
        ["essTail"] = EffectiveSampleSize.Tail,
        ["essMean"] = EffectiveSampleSize.ForMean,
        ["essSd"] = EffectiveSampleSize.ForStandardDeviation,
        ["essMedian"] = draws => EffectiveSampleSize.ForQuantile(draws, 0.5),
        ["mcseMean"] = MonteCarloError.OfMean,
        ["mcseSd"] = MonteCarloError.OfStandardDeviation,
        ["mcseQ05"] = draws => MonteCarloError.OfQuantile(draws, 0.05),
        ["mcseQ95"] = draws => MonteCarloError.OfQuantile(draws, 0.95),
        ["q05"] = draws => Quantile.Of(draws.Sorted(), 0.05),
        ["q95"] = draws => Quantile.Of(draws.Sorted(), 0.95),
    };

    [Fact]
    public void Every_figure_agrees_with_the_posterior_package()
    {
        int compared = 0;
        foreach (string[] row in Rows("figures.csv"))
        {
            double expected = Number(row[2]);
            double found = Functions[row[1]](Draws[row[0]]);
            Assert.True(
                Math.Abs(found - expected) <= 1e-8 * Math.Max(1, Math.Abs(expected)) || (double.IsNaN(found) && double.IsNaN(expected)),
                string.Create(CultureInfo.InvariantCulture, $"{row[0]} {row[1]}: {found:R}, the package has {expected:R}"));
            compared++;
        }

        Assert.Equal(9 * Functions.Count, compared);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<string[]> Rows(string name) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Diagnostics", "Reference", name)).Skip(1).Select(line => line.Split(','));
}
