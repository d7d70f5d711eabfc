using Lae.Kernels;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>The parts of a variational autoencoder, each of which can be swapped.</summary>
/// <param name="LatentSize">d_z, 1 or more.</param>
/// <param name="Encoder">The architecture of the features.</param>
/// <param name="Decoder">The architecture of the decoder.</param>
/// <param name="Likelihood">p(x | decoder output).</param>
/// <param name="Posterior">The family of q(z | x).</param>
/// <param name="Objective">What is maximised.</param>
/// <param name="Optimizer">The optimiser of encoder and decoder.</param>
/// <param name="ScaleOptimizer">The optimiser of the likelihood's own parameters, which have their own step.</param>
/// <param name="DType">The number type of parameters and data.</param>
public sealed record VariationalAutoencoderParts(
    int LatentSize,
    INetworkArchitecture Encoder,
    INetworkArchitecture Decoder,
    ILikelihood Likelihood,
    IPosteriorFamily Posterior,
    IVariationalObjective Objective,
    IOptimizer Optimizer,
    IOptimizer ScaleOptimizer,
    DType DType = DType.Float32);

/// <summary>
/// The variational autoencoder (VAE): p(x) = ∫ N(z; 0, I) p(x | z) dz with an amortised posterior q(z | x) of some family on the features g(x) of an encoder. Encoder, decoder
/// and likelihood together
/// <code>
///     descend  −(1/n) Σ_i bound(x_i),    bound ≤ log p(x_i)
/// </code>
/// The bound is <see cref="EvidenceObjective"/> (VAE, with flows too) or <see cref="ImportanceWeightedObjective"/> (IWAE). An observation is encoded by μ(x), or by where the flow carries it.
/// Source: Kingma and Welling, ICLR 2014. Parameters: <c>encoder.features.*</c>, <c>encoder.posterior.*</c>, <c>decoder.*</c>, <c>likelihood.*</c>. Shapes: x [n, columns], z [n, d_z].
/// </summary>
public sealed class VariationalAutoencoder : ILatentVariableModel
{
    private readonly VariationalAutoencoderParts parts;
    private readonly PosteriorEncoder encoder;
    private readonly GenerativePart generative;
    private readonly ParameterDescent descent;
    private readonly StandardNormalPrior prior = new();

    /// <summary>A model of given parts.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="data">The form of the data.</param>
    public VariationalAutoencoder(VariationalAutoencoderParts parts, DataDescription data)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts.LatentSize, 1, nameof(parts));
        this.parts = parts;
        Data = data;
        encoder = new PosteriorEncoder(parts.Encoder, parts.Posterior, parts.LatentSize, data, parts.DType);
        generative = new GenerativePart(parts.LatentSize, parts.Decoder, parts.Likelihood, data, parts.DType);
        descent = new ParameterDescent(parts.Optimizer, parts.ScaleOptimizer);
    }

    /// <inheritdoc/>
    public string Name => $"{parts.Objective.Name} ({parts.Posterior.Name})";

    /// <inheritdoc/>
    public DataDescription Data { get; }

    /// <inheritdoc/>
    public int LatentSize => parts.LatentSize;

    /// <inheritdoc/>
    public TrainingState Initialize(RandomKey key)
    {
        TensorTree parameters = encoder.Initialize(key).Prefixed("encoder").Join(generative.Initialize(key.FoldIn(2)));
        return new TrainingState(parameters, descent.Initialize(parameters), TensorTree.Empty, 0);
    }

    /// <summary>One training step: a pure function. Its figures: <c>loss</c>, <c>negativeElbo</c> and <c>klDivergence</c> (nats, means over the batch; estimates by the draws where there is no closed
    /// form), and those of the likelihood.</summary>
    /// <param name="key">All randomness of the step.</param>
    /// <param name="batch">[n, columns].</param>
    /// <param name="state">The state before.</param>
    /// <returns>The state after, and what happened.</returns>
    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state)
    {
        Dictionary<string, double> info = generative.FiguresOfStep(state.Parameters);
        (Tensor loss, (TensorTree parameters, TensorTree optimizer)) = descent.DescendAlong(tree => Loss(key, tree, batch, info), state.Parameters, state.Optimizer);
        info["loss"] = loss.ToDouble();
        if (!double.IsFinite(info["loss"]))
        {
            throw new NonFiniteStateException("the loss", state.Step + 1);
        }

        return new TrainingTransition(new TrainingState(parameters, optimizer, state.Adaptation, state.Step + 1), info);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state) => ActiveLatents.Figures(Encode(state.Parameters, batch));

    /// <inheritdoc/>
    public Tensor Encode(TensorTree parameters, Tensor x) => Posterior(parameters, x).Location;

    /// <inheritdoc/>
    public IPrior Prior(TensorTree parameters) => prior;

    /// <inheritdoc/>
    public LatentDensity Density(TensorTree parameters, Tensor x) => generative.Density(parameters, prior, x);

    /// <inheritdoc/>
    public IApproximatePosterior? ApproximatePosterior(TensorTree parameters, Tensor x) => Posterior(parameters, x);

    /// <inheritdoc/>
    public Tensor Decode(TensorTree parameters, Tensor z) => generative.Decode(parameters, z);

    /// <inheritdoc/>
    public Tensor? Simulate(RandomKey key, TensorTree parameters, Tensor z) => generative.Simulate(key, parameters, z);

    /// <inheritdoc/>
    public Tensor Generate(RandomKey key, TensorTree parameters, int count) => Decode(parameters, prior.Sample(key, count, parts.LatentSize, parts.DType));

    /// <summary>The loss of a batch, [] in nats: what a training step descends. Its gradient is tested against differences.</summary>
    internal Tensor Loss(RandomKey key, TensorTree parameters, Tensor batch, Dictionary<string, double> figures)
    {
        IAmortizedPosterior posterior = Posterior(parameters, batch);
        BoundEstimate estimate = parts.Objective.Estimate(
            key, posterior, prior, z => generative.LogLikelihood(parameters, RowBlocks.Repeat(batch, z.Shape[0] / batch.Shape[0]), z));
        figures["negativeElbo"] = -estimate.EvidenceBound.ToDouble();
        figures["klDivergence"] = estimate.Divergence.ToDouble();
        return -estimate.Bound;
    }

    private IAmortizedPosterior Posterior(TensorTree parameters, Tensor x) => encoder.Posterior(parameters.Under("encoder"), x);
}
