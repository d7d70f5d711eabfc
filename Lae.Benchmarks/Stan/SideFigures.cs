using Lae.Diagnostics;

namespace Lae.Benchmarks.Stan;

/// <summary>What a run is worth, by the same functions of the draws for both sides.</summary>
/// <param name="Seconds">Wall clock, warm-up included.</param>
/// <param name="WorstEss">The smallest bulk effective sample size of a parameter.</param>
/// <param name="WarmupGradients">Gradients of all chains in the warm-up.</param>
/// <param name="Gradients">Gradients of all chains after it.</param>
/// <param name="WorstZ">The largest distance of a mean or a standard deviation from the reference, in standard errors of the difference.</param>
/// <param name="WorstBias">The largest distance of a mean from the reference's, in standard deviations of the parameter.</param>
/// <param name="WorstReduction">The largest R̂.</param>
/// <param name="Divergences">Divergent transitions.</param>
internal sealed record SideFigures(double Seconds, double WorstEss, double WarmupGradients, double Gradients, double WorstZ, double WorstBias, double WorstReduction, double Divergences)
{
    /// <summary>Worst ESS per second, warm-up included.</summary>
    public double PerSecond => WorstEss / Seconds;

    /// <summary>Worst ESS per 1,000 gradients, warm-up included.</summary>
    public double PerThousand => 1000 * WorstEss / (WarmupGradients + Gradients);

    /// <summary>Worst ESS per 1,000 gradients after the warm-up.</summary>
    public double PerThousandAfter => 1000 * WorstEss / Gradients;

    /// <summary>The figures of a run.</summary>
    public static SideFigures Of(StanProblem problem, SideRun run)
    {
        (double ess, double z, double bias, double reduction) = (double.PositiveInfinity, 0, 0, 0);
        for (int i = 0; i < run.Draws.Count; i++)
        {
            (ChainDraws draws, ReferenceFigures known) = (run.Draws[i], problem.Reference[i]);
            ess = Math.Min(ess, EffectiveSampleSize.Bulk(draws));
            reduction = Math.Max(reduction, PotentialScaleReduction.RankNormalized(draws));
            z = Math.Max(z, Distance(draws.Mean(), MonteCarloError.OfMean(draws), known.Mean, known.MeanError));
            z = Math.Max(z, Distance(draws.StandardDeviation(), MonteCarloError.OfStandardDeviation(draws), known.Sd, known.SdError));
            bias = Math.Max(bias, Math.Abs(draws.Mean() - known.Mean) / known.Sd);
        }

        return new SideFigures(run.Seconds, ess, run.WarmupGradients, run.Gradients, z, bias, reduction, run.Divergences);
    }

    /// <summary>The median of each figure over runs.</summary>
    public static SideFigures Median(IReadOnlyCollection<SideFigures> runs)
    {
        return new SideFigures(
            Of(one => one.Seconds), Of(one => one.WorstEss), Of(one => one.WarmupGradients), Of(one => one.Gradients), Of(one => one.WorstZ), Of(one => one.WorstBias),
            Of(one => one.WorstReduction), Of(one => one.Divergences));

        double Of(Func<SideFigures, double> figure)
        {
            double[] sorted = [.. runs.Select(figure).Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    private static double Distance(double estimate, double error, double known, double knownError) => Math.Abs(estimate - known) / Math.Sqrt((error * error) + (knownError * knownError));
}
