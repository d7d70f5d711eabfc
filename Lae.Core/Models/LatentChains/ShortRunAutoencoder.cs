using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// Short-run MCMC: no encoder; T Langevin transitions from the prior are the inference itself, a flow of T layers with injected noise, which nothing outlives:
/// <code>
///     z^(0) ~ N(0, I),   z^(t) = kernel(z^(t−1)),   t = 1 … T
///     decoder, likelihood  descend  −(1/n) Σ_i log p(x_i, z_i^(T))
/// </code>
/// The law of z^(T) is no posterior but, being the same in training and in use, is what the decoder was fitted to. Source: Nijkamp, Pang, Han, Zhou, Zhu and Wu, "Learning multi-layer latent variable model via variational
/// optimization of short run MCMC for approximate inference", ECCV 2020; there unadjusted, with a step size found by a search, here with the accept test found by its acceptance.
/// Parameters: <c>decoder.*</c>, <c>likelihood.*</c>, and <c>inference.logStepSize</c>, without which nothing can be encoded. Shapes: x [n, columns], z [n, d_z].
/// </summary>
public sealed class ShortRunAutoencoder : ILatentVariableModel
{
    private const string Inference = "inference";

    /// <summary>Encodings of new observations are a function of them: their noise has this key.</summary>
    private static readonly RandomKey EncodingKey = RandomKey.FromSeed(0);

    private readonly LatentChainPart chain;
    private readonly DType dtype;

    /// <summary>A model of given parts.</summary>
    /// <param name="parts">Decoder, chain and optimisers.</param>
    /// <param name="data">The form of the data.</param>
    public ShortRunAutoencoder(LatentChainParts parts, DataDescription data)
    {
        chain = new LatentChainPart(parts, data);
        dtype = parts.DType;
        Data = data;
        LatentSize = parts.LatentSize;
    }

    /// <inheritdoc/>
    public string Name => $"short-run autoencoder ({chain.Description})";

    /// <inheritdoc/>
    public DataDescription Data { get; }

    /// <inheritdoc/>
    public int LatentSize { get; }

    /// <inheritdoc/>
    public TrainingState Initialize(RandomKey key) => WithStepSizeInParameters(chain.Start(chain.Generative.Initialize(key)));

    /// <inheritdoc/>
    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state)
    {
        // the step size is a parameter, since inference needs it, but one that follows acceptance and no gradient
        TensorTree adaptation = state.Parameters.Under(Inference);
        TensorTree generative = TensorTree.Of(
            state.Parameters.Where(pair => !pair.Key.StartsWith(Inference + ".", StringComparison.Ordinal)).Select(pair => (pair.Key, pair.Value)));
        LatentRun run = Infer(key, state.Parameters, batch);
        TrainingTransition next = chain.Learn(
            new TrainingState(generative, state.Optimizer, adaptation, state.Step), run, parameters => chain.Energy(parameters, batch, run.Latents[^1]));
        return next with { State = WithStepSizeInParameters(next.State) };
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state) =>
        chain.Diagnose(state.Parameters, batch);

    /// <summary>The end of a short run, by a key of the model's own.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>[n, d_z].</returns>
    public Tensor Encode(TensorTree parameters, Tensor x) => Infer(EncodingKey, parameters, x).Latents[^1];

    /// <inheritdoc/>
    public IPrior Prior(TensorTree parameters) => chain.Prior;

    /// <inheritdoc/>
    public LatentDensity Density(TensorTree parameters, Tensor x) => chain.Density(parameters, x);

    /// <inheritdoc/>
    public Tensor Decode(TensorTree parameters, Tensor z) => chain.Generative.Decode(parameters, z);

    /// <inheritdoc/>
    public Tensor? Simulate(RandomKey key, TensorTree parameters, Tensor z) => chain.Generative.Simulate(key, parameters, z);

    /// <inheritdoc/>
    public Tensor Generate(RandomKey key, TensorTree parameters, int count) => chain.Generate(key, parameters, count);

    private static TrainingState WithStepSizeInParameters(TrainingState state) =>
        new(state.Parameters.Join(state.Adaptation.Prefixed(Inference)), state.Optimizer, TensorTree.Empty, state.Step);

    private LatentRun Infer(RandomKey key, TensorTree parameters, Tensor x)
    {
        Tensor start = chain.Prior.Sample(key.FoldIn(0), chain.Checked(x).Shape[0], LatentSize, dtype).CopyTo(x.Workspace);
        return chain.Run(key.FoldIn(1), parameters, x, start, StepSizeAdaptation.StepSize(parameters.Under(Inference)));
    }
}
