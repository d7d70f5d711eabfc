using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// The smallest change of Φ that reproduces the moved latent points: Φ' = Φ + (Z' − Z)ᵀ K⁻¹ G, with K = G Gᵀ factorised in double precision.
/// </summary>
public sealed class LeastNormUpdate : IEncoderUpdate
{
    /// <summary>The distance from 1 to the next double.</summary>
    private const double RoundingOfOne = 2.220446049250313e-16;

    /// <inheritdoc/>
    public string Name => "least norm";

    /// <inheritdoc/>
    public void RequireFits(ILatentKernel kernel, int transitions)
    {
        if (kernel.MovesLastLayer)
        {
            throw new ArgumentException($"the encoder update LeastNorm fits the last layer to latent points, but {kernel.Name} moves the last layer itself: use LastLayer or Regression");
        }
    }

    /// <inheritdoc/>
    public EncoderLesson Learn(LatentRun run, Tensor features, Tensor lastLayer) => new([Fit(features, lastLayer, run.Latents[^1])], Codes: null);

    /// <summary>Φ' = Φ + (Z' − G Φᵀ)ᵀ K⁻¹ G.</summary>
    /// <param name="features">G, [n, features], of rank n.</param>
    /// <param name="lastLayer">Φ, [latentSize, features].</param>
    /// <param name="latents">Z', [n, latentSize].</param>
    /// <returns>Φ', with G Φ'ᵀ = Z'.</returns>
    /// <exception cref="ArithmeticException">K is singular: fewer features than datapoints, or repeated datapoints.</exception>
    public static Tensor Fit(Tensor features, Tensor lastLayer, Tensor latents)
    {
        int n = features.Shape[0];
        int d = features.Shape[1];
        if (d < n)
        {
            throw new ArithmeticException($"The Gram matrix of the features is singular: {d} features cannot tell {n} datapoints apart; widen the encoder's last hidden layer or make the batch smaller.");
        }

        Tensor g = features.Cast(DType.Float64);
        Tensor factor = Factor(LatentCoordinates.Gram(features), d);
        Tensor change = latents.Cast(DType.Float64) - g.MatMul(lastLayer.Cast(DType.Float64), transposeB: true);
        Tensor solved = factor.TriangularSolve(factor.TriangularSolve(change), transpose: true);
        return lastLayer + solved.MatMul(g, transposeA: true).Cast(lastLayer.DType);
    }

    /// <summary>The Cholesky factor of K, where its pivots stand above the rounding of K itself.</summary>
    private static Tensor Factor(Tensor k, int d)
    {
        int n = k.Shape[0];
        Tensor factor;
        try
        {
            factor = k.Cholesky();
        }
        catch (ArithmeticException inner)
        {
            throw new ArithmeticException(Cause(n, d), inner);
        }

        (double largest, double smallest) = (double.NegativeInfinity, double.PositiveInfinity);
        for (int i = 0; i < n; i++)
        {
            largest = Math.Max(largest, k.ElementAt((i * n) + i));
            smallest = Math.Min(smallest, factor.ElementAt((i * n) + i));
        }

        return smallest * smallest > n * RoundingOfOne * largest ? factor : throw new ArithmeticException(Cause(n, d));
    }

    private static string Cause(int n, int d) =>
        $"The Gram matrix of the features is singular although there are {d} of them for {n} datapoints: some datapoints are repeated, or look the same to the features.";
}
