using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>Where generated latent points start.</summary>
public enum GenerationStart
{
    /// <summary>At the outputs of the sampler network, each of them used equally often.</summary>
    Sampler,

    /// <summary>At draws from N(0, I), the base measure.</summary>
    Base,
}

/// <summary>How latent points are generated: a start, and a short Langevin refinement on the prior.</summary>
/// <param name="Start">Where they start.</param>
/// <param name="Transitions">MALA transitions from there, 0 or more; the first half adapts the step size.</param>
public sealed record Generation(GenerationStart Start, int Transitions);

/// <summary>The parts of a contrastive Langevin autoencoder.</summary>
/// <param name="Autoencoder">The posterior part: that of a Langevin autoencoder.</param>
/// <param name="Energy">The energy of the prior.</param>
/// <param name="EnergyOptimizer">The optimiser of the energy, with a small step of its own.</param>
/// <param name="EnergyAveraging">a, the share of the average in the next average of the energy's iterates, in [0, 1); 0 for the last iterate alone.</param>
/// <param name="Sampler">The sampler network.</param>
/// <param name="Generation">How latent points are generated.</param>
public sealed record ContrastiveParts(
    LangevinAutoencoderParts Autoencoder, LatentEnergy Energy, IOptimizer EnergyOptimizer, double EnergyAveraging, SamplerLangevin Sampler, Generation Generation);

/// <summary>
/// The contrastive Langevin autoencoder (CLAE): a Langevin autoencoder whose prior is p(z) ∝ exp(−E(z) − |z|²/2), with a sampler network that follows the prior,
/// <code>
///     z⁺_i  posterior samples by the latent kernel from the encoder f(x_i), as in the LAE, with p(z) as the prior
///     z⁻_j  = s(u_j), j = 1 … k, the sampler network, its last layer moved by ALD on p(z)           (SamplerLangevin)
///     decoder, likelihood  descend  −(1/n) Σ_i log p(x_i, z_i);  the encoder follows the chain      (as in the LAE)
///     energy               θ descends (1/n) Σ E_θ(z⁺_i) − (1/k) Σ E_θ(z⁻_j) + α [ … ]                (LatentEnergy)
///                          θ̄' = a θ̄ + (1 − a) θ',  and the prior of the model, of z⁺ and of generation, is that of E_θ̄
/// </code>
/// All parts are held while the others move: both chains run on the E before the step; the sampler follows the iterate θ, whose contrast its points enter. The iterate never comes to rest, since z⁻ is a noisy sample: one θ is a prior that is now too
/// high here and now there, and what generation needs is their average (Polyak and Juditsky 1992). With E held at 0 it is the LAE, bit for bit. Source: the seed's CLAE (ICLR 2021 submission) in the form of the ICLR 2022 submission,
/// with Lae's base measure, penalty and fixed sampler features. Parameters: those of the LAE, <c>energy.*</c>, <c>sampler.*</c> (with its fixed inputs). Shapes: x [n, columns], z [n, d_z].
/// </summary>
public sealed class ContrastiveLangevinAutoencoder : ILatentVariableModel
{
    private const string EnergyPart = "energy";
    private const string SamplerPart = "sampler";

    /// <summary>The energy that learns, in the state of the optimisers; the parameters hold the average.</summary>
    private const string IteratePart = "energyIterate";

    /// <summary>Keeps the sampler's key away from those of the posterior's transitions, which are folded from the key of the step.</summary>
    private const ulong SamplerDomain = 1UL << 60;

    private readonly ContrastiveParts parts;
    private readonly AutoencodingPart autoencoding;

    /// <summary>A model of given parts.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="data">The form of the data.</param>
    /// <exception cref="ArgumentException">Parts do not go together.</exception>
    public ContrastiveLangevinAutoencoder(ContrastiveParts parts, DataDescription data)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parts.Generation.Transitions, nameof(parts));
        if (parts.EnergyAveraging is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(parts), parts.EnergyAveraging, "The averaging of the energy must be in [0, 1).");
        }

        if (parts.Sampler.LatentSize != parts.Autoencoder.LatentSize)
        {
            throw new ArgumentException($"The sampler makes {parts.Sampler.LatentSize} latents and the autoencoder {parts.Autoencoder.LatentSize}.", nameof(parts));
        }

        autoencoding = new AutoencodingPart(parts.Autoencoder, data);
        this.parts = parts;
        Data = data;
    }

    /// <inheritdoc/>
    public string Name => $"contrastive Langevin autoencoder ({autoencoding.Name})";

    /// <inheritdoc/>
    public DataDescription Data { get; }

    /// <inheritdoc/>
    public int LatentSize => parts.Autoencoder.LatentSize;

    /// <inheritdoc/>
    public TrainingState Initialize(RandomKey key)
    {
        TensorTree own = autoencoding.Initialize(key);
        TensorTree energy = parts.Energy.Initialize(key.FoldIn(3));
        return new TrainingState(
            own.Join(energy.Prefixed(EnergyPart)).Join(parts.Sampler.Initialize(key.FoldIn(4)).Prefixed(SamplerPart)),
            autoencoding.InitializeOptimizer(own).Join(parts.EnergyOptimizer.Initialize(energy).Prefixed(EnergyPart)).Join(energy.Prefixed(IteratePart)),
            autoencoding.InitializeAdaptation().Join(parts.Sampler.InitializeAdaptation().Prefixed(SamplerPart)),
            0);
    }

    /// <inheritdoc/>
    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state)
    {
        TensorTree average = state.Parameters.Under(EnergyPart);
        TensorTree iterate = state.Optimizer.Under(IteratePart);
        AutoencodingStep own = autoencoding.Train(key, batch, parts.Energy.Prior(average), Own(state.Parameters), state with { Adaptation = Own(state.Adaptation) });
        SamplerMove sampler = parts.Sampler.Move(
            key.FoldIn(SamplerDomain),
            parts.Energy.Prior(iterate).Density(parts.Sampler.Points, LatentSize, parts.Autoencoder.DType),
            state.Parameters.Under(SamplerPart),
            state.Adaptation.Under(SamplerPart),
            state.Step + 1);
        EnergyStep learned = parts.Energy.Learn(
            parts.EnergyOptimizer, iterate, state.Optimizer.Under(EnergyPart), own.Inferred.Run.Latents[^1], sampler.Run.Latents[^1]);
        Dictionary<string, double> info = own.Info;
        info["energyOfData"] = learned.EnergyOfData;
        info["energyOfSamples"] = learned.EnergyOfSamples;
        info["samplerStepSize"] = sampler.StepSize;
        if (parts.Sampler.IsAdjusted)
        {
            info["samplerAcceptanceProbability"] = sampler.Run.Acceptance;
        }

        return new TrainingTransition(
            new TrainingState(
                own.Parameters.Join(Averaged(average, learned.Parameters).Prefixed(EnergyPart), sampler.Parameters.Prefixed(SamplerPart)),
                own.Optimizer.Join(learned.Optimizer.Prefixed(EnergyPart), learned.Parameters.Prefixed(IteratePart)),
                own.Inferred.Adaptation.Join(sampler.Adaptation.Prefixed(SamplerPart)),
                state.Step + 1),
            info);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state)
    {
        Dictionary<string, double> figures = autoencoding.Diagnose(batch, state);
        foreach ((string name, double value) in parts.Sampler.Diagnose(state.Parameters.Under(SamplerPart), state.Step))
        {
            figures[name] = value;
        }

        return figures;
    }

    /// <inheritdoc/>
    public Tensor Encode(TensorTree parameters, Tensor x) => autoencoding.Encode(parameters, x);

    /// <inheritdoc/>
    public IPrior Prior(TensorTree parameters) => EnergyPrior(parameters);

    /// <inheritdoc/>
    public LatentDensity Density(TensorTree parameters, Tensor x) => autoencoding.Density(parameters, EnergyPrior(parameters), x);

    /// <inheritdoc/>
    public Tensor Decode(TensorTree parameters, Tensor z) => autoencoding.Decode(parameters, z);

    /// <inheritdoc/>
    public Tensor? Simulate(RandomKey key, TensorTree parameters, Tensor z) => autoencoding.Simulate(key, parameters, z);

    /// <inheritdoc/>
    public Tensor Generate(RandomKey key, TensorTree parameters, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Tensor start = parts.Generation.Start == GenerationStart.Base
            ? new StandardNormalPrior().Sample(key.FoldIn(0), count, LatentSize, parts.Autoencoder.DType)
            : parts.Sampler.Samples(parameters.Under(SamplerPart)).GatherRows(Rows(key.FoldIn(0), count));
        return Decode(parameters, EnergyPrior(parameters).Refine(key.FoldIn(1), start, parts.Generation.Transitions));
    }

    /// <summary>θ̄' = a θ̄ + (1 − a) θ'.</summary>
    private TensorTree Averaged(TensorTree average, TensorTree iterate) =>
        average.Zip(iterate, (old, next) => Elementwise.ScaleAdd(parts.EnergyAveraging, old, next * (1 - parts.EnergyAveraging)));

    /// <summary>What belongs to the autoencoder.</summary>
    private static TensorTree Own(TensorTree tree) => tree.Outside(EnergyPart).Outside(SamplerPart);

    private EnergyPrior EnergyPrior(TensorTree parameters) => parts.Energy.Prior(parameters.Under(EnergyPart));

    /// <summary>Numbers of sampler outputs, one shuffle of all after the other.</summary>
    private int[] Rows(RandomKey key, int count)
    {
        int k = parts.Sampler.Points;
        int shuffles = (count + k - 1) / k;
        return [.. Enumerable.Range(0, shuffles).SelectMany(i => Permutation.Of(key.FoldIn((ulong)i), k)).Take(count)];
    }
}
