namespace Lae.Diagnostics;

/// <summary>
/// The effective sample size: how many independent draws would give the same precision, S / τ with the integrated autocorrelation time
/// <code>
///     τ = −1 + 2 Σ_{t even} (ρ_t + ρ_{t+1}),    ρ_t = 1 − (W − mean over chains of c_t) / var⁺
/// </code>
/// cut off where the sum of a pair becomes negative and made monotone (Geyer's initial monotone sequence). W is the mean of the chains' variances, var⁺ the variance of all chains together, so that chains that
/// disagree count little. Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner, Bayesian Analysis 16 (2021), section 3.2. NaN where draws are not finite or all the same, or chains are shorter than 3.
/// </summary>
public static class EffectiveSampleSize
{
    /// <summary>For the mean and other statistics of the bulk, of rank-normalised halves of chains: the one to report.</summary>
    /// <param name="draws">At least six draws in each chain.</param>
    /// <returns>Bulk effective sample size.</returns>
    public static double Bulk(ChainDraws draws) => draws.CanBeJudged ? Of(RankNormalization.Of(draws.Split())) : double.NaN;

    /// <summary>For the 5 % and 95 % quantiles, the smaller of the two.</summary>
    /// <param name="draws">At least six draws in each chain.</param>
    /// <returns>Tail effective sample size.</returns>
    public static double Tail(ChainDraws draws) => Math.Min(ForQuantile(draws, 0.05), ForQuantile(draws, 0.95));

    /// <summary>For the mean.</summary>
    /// <param name="draws">At least six draws in each chain.</param>
    /// <returns>The effective sample size.</returns>
    public static double ForMean(ChainDraws draws) => Of(draws.Split());

    /// <summary>For the standard deviation: that of |x − mean|.</summary>
    /// <param name="draws">At least six draws in each chain.</param>
    /// <returns>The effective sample size.</returns>
    public static double ForStandardDeviation(ChainDraws draws)
    {
        double mean = draws.Mean();
        return Of(draws.Map(value => Math.Abs(value - mean)).Split());
    }

    /// <summary>For a quantile: that of the indicator x ≤ quantile.</summary>
    /// <param name="draws">At least six draws in each chain.</param>
    /// <param name="probability">In (0, 1).</param>
    /// <returns>The effective sample size.</returns>
    public static double ForQuantile(ChainDraws draws, double probability)
    {
        if (!draws.CanBeJudged)
        {
            return double.NaN;
        }

        double quantile = Quantile.Of(draws.Sorted(), probability);
        return Of(draws.Map(value => value <= quantile ? 1 : 0).Split());
    }

    /// <summary>Of the draws as they are, neither split nor ranked.</summary>
    /// <param name="draws">At least three draws in each chain.</param>
    /// <returns>The effective sample size, at most S log₁₀ S.</returns>
    public static double Of(ChainDraws draws)
    {
        int n = draws.Length;
        if (n < 3 || !draws.CanBeJudged)
        {
            return double.NaN;
        }

        double[] covariance = new double[n];
        double[] means = new double[draws.Chains];
        for (int chain = 0; chain < draws.Chains; chain++)
        {
            double[] one = Autocovariance.Of(draws[chain]);
            for (int t = 0; t < n; t++)
            {
                covariance[t] += one[t] / draws.Chains;
            }

            means[chain] = Mean(draws[chain]);
        }

        double within = covariance[0] * n / (n - 1);
        double total = covariance[0] + (draws.Chains > 1 ? Variance(means) : 0);
        double tau = Math.Max(IntegratedTime(t => 1 - ((within - covariance[t]) / total), n), 1 / Math.Log10(draws.Count));
        return draws.Count / tau;
    }

    /// <summary>τ by Geyer's initial monotone sequence; ρ_0 counts as 1.</summary>
    private static double IntegratedTime(Func<int, double> autocorrelation, int n)
    {
        double[] rho = new double[n + 2];
        (double even, double odd) = (1, autocorrelation(1));
        (rho[0], rho[1]) = (even, odd);
        int last = 0;
        while (last < n - 5 && even + odd > 0)
        {
            last += 2;
            (even, odd) = (autocorrelation(last), autocorrelation(last + 1));
            if (even + odd >= 0)
            {
                (rho[last], rho[last + 1]) = (even, odd);
            }
        }

        // a positive lag at the cut still belongs to the estimate
        if (even > 0)
        {
            rho[last] = even;
        }

        for (int t = 2; t <= last - 2; t += 2)
        {
            double before = rho[t - 2] + rho[t - 1];
            if (rho[t] + rho[t + 1] > before)
            {
                rho[t] = rho[t + 1] = before / 2;
            }
        }

        double sum = 0;
        for (int t = 0; t < last; t++)
        {
            sum += rho[t];
        }

        return -1 + (2 * sum) + rho[last];
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double mean = 0;
        foreach (double value in values)
        {
            mean += value / values.Length;
        }

        return mean;
    }

    private static double Variance(double[] values)
    {
        double mean = Mean(values);
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}
