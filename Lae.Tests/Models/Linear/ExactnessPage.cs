using System.Text;
using Lae.Evaluation;
using Lae.Tests.Evaluation;

namespace Lae.Tests.Models;

/// <summary>A model in docs/exactness.md: an outcome for each training seed.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Learned">All parameters learned.</param>
/// <param name="Held">Loadings and mean held at a rotated optimum; empty where that cannot be.</param>
internal sealed record ExactnessRow(string Name, LinearDecoderOutcome[] Learned, LinearDecoderOutcome[] Held);

/// <summary>The text of docs/exactness.md.</summary>
internal static class ExactnessPage
{
    public static string Text(
        PpcaProblem problem,
        double variance,
        ExactnessRow[] rows,
        MeanFieldOptimum meanField,
        FactorAnalysisProblem points,
        (string Name, LikelihoodEstimates Found)[] estimates)
    {
        StringBuilder page = new();
        page.Append(Invariant($"""
            # Learning and likelihood estimates against exact answers

            Written by `LAE_LONG=1 LAE_WRITE_DOCS=1 dotnet test Lae.Tests -c Release --filter LinearDecoderExactness`, which fails where a line is not as it should be.

            ## Learning

            Data: {problem.Rows} rows of factor analysis, x = W z + 0.7 ε, {PpcaProblem.Columns} columns, {PpcaProblem.Latents} latents, the noise of all columns alike, so that the optimum of the log marginal likelihood is closed (Tipping and Bishop 1999): {problem.MaximumLogMarginalLikelihood():F4} nats for each datapoint, at the noise
            variance {variance:F4}. Encoders and decoders are linear, the noise variance is learned, batches are whole, Adam 0.03 for 1,000 steps, then begun anew 0.01 and 0.002 for 400 each, float64. Figures are means over the training seeds 2, 3, 4, with the standard deviation over seeds in brackets; gaps are in nats for each datapoint below that optimum, 0 is best.

            | model | all learned: gap of log p(x) | gap of its own bound | decoder held: noise variance | gap of log p(x) | gap of its own bound | divergence of its draws |
            |---|---|---|---|---|---|---|

            """));
        foreach (ExactnessRow row in rows)
        {
            page.AppendLine(Invariant(
                $"| {row.Name} | {Of(row.Learned, o => o.Gap)} | {Of(row.Learned, o => o.BoundGap)} | {Of(row.Held, o => o.Variance)} | {Of(row.Held, o => o.Gap)} | {Of(row.Held, o => o.BoundGap)} | {Of(row.Held, o => o.Divergence)} |"));
        }

        page.AppendLine(Invariant($"| *exact: best diagonal Gaussian* | 0 | 0 | {meanField.Variance:F4} | {meanField.Gap:F4} | {meanField.BoundGap:F4} | |"));
        page.AppendLine(Invariant($"| *exact: exact posterior* | 0 | 0 | {variance:F4} | 0 | 0 | 0 |"));
        page.Append(Invariant($"""

            *All learned.* The gap of log p(x) is that of the exact log marginal likelihood of the decoder reached. The posterior covariance is M⁻¹, M = I + WᵀW/σ²; a model that learns W can turn its latents until M is diagonal, at no cost in likelihood, so that a diagonal Gaussian closes the gap too. What is left of a chain is the bias of a
            short one that forgets where it was; one that goes on at the next visit (alternating back-propagation) has next to none at T = 2. What is left of a variational model is a turn not yet made, which is slow. A short run from the prior needs its length: with T = 5 it does not arrive. Gauss–Newton coordinates make every direction of a Gaussian posterior alike, so that few transitions go far. Plain and
            preconditioned dynamics on the last layer are not here: they need as many features as a batch has observations (docs/architecture.md), and a linear encoder has one for each column.

            *Decoder held.* Loadings and mean are those of the optimum, its latents mixed by a reflection, and the noise variance alone is learned, beside the encoder where there is one: M is not diagonal, and cannot be made so. The optimum of the likelihood is where it was, so that the gap of log p(x) is what the wrong inference costs the
            parameter that is left. The last but one line is what a diagonal Gaussian can reach at best: the maximum over the noise variance of log p(x) less [Σ log M_jj − log det M]/2.

            *Its own bound.* The evidence bound of the model's q, or for an IWAE the bound of its K draws, estimated by 60 × K draws for each datapoint; its gap is that of log p(x) and what q lacks besides. A model without a q has none. Hoffman's is the bound of the encoder, where its chain begins: the decoder learns from the chain's end,
            so that the longer the chain, the less the decoder cares to turn its latents for the encoder's sake: log p(x) is at its optimum, and the bound is not.

            *Divergence of its draws.* [tr S − k − log det S]/2 of the second moments S of the latents that teach the decoder, about the exact posterior mean and in units of the exact posterior at the noise variance reached, over all datapoints: 0 for exact draws, and {0.25 * PpcaProblem.Latents * (PpcaProblem.Latents + 1) / problem.Rows:F4} on
            average by the noise of {problem.Rows} of them.

            ## Estimates of log p(x)

            {points.LogLikelihood.Length} points simulated by a factor analysis model with {points.Columns} columns and {points.Latents} latents, whose exact mean log p(x) is {points.Exact:F5} nats. Both estimates are to agree with it within 4 standard errors.

            | estimate | mean | difference | standard error | difference in standard errors | largest of one point, in its own | effective sample size, median |
            |---|---|---|---|---|---|---|

            """));
        foreach ((string name, LikelihoodEstimates found) in estimates)
        {
            double difference = found.Mean - points.Exact;
            double largest = Largest(points, found);
            page.AppendLine(Invariant(
                $"| {name} | {found.Mean:F5} | {difference:F5} | {found.MeanStandardError:F5} | {difference / found.MeanStandardError:F2} | {largest:F2} | {found.MedianEffectiveSampleSize:F0} |"));
        }

        page.AppendLine();
        page.AppendLine("The largest of 200 independent normal errors is 2.9 at the median. Annealed importance sampling has 100 chains here: from the 16 that are enough for a mean, the standard error of one point is itself a rough estimate, and too small now and then.");
        return page.ToString();
    }

    /// <summary>The largest error of a point, in its own standard errors.</summary>
    public static double Largest(FactorAnalysisProblem points, LikelihoodEstimates found) =>
        found.Estimates.Zip(points.LogLikelihood, (estimate, exact) => Math.Abs(estimate.Value - exact) / estimate.StandardError).Max();

    private static string Of(LinearDecoderOutcome[] outcomes, Func<LinearDecoderOutcome, double?> figure)
    {
        double[] values = [.. outcomes.Select(figure).OfType<double>()];
        if (values.Length == 0)
        {
            return "–";
        }

        double mean = values.Average();
        double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        return Invariant($"{Math.Round(mean, 4) + 0.0:F4} ({deviation:F4})");
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
