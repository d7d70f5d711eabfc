using MathNet.Numerics.Distributions;

namespace Lae.Diagnostics;

/// <summary>
/// Rank normalisation: every draw becomes z = Φ⁻¹((r − 3/8)/(S + 1/4)), with r its rank among all S draws of all chains (ties share the mean of their ranks). Diagnostics of z exist
/// whatever moments the quantity lacks, and are unchanged by monotone maps. Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner, Bayesian Analysis 16 (2021), equation 14.
/// </summary>
public static class RankNormalization
{
    /// <summary>The normal scores of draws.</summary>
    /// <param name="draws">Finite draws.</param>
    /// <returns>Draws of the same form.</returns>
    public static ChainDraws Of(ChainDraws draws)
    {
        double[] values = draws.Pooled();
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        double[] scores = new double[values.Length];
        for (int first = 0; first < order.Length;)
        {
            int last = first;
            while (last + 1 < order.Length && values[order[last + 1]].Equals(values[order[first]]))
            {
                last++;
            }

            double rank = 1 + (0.5 * (first + last));
            double score = Normal.InvCDF(0, 1, (rank - 0.375) / (order.Length + 0.25));
            for (; first <= last; first++)
            {
                scores[order[first]] = score;
            }
        }

        return draws.WithPooled(scores);
    }
}
