using MathNet.Numerics.Distributions;

namespace Lae.Diagnostics;

/// <summary>
/// Standard errors of estimates from correlated draws. Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner, Bayesian Analysis 16 (2021), section 3.3.
/// </summary>
public static class MonteCarloError
{
    private const double OneDeviationBelow = 0.15865525393145707;

    /// <summary>Of the mean: sd / √ESS.</summary>
    /// <param name="draws">At least six draws in each chain.</param>
    /// <returns>The standard error.</returns>
    public static double OfMean(ChainDraws draws) => draws.StandardDeviation() / Math.Sqrt(EffectiveSampleSize.ForMean(draws));

    /// <summary>Of the standard deviation, by the variance of (x − mean)² and the delta method: √( Var((x − m)²) / ESS / (4 E(x − m)²) ).</summary>
    /// <param name="draws">At least six draws in each chain.</param>
    /// <returns>The standard error.</returns>
    public static double OfStandardDeviation(ChainDraws draws)
    {
        double mean = draws.Mean();
        ChainDraws squares = draws.Map(value => (value - mean) * (value - mean));
        double variance = squares.Mean();
        double spread = (squares.Map(value => value * value).Mean() - (variance * variance)) / EffectiveSampleSize.ForMean(squares);
        return Math.Sqrt(spread / variance / 4);
    }

    /// <summary>Of a quantile: half the distance of the draws at the one-deviation limits of the Beta law of its order statistic.</summary>
    /// <param name="draws">At least six draws in each chain.</param>
    /// <param name="probability">In (0, 1).</param>
    /// <returns>The standard error.</returns>
    public static double OfQuantile(ChainDraws draws, double probability)
    {
        double size = EffectiveSampleSize.ForQuantile(draws, probability);
        if (double.IsNaN(size))
        {
            return double.NaN;
        }

        Beta law = new((size * probability) + 1, (size * (1 - probability)) + 1);
        double[] sorted = draws.Sorted();
        int low = Math.Max((int)Math.Floor(law.InverseCumulativeDistribution(OneDeviationBelow) * sorted.Length), 1);
        int high = Math.Min((int)Math.Ceiling(law.InverseCumulativeDistribution(1 - OneDeviationBelow) * sorted.Length), sorted.Length);
        return (sorted[high - 1] - sorted[low - 1]) / 2;
    }
}
