using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// Expectation maximisation of linear Gaussian models (<see cref="LinearGaussian"/>), by averages over data of what the E step expects. With z̃ = (z, 1), A = ⟨x E[z̃]ᵀ⟩, B = ⟨E[z̃ z̃ᵀ]⟩, C_i = ⟨x_i²⟩,
/// <code>
///     E:  E[z] = M⁻¹ Wᵀ Ψ⁻¹ (x − μ),   E[z zᵀ] = E[z] E[z]ᵀ + M⁻¹
///     M:  (W, μ) = A B⁻¹,   ψ_i = C_i − Σ_j (W, μ)_ij A_ij    (their mean for probabilistic PCA)
/// </code>
/// Each step raises the log marginal likelihood. A variance below 10⁻⁶ of the mean second moment of the columns is raised to it: a column that the factors explain wholly, or that is constant, has no likelihood else (Heywood's
/// case). Source: Rubin and Thayer (1982); Tipping and Bishop (1999), appendix B. Statistics: <c>cross</c> [d, k + 1], <c>second</c> [k + 1, k + 1], <c>squares</c> [d], float64.
/// </summary>
public static class LinearExpectationMaximization
{
    private const double SmallestVariance = 1e-6;

    /// <summary>The E step.</summary>
    /// <param name="model">The parameters before.</param>
    /// <param name="x">[n, d].</param>
    /// <returns><c>cross</c>, <c>second</c>, <c>squares</c>.</returns>
    public static TensorTree Expect(LinearGaussian model, Tensor x)
    {
        Tensor data = x.Cast(DType.Float64);
        (int n, int k) = (data.Shape[0], model.Loadings.Shape[1]);
        Tensor codes = Shaping.Join(1, model.PosteriorMean(data), Tensor.Ones(new Shape(n, 1), DType.Float64, data.Workspace));
        Tensor covariance = Shaping.Join(0, model.PosteriorCovariance, Tensor.Zeros(new Shape(1, k), DType.Float64, data.Workspace));
        covariance = Shaping.Join(1, covariance, Tensor.Zeros(new Shape(k + 1, 1), DType.Float64, data.Workspace));
        return TensorTree.Of(
            ("cross", data.MatMul(codes, transposeA: true) / n),
            ("second", (codes.MatMul(codes, transposeA: true) / n) + covariance),
            ("squares", data.Square().Mean(0)));
    }

    /// <summary>The M step.</summary>
    /// <param name="statistics">What <see cref="Expect"/> returned, or an average of it.</param>
    /// <param name="isIsotropic">Whether ψ is one for all columns.</param>
    /// <returns>The parameters after.</returns>
    public static LinearGaussian Maximize(TensorTree statistics, bool isIsotropic)
    {
        Tensor cross = statistics["cross"];
        Tensor factor = statistics["second"].Cholesky();
        Tensor weights = factor.TriangularSolve(factor.TriangularSolve(cross.Transpose()), transpose: true).Transpose();
        (int d, int k) = (weights.Shape[0], weights.Shape[1] - 1);
        double[] squares = statistics["squares"].ToArray();
        double[] explained = (weights * cross).Sum(1).ToArray();
        double[] variances = [.. squares.Zip(explained, (all, part) => all - part)];
        double floor = Math.Max(SmallestVariance * squares.Average(), double.Epsilon / SmallestVariance);
        variances = isIsotropic ? [.. Enumerable.Repeat(Math.Max(floor, variances.Average()), d)] : [.. variances.Select(variance => Math.Max(floor, variance))];
        return new LinearGaussian(weights.Slice(1, 0, k), weights.Slice(1, k, 1).Reshape(d), Tensor.FromSpan<double>(cross.Workspace, variances, new Shape(d)));
    }

    /// <summary>Steps on all data until one gains less than a tolerance: for factor analysis, whose optimum has no closed form.</summary>
    /// <param name="start">Where to start.</param>
    /// <param name="x">[n, d].</param>
    /// <param name="isIsotropic">Whether ψ is one for all columns.</param>
    /// <param name="tolerance">The smallest gain of a step in the mean log marginal likelihood, positive; the distance that is left is a multiple of it, 1/(1 − rate).</param>
    /// <param name="largestNumberOfSteps">1 or more.</param>
    /// <returns>The parameters at the end.</returns>
    /// <exception cref="ArithmeticException">The steps did not suffice.</exception>
    public static LinearGaussian Converge(LinearGaussian start, Tensor x, bool isIsotropic, double tolerance = 1e-12, int largestNumberOfSteps = 100_000)
    {
        if (!(tolerance > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "Must be positive.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(largestNumberOfSteps, 1);
        double reached = start.LogMarginal(x).Mean().ToDouble();
        for (int step = 0; step < largestNumberOfSteps; step++)
        {
            start = Maximize(Expect(start, x), isIsotropic);
            double next = start.LogMarginal(x).Mean().ToDouble();
            if (next - reached < tolerance)
            {
                return start;
            }

            reached = next;
        }

        throw new ArithmeticException(FormattableString.Invariant($"Expectation maximisation still gains more than {tolerance} nats a step after {largestNumberOfSteps} steps."));
    }

    /// <summary>The maximum-likelihood solution of probabilistic PCA: W = U (Λ − σ² I)^{1/2} of the k leading eigenvectors of the covariance (divisor n), σ² the mean of the eigenvalues left, μ the mean. Source: Tipping and Bishop (1999), equations 14 and 15.</summary>
    /// <param name="x">[n, d]; more rows than one.</param>
    /// <param name="latentSize">k, 1 to d − 1.</param>
    /// <returns>The optimum; its rotations W R are as good.</returns>
    /// <exception cref="ArithmeticException">The data lie in fewer dimensions than k + 1, so that the likelihood has no bound.</exception>
    public static LinearGaussian PrincipalComponents(Tensor x, int latentSize)
    {
        Tensor data = x.Cast(DType.Float64);
        (int n, int d) = (data.Shape[0], data.Shape[1]);
        if (latentSize < 1 || latentSize >= d)
        {
            throw new ArgumentOutOfRangeException(nameof(latentSize), latentSize, $"Must be 1 or more, and less than the {d} columns.");
        }

        Tensor mean = data.Mean(0);
        Tensor centred = data - mean;
        SymmetricEigensystem system = (centred.MatMul(centred, transposeA: true) / n).SymmetricEigen();
        double[] rising = system.Values.ToArray();
        double variance = rising.Take(d - latentSize).Average();
        if (!(variance > 1e-13 * rising[^1]))
        {
            throw new ArithmeticException($"The data lie in {latentSize} dimensions or fewer: the likelihood has no greatest value.");
        }

        double[] roots = [.. rising.Skip(d - latentSize).Select(value => Math.Sqrt(Math.Max(0, value - variance)))];
        Tensor loadings = system.Vectors.Slice(1, d - latentSize, latentSize) * Tensor.FromSpan<double>(data.Workspace, roots, new Shape(latentSize));
        return new LinearGaussian(loadings, mean, Tensor.Full(variance, new Shape(d), DType.Float64, data.Workspace));
    }
}
