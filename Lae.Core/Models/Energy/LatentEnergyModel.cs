using Lae.Kernels;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>A short chain from noise.</summary>
/// <param name="Transitions">Its length, 1 or more.</param>
/// <param name="StepSize">Its step size, which follows the acceptance where a Metropolis test is made.</param>
public sealed record ShortRun(int Transitions, StepSizeAdaptation StepSize);

/// <summary>The parts of a latent energy-based prior model.</summary>
/// <param name="LatentSize">d_z, 1 or more.</param>
/// <param name="Decoder">The architecture of the decoder.</param>
/// <param name="Likelihood">p(x | decoder output).</param>
/// <param name="Energy">The energy.</param>
/// <param name="EnergyOptimizer">The optimiser of the energy, with a small step of its own.</param>
/// <param name="Posterior">The chain of each datapoint.</param>
/// <param name="Prior">The chains of the prior, as many as datapoints.</param>
/// <param name="Metropolis">Whether both make an accept test; without it they are those of the paper.</param>
/// <param name="Optimizer">The optimiser of the decoder.</param>
/// <param name="ScaleOptimizer">The optimiser of the likelihood's own parameters.</param>
/// <param name="EncodingIterations">Gradients of the ascent that stands in for an encoder, 0 or more.</param>
/// <param name="DType">The number type of parameters and data.</param>
public sealed record LatentEnergyParts(
    int LatentSize,
    INetworkArchitecture Decoder,
    ILikelihood Likelihood,
    LatentEnergy Energy,
    IOptimizer EnergyOptimizer,
    ShortRun Posterior,
    ShortRun Prior,
    bool Metropolis,
    IOptimizer Optimizer,
    IOptimizer ScaleOptimizer,
    int EncodingIterations,
    DType DType = DType.Float32);

/// <summary>
/// The latent energy-based prior model (LEBM): p(z) ∝ exp(−E(z) − |z|²/2), x | z by a decoder, and no encoder. Each step, from noise of its own,
/// <code>
///     z⁺_i ~ short-run Langevin on p(z | x_i) from N(0, I),   z⁻_i ~ short-run Langevin on p(z) from N(0, I)
///     energy               descends  (1/n) Σ E(z⁺_i) − (1/n) Σ E(z⁻_i) + α [ … ]      (LatentEnergy)
///     decoder, likelihood  descend   −(1/n) Σ log p(x_i | z⁺_i)
/// </code>
/// Where there is no accept test the chains are short and biased as in the paper; with one their step follows the acceptance. Encoding is an ascent to the posterior mode from 0.
/// Source: Pang, Han, Nijkamp, Zhu and Wu, NeurIPS 2020, algorithm 1. Parameters: <c>decoder.*</c>, <c>likelihood.*</c>, <c>energy.*</c>. Shapes: x [n, columns], z [n, d_z].
/// </summary>
public sealed class LatentEnergyModel : ILatentVariableModel
{
    private const string EnergyPart = "energy";

    /// <summary>Encoding a batch costs many gradients: the diagnosis takes so many observations at most.</summary>
    private const int DiagnosedAtMost = 256;

    private readonly LatentEnergyParts parts;
    private readonly GenerativePart generative;
    private readonly ParameterDescent descent;
    private readonly DatapointLangevin kernel;

    /// <summary>A model of given parts.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="data">The form of the data.</param>
    public LatentEnergyModel(LatentEnergyParts parts, DataDescription data)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts.Posterior.Transitions, 1, nameof(parts));
        ArgumentOutOfRangeException.ThrowIfLessThan(parts.Prior.Transitions, 1, nameof(parts));
        ArgumentOutOfRangeException.ThrowIfNegative(parts.EncodingIterations, nameof(parts));
        this.parts = parts;
        Data = data;
        generative = new GenerativePart(parts.LatentSize, parts.Decoder, parts.Likelihood, data, parts.DType);
        descent = new ParameterDescent(parts.Optimizer, parts.ScaleOptimizer);
        kernel = new DatapointLangevin(parts.Metropolis);
    }

    /// <inheritdoc/>
    public string Name => $"latent energy-based prior model ({(parts.Metropolis ? "MALA" : "unadjusted Langevin")} of {parts.Posterior.Transitions} and {parts.Prior.Transitions})";

    /// <inheritdoc/>
    public DataDescription Data { get; }

    /// <inheritdoc/>
    public int LatentSize => parts.LatentSize;

    /// <inheritdoc/>
    public TrainingState Initialize(RandomKey key)
    {
        TensorTree networks = generative.Initialize(key.FoldIn(0));
        TensorTree energy = parts.Energy.Initialize(key.FoldIn(1));
        return new TrainingState(
            networks.Join(energy.Prefixed(EnergyPart)),
            descent.Initialize(networks).Join(parts.EnergyOptimizer.Initialize(energy).Prefixed(EnergyPart)),
            parts.Posterior.StepSize.Initialize().Prefixed("posterior").Join(parts.Prior.StepSize.Initialize().Prefixed("prior")),
            0);
    }

    /// <inheritdoc/>
    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state)
    {
        TensorTree energy = state.Parameters.Under(EnergyPart);
        TensorTree networks = Networks(state.Parameters);
        EnergyPrior prior = parts.Energy.Prior(energy);
        int n = batch.Shape[0];
        (LatentRun posterior, TensorTree posteriorStep) = Run(
            key.FoldIn(0), generative.Density(networks, prior, batch), parts.Posterior, state.Adaptation.Under("posterior"), batch.Workspace);
        (LatentRun samples, TensorTree priorStep) = Run(
            key.FoldIn(1), prior.Density(n, LatentSize, parts.DType), parts.Prior, state.Adaptation.Under("prior"), batch.Workspace);

        Tensor z = posterior.Latents[^1];
        (Tensor loss, (TensorTree descended, TensorTree optimizer)) = descent.DescendAlong(tree => -generative.LogLikelihood(tree, batch, z).Mean(), networks, state.Optimizer);
        EnergyStep learned = parts.Energy.Learn(parts.EnergyOptimizer, energy, state.Optimizer.Under(EnergyPart), z, samples.Latents[^1]);
        Dictionary<string, double> info = new(generative.Figures(networks))
        {
            ["energy"] = -posterior.LogDensity / n,
            ["loss"] = loss.ToDouble(),
            ["stepSize"] = StepSizeAdaptation.StepSize(state.Adaptation.Under("posterior")),
            ["priorStepSize"] = StepSizeAdaptation.StepSize(state.Adaptation.Under("prior")),
            ["energyOfData"] = learned.EnergyOfData,
            ["energyOfSamples"] = learned.EnergyOfSamples,
        };
        if (parts.Metropolis)
        {
            info["acceptanceProbability"] = posterior.Acceptance;
            info["priorAcceptanceProbability"] = samples.Acceptance;
        }

        return new TrainingTransition(
            new TrainingState(
                descended.Join(learned.Parameters.Prefixed(EnergyPart)),
                optimizer.Join(learned.Optimizer.Prefixed(EnergyPart)),
                posteriorStep.Prefixed("posterior").Join(priorStep.Prefixed("prior")),
                state.Step + 1),
            info);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state) =>
        ActiveLatents.Figures(Encode(state.Parameters, batch.Slice(0, 0, Math.Min(DiagnosedAtMost, batch.Shape[0]))));

    /// <inheritdoc/>
    public Tensor Encode(TensorTree parameters, Tensor x) => PosteriorMode.Ascend(
        Density(parameters, x), Tensor.Zeros(new Shape(x.Shape[0], LatentSize), x.DType, x.Workspace), parts.EncodingIterations);

    /// <inheritdoc/>
    public IPrior Prior(TensorTree parameters) => EnergyPrior(parameters);

    /// <inheritdoc/>
    public LatentDensity Density(TensorTree parameters, Tensor x) => generative.Density(parameters, EnergyPrior(parameters), x);

    /// <inheritdoc/>
    public Tensor Decode(TensorTree parameters, Tensor z) => generative.Decode(parameters, z);

    /// <inheritdoc/>
    public Tensor? Simulate(RandomKey key, TensorTree parameters, Tensor z) => generative.Simulate(key, parameters, z);

    /// <inheritdoc/>
    public Tensor Generate(RandomKey key, TensorTree parameters, int count) =>
        Decode(parameters, EnergyPrior(parameters).Sample(key, count, LatentSize, parts.DType));

    private static TensorTree Networks(TensorTree parameters) => parameters.Outside(EnergyPart);

    private EnergyPrior EnergyPrior(TensorTree parameters) => parts.Energy.Prior(parameters.Under(EnergyPart), parts.Prior.Transitions);

    /// <summary>A short run from N(0, I), and its step size after it.</summary>
    private (LatentRun Run, TensorTree StepSize) Run(RandomKey key, LatentDensity density, ShortRun chain, TensorTree adaptation, Workspace workspace)
    {
        Tensor start = new NoiseSource(key.FoldIn(0), 0, Chains.Range(density.Points), workspace).Normal(0, LatentSize, parts.DType);
        LatentRun run = LatentRun.Of(
            kernel, LatentCoordinates.Datapoints(density, start), StepSizeAdaptation.StepSize(adaptation), chain.Transitions, key.FoldIn(1));
        return (run, kernel.IsAdjusted ? chain.StepSize.Adapt(adaptation, run.Acceptance, workspace) : adaptation);
    }
}
