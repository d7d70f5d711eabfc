using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// A variational encoder gives the start of a Langevin chain, whose end teaches the decoder:
/// <code>
///     z^(0) ~ q(z | x),   z^(t) = kernel(z^(t−1)),   t = 1 … T
///     decoder, likelihood  descend  −(1/n) Σ_i log p(x_i, z_i^(T))
///     encoder              descends (1/n) Σ_i [KL(q(z | x_i) ‖ p) − log p(x_i | z_i^(0))]    (the negative bound, with the decoder held)
/// </code>
/// The longer the chain, the nearer the decoder's gradient is to that of the marginal likelihood. Source: Hoffman, "Learning deep latent Gaussian models with Markov chain Monte Carlo", ICML 2017,
/// algorithm 1, with Langevin for Hamiltonian transitions: 2 unadjusted ones of η = 0.005 are the baseline of the NeurIPS 2022 paper.
/// Parameters: <c>encoder.*</c> of <see cref="PosteriorEncoder"/>, <c>decoder.*</c>, <c>likelihood.*</c>. Shapes: x [n, columns], z [n, d_z].
/// </summary>
public sealed class HoffmanAutoencoder : ILatentVariableModel
{
    private readonly LatentChainPart chain;
    private readonly PosteriorEncoder encoder;
    private readonly EvidenceObjective objective = new();

    /// <summary>A model of given parts.</summary>
    /// <param name="encoder">The architecture of the encoder's features.</param>
    /// <param name="posterior">The family of q.</param>
    /// <param name="parts">Decoder, chain and optimisers.</param>
    /// <param name="data">The form of the data.</param>
    public HoffmanAutoencoder(INetworkArchitecture encoder, IPosteriorFamily posterior, LatentChainParts parts, DataDescription data)
    {
        chain = new LatentChainPart(parts, data);
        this.encoder = new PosteriorEncoder(encoder, posterior, parts.LatentSize, data, parts.DType);
        Data = data;
        LatentSize = parts.LatentSize;
    }

    /// <inheritdoc/>
    public string Name => $"Hoffman autoencoder ({chain.Description})";

    /// <inheritdoc/>
    public DataDescription Data { get; }

    /// <inheritdoc/>
    public int LatentSize { get; }

    /// <inheritdoc/>
    public TrainingState Initialize(RandomKey key) =>
        chain.Start(encoder.Initialize(key.FoldIn(0)).Prefixed("encoder").Join(chain.Generative.Initialize(key.FoldIn(1))));

    /// <inheritdoc/>
    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state)
    {
        // the bound draws by the same key, so that its z is where the chain begins
        Tensor start = Posterior(state.Parameters, batch).Sample(key.FoldIn(0), 1).Latents;
        LatentRun run = chain.Run(key.FoldIn(1), state.Parameters, batch, start, StepSizeAdaptation.StepSize(state.Adaptation));
        return chain.Learn(
            state, run, parameters => chain.Energy(parameters, batch, run.Latents[^1]) + NegativeBound(key.FoldIn(0), parameters, state.Parameters, batch));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state) => new Dictionary<string, double>(
        ActiveLatents.Figures(Encode(state.Parameters, batch)))
    { ["batchSize"] = batch.Shape[0] };

    /// <summary>The mean of q, or where a flow carries it.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>[n, d_z].</returns>
    public Tensor Encode(TensorTree parameters, Tensor x) => Posterior(parameters, x).Location;

    /// <inheritdoc/>
    public IPrior Prior(TensorTree parameters) => chain.Prior;

    /// <inheritdoc/>
    public LatentDensity Density(TensorTree parameters, Tensor x) => chain.Density(parameters, x);

    /// <summary>The encoder's q: where the chains begin, not what their ends have.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>q(z | x).</returns>
    public IApproximatePosterior ApproximatePosterior(TensorTree parameters, Tensor x) => Posterior(parameters, x);

    /// <inheritdoc/>
    public Tensor Decode(TensorTree parameters, Tensor z) => chain.Generative.Decode(parameters, z);

    /// <inheritdoc/>
    public Tensor? Simulate(RandomKey key, TensorTree parameters, Tensor z) => chain.Generative.Simulate(key, parameters, z);

    /// <inheritdoc/>
    public Tensor Generate(RandomKey key, TensorTree parameters, int count) => chain.Generate(key, parameters, count);

    private IAmortizedPosterior Posterior(TensorTree parameters, Tensor x) => encoder.Posterior(parameters.Under("encoder"), x);

    /// <summary>The loss of the encoder, with the decoder held.</summary>
    private Tensor NegativeBound(RandomKey key, TensorTree parameters, TensorTree held, Tensor batch) =>
        -objective.Estimate(key, Posterior(parameters, batch), chain.Prior, z => chain.Generative.LogLikelihood(held, batch, z)).Bound;
}
