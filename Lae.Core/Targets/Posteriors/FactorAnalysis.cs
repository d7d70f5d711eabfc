using Lae.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Lae.Targets;

/// <summary>
/// Factor analysis, x_n = μ + W z_n + ε_n with z_n ~ N(0, I_k) and ε_n ~ N(0, Ψ), Ψ = diag(σ²), and with one σ for all columns probabilistic PCA. The posterior of W and σ, with the latents z and (under a flat
/// prior) μ integrated out exactly; given W and σ, <see cref="FactorScores"/> is the law of z. W is lower triangular with a positive diagonal, which is what tells it from its rotations W R. With
/// M = W Wᵀ + Ψ, S = Σ (x_n − x̄)(x_n − x̄)ᵀ and n = N − 1,
/// <code>
///     log π = −(n/2) log det M − tr(M⁻¹ S)/2 − (n d/2) log 2π − (d/2) log N + log priors + log Jacobian
///     ∂/∂W = 2 G W,  ∂/∂σ_i² = G_ii (their sum where σ is one),  G = (M⁻¹ S M⁻¹ − n M⁻¹)/2
/// </code>
/// Coordinates u: the rows of W, diagonal elements by their logarithms, then log σ. Cost: the cube of the columns, whatever N is. Sources: Geweke and Zhou (1996) for the triangle; Tipping and Bishop (1999).
/// </summary>
public static class FactorAnalysis
{
    /// <summary>The posterior, reporting <c>W[i,j]</c> for j ≤ i, and <c>sigma[i]</c> or <c>sigma</c>.</summary>
    /// <param name="data">X, [N, d], finite; two rows or more.</param>
    /// <param name="factors">k, 1 to d − 1.</param>
    /// <param name="loadingPrior">The prior of each loading; on the diagonal, restricted to positive numbers.</param>
    /// <param name="noisePrior">The prior of each σ on the positive half line.</param>
    /// <param name="isIsotropic">Whether σ is one for all columns: probabilistic PCA.</param>
    /// <returns>A posterior of dimension d k − k (k − 1)/2 + d, or + 1.</returns>
    /// <exception cref="ArgumentException">The data are too few or not finite, or the number of factors is out of range.</exception>
    public static Posterior Create(Matrix<double> data, int factors, Prior loadingPrior, Prior noisePrior, bool isIsotropic = false)
    {
        (int rows, int d, int k) = (data.RowCount, data.ColumnCount, factors);
        if (rows < 2 || !data.Enumerate().All(double.IsFinite))
        {
            throw new ArgumentException($"Two rows or more of finite numbers are needed, not {rows}.", nameof(data));
        }

        if (k < 1 || k >= d)
        {
            throw new ArgumentOutOfRangeException(nameof(factors), factors, $"There must be 1 factor or more, and fewer than the {d} columns.");
        }

        Vector<double> means = data.ColumnSums() / rows;
        Matrix<double> centred = Matrix<double>.Build.Dense(rows, d, (i, j) => data[i, j] - means[j]);
        Matrix<double> scatter = centred.TransposeThisAndMultiply(centred);
        (int Row, int Column)[] places = [.. Enumerable.Range(0, d).SelectMany(i => Enumerable.Range(0, Math.Min(i + 1, k)).Select(j => (i, j)))];
        int noises = isIsotropic ? 1 : d;
        int n = rows - 1;
        double constant = (-0.5 * n * d * Math.Log(2 * Math.PI)) - (0.5 * d * Math.Log(rows));
        string[] names = [.. places.Select(place => FormattableString.Invariant($"W[{place.Row + 1},{place.Column + 1}]")), .. isIsotropic ? ["sigma"] : Posterior.Numbered("sigma", d)];
        Target target = RowwiseTarget.Create(places.Length + noises, Density, isIsotropic ? "probabilistic PCA" : "factor analysis");
        return new Posterior(target, names, Report);

        double Density(ReadOnlySpan<double> u, Span<double> gradient)
        {
            double result = constant;
            Matrix<double> w = Matrix<double>.Build.Dense(d, k);
            for (int p = 0; p < places.Length; p++)
            {
                (int i, int j) = places[p];
                w[i, j] = i == j ? Math.Exp(u[p]) : u[p];
                (double value, gradient[p]) = loadingPrior.Evaluate(w[i, j]);
                result += value + (i == j ? u[p] : 0);
            }

            Matrix<double> m = w.TransposeAndMultiply(w);
            for (int i = 0; i < d; i++)
            {
                double sigma = Math.Exp(u[places.Length + (isIsotropic ? 0 : i)]);
                m[i, i] += sigma * sigma;
            }

            if (!TryCholesky(m, out Cholesky<double>? factor))
            {
                gradient.Fill(double.NaN);
                return double.NaN;
            }

            Matrix<double> inverse = factor.Solve(Matrix<double>.Build.DenseIdentity(d));
            Matrix<double> explained = inverse * scatter;
            Matrix<double> g = 0.5 * ((explained * inverse) - (n * inverse));
            Matrix<double> byLoadings = 2 * g * w;
            result -= 0.5 * ((n * factor.DeterminantLn) + explained.Trace());
            for (int p = 0; p < places.Length; p++)
            {
                (int i, int j) = places[p];
                gradient[p] += byLoadings[i, j];
                gradient[p] = i == j ? (gradient[p] * w[i, j]) + 1 : gradient[p];
            }

            for (int noise = 0; noise < noises; noise++)
            {
                int at = places.Length + noise;
                double sigma = Math.Exp(u[at]);
                (double value, double slope) = noisePrior.Evaluate(sigma);
                result += value + u[at];
                gradient[at] = ((2 * sigma * (isIsotropic ? g.Trace() : g[noise, noise])) + slope) * sigma + 1;
            }

            return result;
        }

        Tensor Report(Tensor u)
        {
            Tensor positive = u.Exp();
            return Shaping.Join(1, [.. Enumerable.Range(0, names.Length).Select(at => (at >= places.Length || places[at].Row == places[at].Column ? positive : u).Slice(1, at, 1))]);
        }
    }

    private static bool TryCholesky(Matrix<double> matrix, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Cholesky<double>? factor)
    {
        try
        {
            factor = matrix.Enumerate().All(double.IsFinite) ? matrix.Cholesky() : null;
        }
        catch (ArgumentException)
        {
            // singular to rounding, at a noise far below the loadings: the density there is unknown, and a proposal is refused
            factor = null;
        }

        return factor is not null;
    }
}
