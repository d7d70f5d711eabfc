using Lae.Kernels;
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
///     encoder  follows the chain: Φ is its state, or is fitted to its end, or f is regressed on its end
/// </code>
/// Source: the seed (ICLR 2021 submission) with the last-layer form of the NeurIPS 2022 paper; the split in latent kernel and encoder update is Lae's.
/// Parameters: <c>encoder.features.*</c>, <c>encoder.lastLayer</c> [d_z, d], <c>decoder.*</c>, <c>likelihood.*</c>. Shapes: x [n, columns], z [n, d_z].
/// </summary>
public sealed class LangevinAutoencoder : ILatentVariableModel
{
    private const string LastLayerName = "encoder.lastLayer";

    /// <summary>The condition number is that of so many observations at most: it costs the cube of their number.</summary>
    private const int DiagnosedAtMost = 256;

    private readonly LangevinAutoencoderParts parts;
    private readonly INetwork features;
    private readonly GenerativePart generative;
    private readonly ParameterDescent descent;
    private readonly StandardNormalPrior prior = new();

    /// <summary>A model of given parts.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="data">The form of the data.</param>
    /// <exception cref="ArgumentException">Latent kernel and encoder update do not go together.</exception>
    public LangevinAutoencoder(LangevinAutoencoderParts parts, DataDescription data)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts.LatentSize, 1, nameof(parts));
        ArgumentOutOfRangeException.ThrowIfLessThan(parts.Transitions, 1, nameof(parts));
        parts.EncoderUpdate.RequireFits(parts.LatentKernel);
        this.parts = parts;
        Data = data;
        features = parts.Encoder.Features(data.Form);
        generative = new GenerativePart(parts.LatentSize, parts.Decoder, parts.Likelihood, data, parts.DType);
        descent = new ParameterDescent(parts.Optimizer, parts.ScaleOptimizer);
    }

    /// <inheritdoc/>
    public string Name => $"Langevin autoencoder ({parts.LatentKernel.Name}, {parts.EncoderUpdate.Name})";

    /// <inheritdoc/>
    public DataDescription Data { get; }

    /// <inheritdoc/>
    public int LatentSize => parts.LatentSize;

    /// <inheritdoc/>
    public TrainingState Initialize(RandomKey key)
    {
        TensorTree parameters = features.Initialize(key.FoldIn(0), parts.DType).Prefixed("encoder.features")
            .With(LastLayerName, OrthogonalInitialization.Draw(key.FoldIn(1), parts.LatentSize, features.OutputSize, parts.DType))
            .Join(generative.Initialize(key.FoldIn(2)));
        return new TrainingState(parameters, descent.Initialize(parameters), parts.StepSize.Initialize(), 0);
    }

    /// <inheritdoc/>
    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state)
    {
        Tensor lastLayer = state.Parameters[LastLayerName];
        Tensor g = Features(state.Parameters, batch);
        RequireFinite(g, state.Step + 1);
        LatentCoordinates coordinates = parts.LatentKernel.Coordinates(Density(state.Parameters, batch), g, lastLayer);
        double stepSize = StepSizeAdaptation.StepSize(state.Adaptation);
        LatentRun run = LatentRun.Of(parts.LatentKernel, coordinates, stepSize, parts.Transitions, key);
        EncoderLesson lesson = parts.EncoderUpdate.Learn(run, g, lastLayer);

        ValueAndTreeGradient loss = Differentiation.ValueAndGradient(parameters => Loss(parameters, batch, run, lesson), state.Parameters);
        (TensorTree parameters, TensorTree optimizer) = descent.Descend(loss.Gradient, state.Parameters, state.Optimizer);
        if (lesson.LastLayers.Count > 0)
        {
            // Φ is moved by the chain, not by the optimiser
            parameters = parameters.With(LastLayerName, lesson.LastLayers[^1]);
        }

        TensorTree adaptation = parts.LatentKernel.IsAdjusted ? parts.StepSize.Adapt(state.Adaptation, run.Acceptance, batch.Workspace) : state.Adaptation;
        Dictionary<string, double> info = new(generative.Figures(state.Parameters))
        {
            ["energy"] = -run.LogDensity / batch.Shape[0],
            ["loss"] = loss.Value.ToDouble(),
            ["stepSize"] = stepSize,
        };
        if (parts.LatentKernel.IsAdjusted)
        {
            info["acceptanceProbability"] = run.Acceptance;
        }

        return new TrainingTransition(new TrainingState(parameters, optimizer, adaptation, state.Step + 1), info);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state)
    {
        Tensor g = Features(state.Parameters, batch.Slice(0, 0, Math.Min(DiagnosedAtMost, batch.Shape[0])));
        RequireFinite(g, state.Step);
        return new Dictionary<string, double>
        {
            ["conditionNumber"] = Math.Min(LatentCoordinates.ConditionNumber(g), double.MaxValue),
            ["lastLayerNorm"] = Math.Sqrt(state.Parameters[LastLayerName].Square().Sum().ToDouble()),
            ["featureCount"] = features.OutputSize,
            ["batchSize"] = batch.Shape[0],
        };
    }

    /// <inheritdoc/>
    public Tensor Encode(TensorTree parameters, Tensor x) => Features(parameters, x).MatMul(parameters[LastLayerName], transposeB: true);

    /// <inheritdoc/>
    public IPrior Prior(TensorTree parameters) => prior;

    /// <inheritdoc/>
    public LatentDensity Density(TensorTree parameters, Tensor x) => generative.Density(parameters, prior, x);

    /// <inheritdoc/>
    public Tensor Decode(TensorTree parameters, Tensor z) => generative.Decode(parameters, z);

    /// <inheritdoc/>
    public Tensor Generate(RandomKey key, TensorTree parameters, int count) => Decode(parameters, prior.Sample(key, count, parts.LatentSize, parts.DType));

    private static void RequireFinite(Tensor features, long step)
    {
        if (!features.AllFinite())
        {
            throw new NonFiniteStateException("a feature of the encoder", step);
        }
    }

    private Tensor Features(TensorTree parameters, Tensor x) => features.Apply(parameters.Under("encoder.features"), x);

    /// <summary>Mean energy at the states that teach, and the regression of the encoder where there is one.</summary>
    private Tensor Loss(TensorTree parameters, Tensor batch, LatentRun run, EncoderLesson lesson)
    {
        if (lesson.Codes is { } codes)
        {
            Tensor residual = codes - Encode(parameters, batch);
            return Energy(parameters, batch, run.Latents[^1]) + (0.5 * residual.Square().Sum() / batch.Shape[0]);
        }

        Tensor g = Features(parameters, batch);
        Tensor total = Tensor.Zeros(Shape.Scalar, batch.DType, batch.Workspace);
        foreach (Tensor lastLayer in lesson.LastLayers)
        {
            total += Energy(parameters, batch, g.MatMul(lastLayer, transposeB: true));
        }

        return total / lesson.LastLayers.Count;
    }

    private Tensor Energy(TensorTree parameters, Tensor batch, Tensor z) => -(prior.LogDensity(z) + generative.LogLikelihood(parameters, batch, z)).Mean();
}
