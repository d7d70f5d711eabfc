using Lae.Numerics;
using MathNet.Numerics.LinearAlgebra;

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
        Vector<double> y = Vector<double>.Build.DenseOfEnumerable(response);
        Prior[] priors = [lengthPrior, amplitudePrior, noisePrior];
        return new Posterior(RowwiseTarget.Create(3, Density, "Gaussian process regression"), ["rho", "alpha", "sigma"], static u => u.Exp());

        double Density(ReadOnlySpan<double> u, Span<double> gradient)
        {
            (double rho, double alpha, double sigma) = (Math.Exp(u[0]), Math.Exp(u[1]), Math.Exp(u[2]));
            double noise = noiseIsVariance ? sigma : sigma * sigma;
            Matrix<double> smooth = Matrix<double>.Build.Dense(n, n, (i, j) => alpha * alpha * Math.Exp(-0.5 * (x[i] - x[j]) * (x[i] - x[j]) / (rho * rho)));
            Matrix<double> k = smooth + (noise * Matrix<double>.Build.DenseIdentity(n));
            if (!k.Enumerate().All(double.IsFinite) || !TryCholesky(k, out var factor))
            {
                gradient.Fill(double.NaN);
                return double.NaN;
            }

            Vector<double> a = factor.Solve(y);
            Matrix<double> inverse = factor.Solve(Matrix<double>.Build.DenseIdentity(n));
            (double byRho, double byAlpha, double byNoise) = (0.0, 0.0, 0.0);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    double weight = 0.5 * ((a[i] * a[j]) - inverse[i, j]) * smooth[i, j];
                    byAlpha += 2 * weight;
                    byRho += weight * (x[i] - x[j]) * (x[i] - x[j]) / (rho * rho);
                }

                byNoise += 0.5 * ((a[i] * a[i]) - inverse[i, i]);
            }

            gradient[0] = byRho + 1;
            gradient[1] = byAlpha + 1;
            gradient[2] = (byNoise * (noiseIsVariance ? noise : 2 * noise)) + 1;
            double result = (-0.5 * (y * a)) - (0.5 * factor.DeterminantLn) - (0.5 * n * Math.Log(2 * Math.PI)) + u[0] + u[1] + u[2];
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

    private static bool TryCholesky(Matrix<double> matrix, out MathNet.Numerics.LinearAlgebra.Factorization.Cholesky<double> factor)
    {
        try
        {
            factor = matrix.Cholesky();
            return true;
        }
        catch (ArgumentException)
        {
            // not positive definite to rounding, at a length far beyond the data's: the density there is unknown, and a proposal is refused
            factor = null!;
            return false;
        }
    }
}
