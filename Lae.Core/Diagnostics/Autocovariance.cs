using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Lae.Diagnostics;

/// <summary>
/// Autocovariances of a series, c_k = (1/n) Σ_t (x_t − m)(x_{t+k} − m) for k = 0 … n − 1, by the fast Fourier transform of the padded series. The divisor n for every lag
/// makes the sequence positive definite (Geyer, 1992).
/// </summary>
public static class Autocovariance
{
    /// <summary>All lags.</summary>
    /// <param name="series">x, at least one value.</param>
    /// <returns>c_0 … c_{n−1}.</returns>
    public static double[] Of(ReadOnlySpan<double> series)
    {
        int n = series.Length;
        Complex[] spectrum = new Complex[(int)BitOperations.RoundUpToPowerOf2((uint)(2 * n))];
        double mean = 0;
        foreach (double value in series)
        {
            mean += value / n;
        }

        for (int t = 0; t < n; t++)
        {
            spectrum[t] = series[t] - mean;
        }

        Fourier.Forward(spectrum, FourierOptions.Default);
        for (int k = 0; k < spectrum.Length; k++)
        {
            spectrum[k] *= Complex.Conjugate(spectrum[k]);
        }

        // each of the two transforms of the default convention carries 1/√length: the product lacks one root
        Fourier.Inverse(spectrum, FourierOptions.Default);
        double scale = Math.Sqrt(spectrum.Length) / n;
        double[] result = new double[n];
        for (int k = 0; k < n; k++)
        {
            result[k] = spectrum[k].Real * scale;
        }

        return result;
    }

    /// <summary>Autocorrelations ρ_k = c_k / c_0.</summary>
    /// <param name="series">x, not all the same.</param>
    /// <returns>ρ_0 = 1 … ρ_{n−1}.</returns>
    public static double[] Normalized(ReadOnlySpan<double> series)
    {
        double[] result = Of(series);
        double variance = result[0];
        return Array.ConvertAll(result, value => value / variance);
    }
}
