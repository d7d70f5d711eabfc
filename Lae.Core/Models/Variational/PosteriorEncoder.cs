using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// An encoder that gives q(z | x): features g(x), and on them the head of a family of posteriors. Parameters: <c>features.*</c>, <c>posterior.*</c>. Shapes: x [n, columns].
/// </summary>
public sealed class PosteriorEncoder
{
    private readonly DataDescription data;
    private readonly DType dtype;
    private readonly INetwork features;
    private readonly IPosteriorHead head;

    /// <summary>An encoder.</summary>
    /// <param name="architecture">The architecture of the features.</param>
    /// <param name="family">The family of q.</param>
    /// <param name="latentSize">d_z, 1 or more.</param>
    /// <param name="data">The form of the data.</param>
    /// <param name="dtype">The number type of parameters and data.</param>
    public PosteriorEncoder(INetworkArchitecture architecture, IPosteriorFamily family, int latentSize, DataDescription data, DType dtype)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        this.data = data;
        this.dtype = dtype;
        features = architecture.Features(data.Form);
        head = family.Create(features.OutputSize, latentSize);
    }

    /// <summary>Parameters to start from.</summary>
    /// <param name="key">Decides them.</param>
    /// <returns>A named tree.</returns>
    public TensorTree Initialize(RandomKey key) =>
        features.Initialize(key.FoldIn(0), dtype).Prefixed("features").Join(head.Initialize(key.FoldIn(1), dtype).Prefixed("posterior"));

    /// <summary>The approximate posteriors of observations.</summary>
    /// <param name="parameters">A tree with the names of <see cref="Initialize"/>.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>q(z | x), differentiable in the parameters.</returns>
    public IAmortizedPosterior Posterior(TensorTree parameters, Tensor x) =>
        head.Posterior(parameters.Under("posterior"), features.Apply(parameters.Under("features"), data.Checked(x, dtype)));
}
