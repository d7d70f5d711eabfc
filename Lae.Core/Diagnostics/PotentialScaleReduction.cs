namespace Lae.Diagnostics;

/// <summary>
/// R̂, the potential scale reduction: how much wider all chains together are than each chain alone. 1 is the limit of a run that has converged; see <see cref="Verdict"/> for what is too large.
/// <code>
///     R̂ = √( (B/n)/W + (n − 1)/n ),    B/n the variance of the chains' means, W the mean of the chains' variances
/// </code>
/// Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner, Bayesian Analysis 16 (2021), section 4. NaN where draws are not finite or all the same.
/// </summary>
public static class PotentialScaleReduction
{
    /// <summary>The rank-normalised split R̂, the larger of <see cref="Bulk"/> and <see cref="Folded"/>: the one to report.</summary>
    /// <param name="draws">At least four draws in each chain.</param>
    /// <returns>R̂.</returns>
    public static double RankNormalized(ChainDraws draws)
    {
        double bulk = Bulk(draws);
        double folded = Folded(draws);
        // distances from the median are all the same where draws take two values only
        return double.IsNaN(folded) ? bulk : Math.Max(bulk, folded);
    }

    /// <summary>R̂ of rank-normalised halves of chains: sees chains that differ in place.</summary>
    /// <param name="draws">At least four draws in each chain.</param>
    /// <returns>R̂.</returns>
    public static double Bulk(ChainDraws draws) => draws.CanBeJudged ? Basic(RankNormalization.Of(draws.Split())) : double.NaN;

    /// <summary>R̂ of the rank-normalised distances from the median: sees chains that differ in spread.</summary>
    /// <param name="draws">At least four draws in each chain.</param>
    /// <returns>R̂.</returns>
    public static double Folded(ChainDraws draws) => draws.CanBeJudged && draws.Fold() is { CanBeJudged: true } folded
        ? Basic(RankNormalization.Of(folded.Split()))
        : double.NaN;

    /// <summary>R̂ of the chains as they are, neither split nor ranked (Gelman and Rubin, 1992): blind to chains that drift alike, differ in spread, or have no variance.</summary>
    /// <param name="draws">At least two draws in each chain.</param>
    /// <returns>R̂; NaN for one chain.</returns>
    public static double Basic(ChainDraws draws)
    {
        if (!draws.CanBeJudged || draws.Length < 2 || draws.Chains < 2)
        {
            return double.NaN;
        }

        int n = draws.Length;
        double[] means = new double[draws.Chains];
        double within = 0;
        for (int chain = 0; chain < draws.Chains; chain++)
        {
            (means[chain], double variance) = Moments(draws[chain]);
            within += variance / draws.Chains;
        }

        double between = Moments(means).Variance;
        return Math.Sqrt((between / within) + ((n - 1.0) / n));
    }

    private static (double Mean, double Variance) Moments(ReadOnlySpan<double> values)
    {
        double mean = 0;
        foreach (double value in values)
        {
            mean += value / values.Length;
        }

        double squares = 0;
        foreach (double value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return (mean, squares / (values.Length - 1));
    }
}
