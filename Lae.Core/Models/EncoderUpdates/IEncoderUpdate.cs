using Lae.Numerics;

namespace Lae.Models;

/// <summary>What the encoder learns from a batch.</summary>
/// <param name="LastLayers">Last layers Φ_t [latentSize, features] at whose encodings the energy is averaged; the last one becomes the encoder's. Empty if the encoder is regressed.</param>
/// <param name="Codes">Latent points [n, latentSize] that the encoder is regressed on; null if it is not.</param>
public sealed record EncoderLesson(IReadOnlyList<Tensor> LastLayers, Tensor? Codes);

/// <summary>How the encoder follows the latent points of a batch: a pure function.</summary>
public interface IEncoderUpdate
{
    /// <summary>What it is called in reports.</summary>
    string Name { get; }

    /// <summary>Throws if the update cannot follow a latent kernel.</summary>
    /// <param name="kernel">The latent kernel.</param>
    /// <exception cref="ArgumentException">The pair does not go together; the message says why.</exception>
    void RequireFits(ILatentKernel kernel);

    /// <summary>What the encoder learns.</summary>
    /// <param name="run">The states that the latent kernel visited.</param>
    /// <param name="features">G, [n, features].</param>
    /// <param name="lastLayer">Φ before, [latentSize, features].</param>
    /// <returns>The lesson.</returns>
    EncoderLesson Learn(LatentRun run, Tensor features, Tensor lastLayer);
}

/// <summary>Φ itself is the state of the chain: the encoder is where the kernel left it, and the features follow the energy.</summary>
public sealed class LastLayerUpdate : IEncoderUpdate
{
    /// <inheritdoc/>
    public string Name => "last layer";

    /// <inheritdoc/>
    public void RequireFits(ILatentKernel kernel)
    {
        if (!kernel.MovesLastLayer)
        {
            throw new ArgumentException($"the encoder update LastLayer needs a latent kernel that moves the last layer (PlainLangevin, or PreconditionedLangevin with Regularization above 0); {kernel.Name} moves the latent points: use LeastNorm or Regression");
        }
    }

    /// <inheritdoc/>
    public EncoderLesson Learn(LatentRun run, Tensor features, Tensor lastLayer) => new(run.LastLayers, Codes: null);
}

/// <summary>The encoder is trained by regression on the end of the chain: the distilled form.</summary>
public sealed class RegressionUpdate : IEncoderUpdate
{
    /// <inheritdoc/>
    public string Name => "regression";

    /// <inheritdoc/>
    public void RequireFits(ILatentKernel kernel)
    {
    }

    /// <inheritdoc/>
    public EncoderLesson Learn(LatentRun run, Tensor features, Tensor lastLayer) => new([], run.Latents[^1]);
}

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
    public void RequireFits(ILatentKernel kernel)
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
        string cause = $"The Gram matrix of the features is singular although there are {d} of them for {n} datapoints: some datapoints are repeated, or look the same to the features.";
        Tensor factor;
        try
        {
            factor = k.Cholesky();
        }
        catch (ArithmeticException inner)
        {
            throw new ArithmeticException(cause, inner);
        }

        double largest = Enumerable.Range(0, n).Max(i => k.ElementAt((i * n) + i));
        double smallest = Enumerable.Range(0, n).Min(i => factor.ElementAt((i * n) + i));
        return smallest * smallest > n * RoundingOfOne * largest ? factor : throw new ArithmeticException(cause);
    }
}
