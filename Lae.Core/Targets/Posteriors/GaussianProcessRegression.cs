using System.Buffers;
using Lae.Numerics;

namespace Lae.Targets;

/// <summary>
/// Gaussian process regression on a line with the squared-exponential kernel: y ~ N(0, K), K_ij = α² exp(−(x_i − x_j)²/(2 ρ²)) + δ_ij n(σ), with priors of ρ, α, σ, all positive; u = (log ρ, log α, log σ).
/// <code>
///     log π = −yᵀ K⁻¹ y/2 − log det K/2 − (N/2) log 2π + log priors + Σ u,    ∂/∂φ = tr[(a aᵀ − K⁻¹) ∂K/∂φ]/2,  a = K⁻¹ y
/// </code>
/// Source: Rasmussen and Williams (2006), equation 5.9. Cost: the cube of the number of observations.
/// </summary>
public static class GaussianProcessRegression
{
    /// <summary>The posterior, reporting <c>rho</c>, <c>alpha</c>, <c>sigma</c>.</summary>
    /// <param name="inputs">x, finite.</param>
    /// <param name="response">y, finite, as many.</param>
    /// <param name="lengthPrior">The prior of ρ on the positive half line.</param>
    /// <param name="amplitudePrior">The prior of α on the positive half line.</param>
    /// <param name="noisePrior">The prior of σ on the positive half line.</param>
    /// <param name="noiseIsVariance">Whether n(σ) = σ, as in posteriordb's gp_regr, rather than σ².</param>
    /// <returns>A posterior of dimension 3.</returns>
    public static Posterior Create(
        IReadOnlyList<double> inputs, IReadOnlyList<double> response, Prior lengthPrior, Prior amplitudePrior, Prior noisePrior, bool noiseIsVariance = false)
    {
        if (inputs.Count == 0 || response.Count != inputs.Count || !inputs.All(double.IsFinite) || !response.All(double.IsFinite))
        {
            throw new ArgumentException($"Finite inputs and as many responses are needed, not {inputs.Count} and {response.Count}.", nameof(inputs));
        }

        int n = inputs.Count;
        double[] x = [.. inputs];
        double[] y = [.. response];
        Prior[] priors = [lengthPrior, amplitudePrior, noisePrior];
        return new Posterior(RowwiseTarget.Create(3, Density, "Gaussian process regression"), ["rho", "alpha", "sigma"], static u => u.Exp());

        double Density(ReadOnlySpan<double> u, Span<double> gradient)
        {
            double[] memory = ArrayPool<double>.Shared.Rent((3 * n * n) + n);
            try
            {
                return Evaluate(u, gradient, memory.AsSpan(0, n * n), memory.AsSpan(n * n, n * n), memory.AsSpan(2 * n * n, n * n), memory.AsSpan(3 * n * n, n));
            }
            finally
            {
                ArrayPool<double>.Shared.Return(memory);
            }
        }

        // lower triangles, row by row: α² exp(…), the factor L of K, L⁻¹; and z = L⁻¹ y
        double Evaluate(ReadOnlySpan<double> u, Span<double> gradient, Span<double> smooth, Span<double> factor, Span<double> inverse, Span<double> z)
        {
            (double rho, double alpha, double sigma) = (Math.Exp(u[0]), Math.Exp(u[1]), Math.Exp(u[2]));
            double noise = noiseIsVariance ? sigma : sigma * sigma;
            double rate = 0.5 / (rho * rho);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    smooth[(i * n) + j] = alpha * alpha * Math.Exp(-rate * (x[i] - x[j]) * (x[i] - x[j]));
                }
            }

            double logDeterminant = 0;
            for (int i = 0; i < n; i++)
            {
                Span<double> row = factor.Slice(i * n, i + 1);
                for (int j = 0; j < i; j++)
                {
                    row[j] = (smooth[(i * n) + j] - Dot(row[..j], factor.Slice(j * n, j))) / factor[(j * n) + j];
                }

                double pivot = smooth[(i * n) + i] + noise - Dot(row[..i], row[..i]);
                if (!(pivot > 0) || !double.IsFinite(pivot))
                {
                    // not positive definite to rounding, at a length far beyond the data's: the density there is unknown, and a proposal is refused
                    gradient.Fill(double.NaN);
                    return double.NaN;
                }

                row[i] = Math.Sqrt(pivot);
                logDeterminant += Math.Log(pivot);
            }

            double squares = 0;
            for (int i = 0; i < n; i++)
            {
                Span<double> row = inverse.Slice(i * n, i + 1);
                row.Clear();
                for (int k = 0; k < i; k++)
                {
                    double weight = factor[(i * n) + k];
                    for (int j = 0; j <= k; j++)
                    {
                        row[j] -= weight * inverse[(k * n) + j];
                    }
                }

                double scale = 1 / factor[(i * n) + i];
                z[i] = 0;
                for (int j = 0; j < i; j++)
                {
                    row[j] *= scale;
                    z[i] += row[j] * y[j];
                }

                row[i] = scale;
                z[i] += scale * y[i];
                squares += z[i] * z[i];
            }

            // K⁻¹ = L⁻ᵀ L⁻¹ takes the place of the factor, and a = L⁻ᵀ z
            Span<double> whole = factor;
            whole.Clear();
            Span<double> a = z;
            for (int k = 0; k < n; k++)
            {
                ReadOnlySpan<double> row = inverse.Slice(k * n, k + 1);
                for (int i = 0; i <= k; i++)
                {
                    for (int j = 0; j <= i; j++)
                    {
                        whole[(i * n) + j] += row[i] * row[j];
                    }
                }
            }

            for (int i = 0; i < n; i++)
            {
                double sum = 0;
                for (int k = i; k < n; k++)
                {
                    sum += inverse[(k * n) + i] * z[k];
                }

                a[i] = sum;
            }

            (double byRho, double byAlpha, double byNoise) = (0.0, 0.0, 0.0);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double weight = (i == j ? 0.5 : 1) * ((a[i] * a[j]) - whole[(i * n) + j]) * smooth[(i * n) + j];
                    byAlpha += 2 * weight;
                    byRho += weight * 2 * rate * (x[i] - x[j]) * (x[i] - x[j]);
                }

                byNoise += 0.5 * ((a[i] * a[i]) - whole[(i * n) + i]);
            }

            gradient[0] = byRho + 1;
            gradient[1] = byAlpha + 1;
            gradient[2] = (byNoise * (noiseIsVariance ? noise : 2 * noise)) + 1;
            double result = (-0.5 * squares) - (0.5 * logDeterminant) - (0.5 * n * Math.Log(2 * Math.PI)) + u[0] + u[1] + u[2];
            for (int i = 0; i < priors.Length; i++)
            {
                double parameter = Math.Exp(u[i]);
                (double value, double slope) = priors[i].Evaluate(parameter);
                result += value;
                gradient[i] += slope * parameter;
            }

            return result;
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
