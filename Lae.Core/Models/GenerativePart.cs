using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// The generative half that models share: p(z) p(x | z) with a decoder network and a likelihood. Parameters: <c>decoder.*</c> and <c>likelihood.*</c>. Shapes: x [n, columns], z [n, d_z].
/// </summary>
public sealed class GenerativePart
{
    /// <summary>With room for those of all models no step makes room twice.</summary>
    private const int MostFigures = 10;

    private readonly INetwork decoder;
    private readonly ILikelihood likelihood;
    private readonly DType dtype;

    /// <summary>A decoder with a likelihood.</summary>
    /// <param name="latentSize">d_z, 1 or more.</param>
    /// <param name="architecture">The architecture of the decoder.</param>
    /// <param name="likelihood">p(x | decoder output).</param>
    /// <param name="data">The form of the data.</param>
    /// <param name="dtype">The number type of parameters and data.</param>
    public GenerativePart(int latentSize, INetworkArchitecture architecture, ILikelihood likelihood, DataDescription data, DType dtype)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latentSize, 1);
        LatentSize = latentSize;
        this.likelihood = likelihood;
        this.dtype = dtype;
        decoder = architecture.Whole(new RowForm(latentSize), data.Form);
    }

    /// <summary>d_z.</summary>
    public int LatentSize { get; }

    /// <summary>Parameters to start from: <c>decoder.*</c> and <c>likelihood.*</c>.</summary>
    /// <param name="key">Decides them.</param>
    /// <returns>A tree.</returns>
    public TensorTree Initialize(RandomKey key) =>
        decoder.Initialize(key, dtype).Prefixed("decoder").Join(likelihood.Initialize(dtype).Prefixed(ParameterDescent.LikelihoodPart));

    /// <summary>log p(x | z) of every row.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="z">[n, d_z].</param>
    /// <returns>[n].</returns>
    public Tensor LogLikelihood(TensorTree parameters, Tensor x, Tensor z) =>
        likelihood.LogProbability(parameters.Under(ParameterDescent.LikelihoodPart), x, decoder.Apply(parameters.Under("decoder"), z));

    /// <summary>The posteriors of observations, log p(z) + log p(x | z) as functions of z alone.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="prior">p(z).</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>A density with gradients in z.</returns>
    public LatentDensity Density(TensorTree parameters, IPrior prior, Tensor x)
    {
        TensorTree network = parameters.Under("decoder");
        TensorTree scale = parameters.Under(ParameterDescent.LikelihoodPart);
        return LatentDensity.FromFunction(
            x,
            LatentSize,
            (z, observed) => prior.LogDensity(z) + likelihood.LogProbability(scale, observed, decoder.Apply(network, z)),
            z => GaussNewton.Precision(z, at => decoder.Apply(network, at), output => likelihood.Curvature(scale, x, output)));
    }

    /// <summary>The same posteriors, which remember what a chain on them has computed.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="prior">p(z), a constant.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>A density and its memory.</returns>
    internal RecordedPosteriors Recorded(TensorTree parameters, IPrior prior, Tensor x) => new(
        Density(parameters, prior, x),
        parameters.Under("decoder").Prefixed("decoder").Join(parameters.Under(ParameterDescent.LikelihoodPart).Prefixed(ParameterDescent.LikelihoodPart)),
        (z, tree) => prior.LogDensity(z) + LogLikelihood(tree, x, z));

    /// <summary>The mean observation at latent points.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="z">[n, d_z].</param>
    /// <returns>[n, columns].</returns>
    public Tensor Decode(TensorTree parameters, Tensor z) => likelihood.Mean(decoder.Apply(parameters.Under("decoder"), z));

    /// <summary>Draws an observation at every latent point: x ~ p(x | z).</summary>
    /// <param name="key">All randomness; a row depends on the key and its number alone.</param>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="z">[n, d_z].</param>
    /// <returns>[n, columns].</returns>
    public Tensor Simulate(RandomKey key, TensorTree parameters, Tensor z) =>
        likelihood.Sample(key, parameters.Under(ParameterDescent.LikelihoodPart), decoder.Apply(parameters.Under("decoder"), z));

    /// <summary>What the likelihood has learned, by stable names.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <returns>Figures.</returns>
    public IReadOnlyDictionary<string, double> Figures(TensorTree parameters) => likelihood.Figures(parameters.Under(ParameterDescent.LikelihoodPart));

    /// <summary>The same as the first figures of a training step, with room for those that a model adds.</summary>
    internal Dictionary<string, double> FiguresOfStep(TensorTree parameters)
    {
        Dictionary<string, double> figures = new(MostFigures);
        foreach ((string name, double value) in Figures(parameters))
        {
            figures[name] = value;
        }

        return figures;
    }
}
