namespace Lae.Diagnostics;

/// <summary>What is said of one parameter. A figure that does not exist for its draws is NaN.</summary>
/// <param name="Name">Such as <c>theta[3]</c>.</param>
/// <param name="Mean">Posterior mean.</param>
/// <param name="Sd">Posterior standard deviation.</param>
/// <param name="McseMean">Monte Carlo standard error of the mean.</param>
/// <param name="Q5">5 % quantile.</param>
/// <param name="Median">50 % quantile.</param>
/// <param name="Q95">95 % quantile.</param>
/// <param name="RHat">Rank-normalised split R̂, 1 for chains that agree.</param>
/// <param name="EssBulk">Effective sample size for the mean and the like.</param>
/// <param name="EssTail">Effective sample size for the 5 % and 95 % quantiles.</param>
public sealed record ParameterSummary(
    string Name, double Mean, double Sd, double McseMean, double Q5, double Median, double Q95, double RHat, double EssBulk, double EssTail)
{
    /// <summary>The figures of one parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="draws">Its draws.</param>
    /// <returns>Its summary; of draws that are not all finite only the name, of draws that are all the same the place.</returns>
    public static ParameterSummary Of(string name, ChainDraws draws)
    {
        double[] sorted = draws.Sorted();
        // sorting puts NaN first, and infinities at the ends
        bool isFinite = double.IsFinite(sorted[0]) && double.IsFinite(sorted[^1]);
        double Place(double probability) => isFinite ? Quantile.Of(sorted, probability) : double.NaN;
        return new ParameterSummary(
            name,
            isFinite ? draws.Mean() : double.NaN,
            isFinite ? draws.StandardDeviation() : double.NaN,
            MonteCarloError.OfMean(draws),
            Place(0.05),
            Place(0.5),
            Place(0.95),
            PotentialScaleReduction.RankNormalized(draws),
            EffectiveSampleSize.Bulk(draws),
            EffectiveSampleSize.Tail(draws));
    }
}
