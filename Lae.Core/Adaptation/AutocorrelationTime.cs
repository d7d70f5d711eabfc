using Lae.Numerics;

namespace Lae.Adaptation;

/// <summary>
/// The integrated autocorrelation time τ = 1 + 2 Σ ρ_k of each coordinate, the transitions to one effective draw, with the sum ended by the initial positive sequence of Geyer (1992): as soon as a
/// pair ρ_(2k) + ρ_(2k+1) is not positive. Chains are centred by their common mean.
/// </summary>
internal static class AutocorrelationTime
{
    /// <summary>τ of each coordinate of positions [transitions, chains, dimension], 1 or more.</summary>
    public static double[] Of(Tensor positions)
    {
        double[] values = positions.ToArray();
        int transitions = positions.Shape[0];
        int columns = positions.Shape[1] * positions.Shape[2];
        int dimension = positions.Shape[2];
        double[] times = new double[dimension];
        for (int i = 0; i < dimension; i++)
        {
            double[][] series = [.. Enumerable.Range(0, positions.Shape[1]).Select(chain => Enumerable.Range(0, transitions).Select(t => values[(t * columns) + (chain * dimension) + i]).ToArray())];
            times[i] = Of(series);
        }

        return times;
    }

    private static double Of(double[][] series)
    {
        int transitions = series[0].Length;
        double mean = series.Average(chain => chain.Average());
        foreach (double[] chain in series)
        {
            for (int t = 0; t < transitions; t++)
            {
                chain[t] -= mean;
            }
        }

        double variance = Covariance(0);
        double sum = 0;
        for (int lag = 0; lag + 1 < transitions && variance > 0; lag += 2)
        {
            double pair = (Covariance(lag) + Covariance(lag + 1)) / variance;
            if (!(pair > 0))
            {
                break;
            }

            sum += pair;
        }

        return Math.Max(1, (2 * sum) - 1);

        double Covariance(int lag)
        {
            double total = 0;
            foreach (double[] chain in series)
            {
                for (int t = lag; t < transitions; t++)
                {
                    total += chain[t] * chain[t - lag];
                }
            }

            return total / ((double)series.Length * transitions);
        }
    }
}
