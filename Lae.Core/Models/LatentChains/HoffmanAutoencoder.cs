using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// A variational encoder gives the start of a Langevin chain, whose end teaches the decoder:
/// <code>
///     z^(0) = μ(x) + e^{ρ(x)} ε,   z^(t) = kernel(z^(t−1)),   t = 1 … T
///     decoder, likelihood  descend  −(1/n) Σ_i log p(x_i, z_i^(T))
///     encoder              descends (1/n) Σ_i [KL(q(z | x_i) ‖ p) − log p(x_i | z_i^(0))]    (the negative bound, with the decoder held)
/// </code>
/// The longer the chain, the nearer the decoder's gradient is to that of the marginal likelihood. Source: Hoffman, "Learning deep latent Gaussian models with Markov chain Monte Carlo", ICML 2017,
/// algorithm 1, with Langevin for Hamiltonian transitions: 2 unadjusted ones of η = 0.005 are the baseline of the NeurIPS 2022 paper.
/// Parameters: <c>encoder.*</c> of <see cref="GaussianEncoder"/>, <c>decoder.*</c>, <c>likelihood.*</c>. Shapes: x [n, columns], z, ε [n, d_z].
/// </summary>
public sealed class HoffmanAutoencoder : ILatentVariableModel
{
    private readonly LatentChainPart chain;
    private readonly GaussianEncoder encoder;
    private readonly DType dtype;

    /// <summary>A model of given parts.</summary>
    /// <param name="encoder">The architecture of the encoder's features.</param>
    /// <param name="parts">Decoder, chain and optimisers.</param>
    /// <param name="data">The form of the data.</param>
    public HoffmanAutoencoder(INetworkArchitecture encoder, LatentChainParts parts, DataDescription data)
    {
        chain = new LatentChainPart(parts, data);
        this.encoder = new GaussianEncoder(encoder, data.Columns, parts.LatentSize);
        dtype = parts.DType;
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
        chain.Start(encoder.Initialize(key.FoldIn(0), dtype).Prefixed("encoder").Join(chain.Generative.Initialize(key.FoldIn(1))));

    /// <inheritdoc/>
    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state)
    {
        Tensor epsilon = chain.Prior.Sample(key.FoldIn(0), chain.Checked(batch).Shape[0], LatentSize, dtype).CopyTo(batch.Workspace);
        GaussianCode code = Code(state.Parameters, batch);
        LatentRun run = chain.Run(key.FoldIn(1), state.Parameters, batch, code.Sample(epsilon), StepSizeAdaptation.StepSize(state.Adaptation));
        TrainingTransition next = chain.Learn(
            state, run, parameters => chain.Energy(parameters, batch, run.Latents[^1]) + NegativeBound(parameters, state.Parameters, batch, epsilon));
        return next with { Info = new Dictionary<string, double>(next.Info) { [ActiveLatents.Name] = ActiveLatents.Count(code.Mean) } };
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state) => new Dictionary<string, double> { ["batchSize"] = batch.Shape[0] };

    /// <summary>The mean of q.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>[n, d_z].</returns>
    public Tensor Encode(TensorTree parameters, Tensor x) => Code(parameters, chain.Checked(x)).Mean;

    /// <inheritdoc/>
    public IPrior Prior(TensorTree parameters) => chain.Prior;

    /// <inheritdoc/>
    public LatentDensity Density(TensorTree parameters, Tensor x) => chain.Density(parameters, x);

    /// <summary>The encoder's Gaussian: where the chains begin, not what their ends have.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>q(z | x).</returns>
    public IApproximatePosterior ApproximatePosterior(TensorTree parameters, Tensor x) => new Posterior(Code(parameters, chain.Checked(x)));

    /// <inheritdoc/>
    public Tensor Decode(TensorTree parameters, Tensor z) => chain.Generative.Decode(parameters, z);

    /// <inheritdoc/>
    public Tensor Generate(RandomKey key, TensorTree parameters, int count) => chain.Generate(key, parameters, count);

    private GaussianCode Code(TensorTree parameters, Tensor x) => encoder.Apply(parameters.Under("encoder"), x);

    /// <summary>The loss of the encoder, with the decoder held.</summary>
    private Tensor NegativeBound(TensorTree parameters, TensorTree held, Tensor batch, Tensor epsilon)
    {
        GaussianCode code = Code(parameters, batch);
        return (code.Divergence() - chain.Generative.LogLikelihood(held, batch, code.Sample(epsilon))).Mean();
    }

    private sealed class Posterior(GaussianCode code) : IApproximatePosterior
    {
        public PosteriorDraws Sample(RandomKey key, int draws)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
            GaussianCode repeated = draws == 1 ? code : new GaussianCode(Repeated(code.Mean, draws), Repeated(code.LogDeviation, draws));
            Tensor mean = repeated.Mean;
            Tensor z = repeated.Sample(new StandardNormalPrior().Sample(key, mean.Shape[0], mean.Shape[1], mean.DType).CopyTo(mean.Workspace));
            return new PosteriorDraws(z, repeated.LogDensity(z));
        }

        private static Tensor Repeated(Tensor rows, int times) => Shaping.Join(0, [.. Enumerable.Repeat(rows, times)]);
    }
}
