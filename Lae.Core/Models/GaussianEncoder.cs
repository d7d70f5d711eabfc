using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>The Gaussian that an encoder gives each observation: q(z | x) = N(μ, diag(e^{2ρ})).</summary>
/// <param name="Mean">μ, [n, d_z].</param>
/// <param name="LogDeviation">ρ, [n, d_z].</param>
public sealed record GaussianCode(Tensor Mean, Tensor LogDeviation)
{
    /// <summary>z = μ + e^ρ ε, differentiable in μ and ρ.</summary>
    /// <param name="epsilon">Standard normal, [n, d_z].</param>
    /// <returns>[n, d_z].</returns>
    public Tensor Sample(Tensor epsilon) => Mean + (LogDeviation.Exp() * epsilon);

    /// <summary>KL(q ‖ N(0, I)) = Σ_j [(μ_j² + e^{2ρ_j} − 1)/2 − ρ_j], in closed form.</summary>
    /// <returns>[n], in nats.</returns>
    public Tensor Divergence() => ((Mean.Square() + (2 * LogDeviation).Exp()).ScaleShift(0.5, -0.5) - LogDeviation).Sum(1);

    /// <summary>log q of latent points.</summary>
    /// <param name="z">[n, d_z].</param>
    /// <returns>[n].</returns>
    public Tensor LogDensity(Tensor z)
    {
        Tensor standard = (z - Mean) / LogDeviation.Exp();
        return (standard.Square().ScaleShift(-0.5, -0.5 * Math.Log(2 * Math.PI)) - LogDeviation).Sum(1);
    }
}

/// <summary>
/// An encoder with a Gaussian head: features g(x), then μ = W_μ g + b_μ and ρ = W_ρ g + b_ρ. Source: Kingma and Welling (2014), appendix C.2. The head of ρ starts at 0, so that q starts with
/// unit deviations. Parameters: <c>features.*</c>, <c>mean.weight</c> [d_z, d], <c>mean.bias</c>, <c>logDeviation.weight</c>, <c>logDeviation.bias</c>.
/// </summary>
public sealed class GaussianEncoder
{
    private readonly INetwork features;
    private readonly int latentSize;

    /// <summary>An encoder.</summary>
    /// <param name="architecture">The architecture of the features.</param>
    /// <param name="columns">Numbers in an observation, 1 or more.</param>
    /// <param name="latentSize">d_z, 1 or more.</param>
    public GaussianEncoder(INetworkArchitecture architecture, int columns, int latentSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        features = architecture.Features(columns);
        this.latentSize = latentSize;
    }

    /// <summary>Parameters to start from.</summary>
    /// <param name="key">Decides them.</param>
    /// <param name="dtype">Their number type.</param>
    /// <returns>A named tree.</returns>
    public TensorTree Initialize(RandomKey key, DType dtype) => features.Initialize(key.FoldIn(0), dtype).Prefixed("features")
        .With("mean.weight", OrthogonalInitialization.Draw(key.FoldIn(1), latentSize, features.OutputSize, dtype))
        .With("mean.bias", Tensor.Zeros(new Shape(latentSize), dtype))
        .With("logDeviation.weight", Tensor.Zeros(new Shape(latentSize, features.OutputSize), dtype))
        .With("logDeviation.bias", Tensor.Zeros(new Shape(latentSize), dtype));

    /// <summary>The Gaussians of observations.</summary>
    /// <param name="parameters">A tree with the names of <see cref="Initialize"/>.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>q(z | x) of each row.</returns>
    public GaussianCode Apply(TensorTree parameters, Tensor x)
    {
        Tensor g = features.Apply(parameters.Under("features"), x);
        return new GaussianCode(
            g.MatMul(parameters["mean.weight"], transposeB: true) + parameters["mean.bias"],
            g.MatMul(parameters["logDeviation.weight"], transposeB: true) + parameters["logDeviation.bias"]);
    }
}
