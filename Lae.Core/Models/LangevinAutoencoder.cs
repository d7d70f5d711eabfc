using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>The parts of a Langevin autoencoder, each of which can be swapped.</summary>
/// <param name="LatentSize">d_z, 1 or more.</param>
/// <param name="Encoder">The architecture of the features.</param>
/// <param name="Decoder">The architecture of the decoder.</param>
/// <param name="Likelihood">p(x | decoder output).</param>
/// <param name="LatentKernel">How latent points are moved.</param>
/// <param name="EncoderUpdate">How the encoder follows them.</param>
/// <param name="Transitions">T, transitions on each batch, 1 or more.</param>
/// <param name="StepSize">The latent step size and its adaptation.</param>
/// <param name="Optimizer">The optimiser of features and decoder.</param>
/// <param name="ScaleOptimizer">The optimiser of the likelihood's own parameters, which have their own step.</param>
/// <param name="DType">The number type of parameters and data.</param>
public sealed record LangevinAutoencoderParts(
    int LatentSize,
    INetworkArchitecture Encoder,
    INetworkArchitecture Decoder,
    ILikelihood Likelihood,
    ILatentKernel LatentKernel,
    IEncoderUpdate EncoderUpdate,
    int Transitions,
    StepSizeAdaptation StepSize,
    IOptimizer Optimizer,
    IOptimizer ScaleOptimizer,
    DType DType = DType.Float32);

/// <summary>
/// The Langevin autoencoder (LAE): p(x) = ∫ N(z; 0, I) p(x | z) dz, trained with z drawn by a latent kernel that starts from the encoder f(x) = Φ g(x):
/// <code>
///     z^(0) = f(x),   z^(t) = kernel(z^(t−1)),   t = 1 … T
///     decoder, likelihood  descend  −(1/n) Σ_i log p(x_i, z_i)    averaged over the states that the encoder update names
///     encoder  follows the chain: Φ is its state, or is fitted to its end, or f is regressed on its end, or climbs with its drift
/// </code>
/// Source: the seed (ICLR 2021 submission) with the last-layer form of the NeurIPS 2022 paper; the split in latent kernel and encoder update is Lae's.
/// Parameters: <c>encoder.features.*</c>, <c>encoder.lastLayer</c> [d_z, d], <c>decoder.*</c>, <c>likelihood.*</c>. Shapes: x [n, columns], z [n, d_z].
/// </summary>
public sealed class LangevinAutoencoder : ILatentVariableModel
{
    private readonly LangevinAutoencoderParts parts;
    private readonly AutoencodingPart autoencoding;
    private readonly StandardNormalPrior prior = new();

    /// <summary>A model of given parts.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="data">The form of the data.</param>
    /// <exception cref="ArgumentException">Latent kernel and encoder update do not go together.</exception>
    public LangevinAutoencoder(LangevinAutoencoderParts parts, DataDescription data)
    {
        autoencoding = new AutoencodingPart(parts, data);
        this.parts = parts;
        Data = data;
    }

    /// <inheritdoc/>
    public string Name => $"Langevin autoencoder ({autoencoding.Name})";

    /// <inheritdoc/>
    public DataDescription Data { get; }

    /// <inheritdoc/>
    public int LatentSize => parts.LatentSize;

    /// <inheritdoc/>
    public TrainingState Initialize(RandomKey key)
    {
        TensorTree parameters = autoencoding.Initialize(key);
        return new TrainingState(parameters, autoencoding.InitializeOptimizer(parameters), autoencoding.InitializeAdaptation(), 0);
    }

    /// <inheritdoc/>
    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state)
    {
        AutoencodingStep next = autoencoding.Train(key, batch, prior, state.Parameters, state);
        return new TrainingTransition(new TrainingState(next.Parameters, next.Optimizer, next.Inferred.Adaptation, state.Step + 1), next.Info);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state) => autoencoding.Diagnose(batch, state);

    /// <inheritdoc/>
    public Tensor Encode(TensorTree parameters, Tensor x) => autoencoding.Encode(parameters, x);

    /// <inheritdoc/>
    public IPrior Prior(TensorTree parameters) => prior;

    /// <inheritdoc/>
    public LatentDensity Density(TensorTree parameters, Tensor x) => autoencoding.Density(parameters, prior, x);

    /// <inheritdoc/>
    public Tensor Decode(TensorTree parameters, Tensor z) => autoencoding.Decode(parameters, z);

    /// <inheritdoc/>
    public Tensor? Simulate(RandomKey key, TensorTree parameters, Tensor z) => autoencoding.Simulate(key, parameters, z);

    /// <inheritdoc/>
    public Tensor Generate(RandomKey key, TensorTree parameters, int count) => Decode(parameters, prior.Sample(key, count, parts.LatentSize, parts.DType));
}
