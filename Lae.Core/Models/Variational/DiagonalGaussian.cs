using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// Gaussians with a diagonal covariance, by two linear heads on the features g(x):
/// <code>
///     q(z | x) = N(μ, diag σ²),   μ = W_μ g + b_μ,   log σ = W_σ g + b_σ,   z = μ + σ ε,   ε ~ N(0, I)
///     KL(q ‖ N(0, I)) = Σ_i [μ_i² + σ_i² − 1]/2 − log σ_i
/// </code>
/// W_μ starts orthogonal and the rest at 0, so σ starts at 1. Source: Kingma and Welling, ICLR 2014. Shapes: g [n, features], μ and σ [n, d_z].
/// Parameters: <c>mean.weight</c>, <c>mean.bias</c>, <c>logScale.weight</c>, <c>logScale.bias</c>.
/// </summary>
public sealed class DiagonalGaussian : IPosteriorFamily
{
    /// <inheritdoc/>
    public string Name => "diagonal Gaussian";

    /// <inheritdoc/>
    public IPosteriorHead Create(int features, int latentSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        return new Head(features, latentSize);
    }

    private sealed class Head(int features, int latentSize) : IPosteriorHead
    {
        public TensorTree Initialize(RandomKey key, DType dtype) => TensorTree.Of(
            ("mean.weight", OrthogonalInitialization.Draw(key, latentSize, features, dtype)),
            ("mean.bias", Tensor.Zeros(new Shape(latentSize), dtype)),
            ("logScale.weight", Tensor.Zeros(new Shape(latentSize, features), dtype)),
            ("logScale.bias", Tensor.Zeros(new Shape(latentSize), dtype)));

        public IAmortizedPosterior Posterior(TensorTree parameters, Tensor features) => new GaussianPosterior(
            features.MatMul(parameters["mean.weight"], transposeB: true) + parameters["mean.bias"],
            features.MatMul(parameters["logScale.weight"], transposeB: true) + parameters["logScale.bias"]);
    }

    private sealed class GaussianPosterior(Tensor mean, Tensor logScale) : IAmortizedPosterior
    {
        public Tensor Location => mean;

        public Tensor? Divergence => (mean.Square() + (2 * logScale).Exp()).ScaleShift(0.5, -0.5).Sum(1) - logScale.Sum(1);

        public PosteriorDraws Sample(RandomKey key, int draws)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
            Tensor noise = RowBlocks.Normals(key, draws, mean);
            Tensor latents = RowBlocks.Repeat(mean, draws) + (RowBlocks.Repeat(logScale.Exp(), draws) * noise);
            Tensor logDensity = Reductions.DotRows(noise, noise).ScaleShift(-0.5, -0.5 * mean.Shape[1] * Math.Log(2 * Math.PI));
            return new PosteriorDraws(latents, logDensity - RowBlocks.Repeat(logScale.Sum(1), draws));
        }
    }
}
