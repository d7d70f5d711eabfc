using Lae.Annealing;
using Lae.Diagnostics;
using Lae.Numerics;

namespace Lae.Evaluation;

/// <summary>Estimates of log p(x) for each of n observations, in nats, with what tells how far to trust them.</summary>
/// <param name="Estimates">For each observation the estimate, its standard error and the effective sample size of its weights.</param>
public sealed record LikelihoodEstimates(IReadOnlyList<LogNormalizingConstant> Estimates)
{
    /// <summary>The mean over the observations.</summary>
    public double Mean => Estimates.Average(estimate => estimate.Value);

    /// <summary>The Monte Carlo error of the mean, √(Σ SE_i²)/n: that of these observations, not of their choice.</summary>
    public double MeanStandardError => Math.Sqrt(Estimates.Sum(estimate => estimate.StandardError * estimate.StandardError)) / Estimates.Count;

    /// <summary>The median over the observations.</summary>
    public double MedianEffectiveSampleSize => Quantile.Of([.. Estimates.Select(estimate => estimate.EffectiveSampleSize).Order()], 0.5);

    /// <summary>log mean w of each observation.</summary>
    /// <param name="logWeights">[draws, n].</param>
    /// <param name="points">n.</param>
    /// <param name="start">The number of the first observation, for messages.</param>
    /// <param name="offset">What is taken off.</param>
    internal static IEnumerable<LogNormalizingConstant> OfLogWeights(double[] logWeights, int points, int start, double offset)
    {
        double[] own = new double[logWeights.Length / points];
        for (int i = 0; i < points; i++)
        {
            for (int k = 0; k < own.Length; k++)
            {
                own[k] = logWeights[(k * points) + i];
                if (!double.IsFinite(own[k]))
                {
                    throw new ArithmeticException($"A log importance weight of observation {start + i} is {own[k]}: the model's density is not finite there.");
                }
            }

            yield return LogNormalizingConstant.OfForward(own, -offset);
        }
    }

    internal static void RequireRows(Tensor x)
    {
        if (x.Rank != 2 || x.Shape[0] < 1)
        {
            throw new ArgumentException($"Observations [n, columns] with n 1 or more are needed, not {x.Shape}.", nameof(x));
        }
    }
}
