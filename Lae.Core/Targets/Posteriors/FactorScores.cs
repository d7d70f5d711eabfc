using Lae.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Targets;

/// <summary>
/// The latents of a factor analysis with known loadings: x_n = μ + W z_n + ε_n, z_n ~ N(0, I_k), ε_n ~ N(0, diag(σ²)), probabilistic PCA where the σ are equal. All rows have one precision, so that everything is closed:
/// <code>
///     z_n | x_n ~ N(m_n, A⁻¹),  A = I + Wᵀ Ψ⁻¹ W,  m_n = A⁻¹ Wᵀ Ψ⁻¹ (x_n − μ)
/// </code>
/// Coordinates z, row after row, N k of them. Source: Tipping and Bishop (1999), equations 6 and 7.
/// </summary>
public static class FactorScores
{
    /// <summary>The target, with exact draws.</summary>
    /// <param name="data">X, [N, d], finite.</param>
    /// <param name="loadings">W, [d, k], finite.</param>
    /// <param name="mean">μ, [d], finite.</param>
    /// <param name="noiseDeviations">σ, [d], positive and finite.</param>
    /// <returns>A normalised target of dimension N k.</returns>
    /// <exception cref="ArgumentException">The sizes do not match, or a number is out of range.</exception>
    public static ExactTarget Create(Matrix<double> data, Matrix<double> loadings, IReadOnlyList<double> mean, IReadOnlyList<double> noiseDeviations)
    {
        (int rows, int d, int k) = (data.RowCount, data.ColumnCount, loadings.ColumnCount);
        if (loadings.RowCount != d || mean.Count != d || noiseDeviations.Count != d)
        {
            throw new ArgumentException($"{d} columns need as many rows of loadings, means and deviations, not {loadings.RowCount}, {mean.Count} and {noiseDeviations.Count}.", nameof(loadings));
        }

        if (!data.Enumerate().Concat(loadings.Enumerate()).Concat(mean).All(double.IsFinite) || !noiseDeviations.All(sigma => sigma > 0 && double.IsFinite(sigma)))
        {
            throw new ArgumentException("Data, loadings and means must be finite, and deviations positive and finite.", nameof(data));
        }

        Matrix<double> weighted = Matrix<double>.Build.Dense(d, k, (i, j) => loadings[i, j] / (noiseDeviations[i] * noiseDeviations[i]));
        Matrix<double> precision = Matrix<double>.Build.DenseIdentity(k) + weighted.TransposeThisAndMultiply(loadings);
        var factor = precision.Cholesky();
        Matrix<double> centred = Matrix<double>.Build.Dense(rows, d, (i, j) => data[i, j] - mean[j]);
        double[] centre = factor.Solve((centred * weighted).Transpose()).ToColumnMajorArray();
        double[] a = precision.ToRowMajorArray();
        double[] root = factor.Factor.ToRowMajorArray();
        double constant = 0.5 * rows * (factor.DeterminantLn - (k * Math.Log(2 * Math.PI)));
        return new ExactTarget(RowwiseTarget.Create(rows * k, Density, "factor scores"), 0, Draw);

        double Density(ReadOnlySpan<double> z, Span<double> gradient)
        {
            double squares = 0;
            for (int start = 0; start < z.Length; start += k)
            {
                for (int i = 0; i < k; i++)
                {
                    double pull = 0;
                    for (int j = 0; j < k; j++)
                    {
                        pull += a[(i * k) + j] * (z[start + j] - centre[start + j]);
                    }

                    gradient[start + i] = -pull;
                    squares += pull * (z[start + i] - centre[start + i]);
                }
            }

            return constant - (0.5 * squares);
        }

        // z = m + L⁻ᵀ ξ with A = L Lᵀ
        Tensor Draw(Randomness.RandomKey key, int count)
        {
            double[] z = ExactTarget.Normals(key, count, rows * k, DType.Float64).ToArray();
            for (int start = 0; start < z.Length; start += k)
            {
                for (int i = k - 1; i >= 0; i--)
                {
                    for (int j = i + 1; j < k; j++)
                    {
                        z[start + i] -= root[(j * k) + i] * z[start + j];
                    }

                    z[start + i] /= root[(i * k) + i];
                }
            }

            for (int i = 0; i < z.Length; i++)
            {
                z[i] += centre[i % (rows * k)];
            }

            return Tensor.FromArray(z, count, rows * k);
        }
    }

    /// <summary>Names of the latents: <c>z[1,1]</c>, <c>z[1,2]</c>, …, row after row.</summary>
    /// <param name="rows">N.</param>
    /// <param name="factors">k.</param>
    /// <returns>N k names.</returns>
    public static IReadOnlyList<string> Names(int rows, int factors) =>
        [.. Enumerable.Range(0, rows * factors).Select(i => FormattableString.Invariant($"z[{(i / factors) + 1},{(i % factors) + 1}]"))];
}
