using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>What models that draw latents by a chain for each datapoint are made of, but for where the chain begins.</summary>
/// <param name="LatentSize">d_z, 1 or more.</param>
/// <param name="Decoder">The architecture of the decoder.</param>
/// <param name="Likelihood">p(x | decoder output).</param>
/// <param name="Metropolis">Whether each datapoint makes an accept test: MALA, whose step size adapts to its acceptance; else ULA with a fixed step size.</param>
/// <param name="Transitions">T, transitions on each batch, 1 or more.</param>
/// <param name="StepSize">The step size η of each datapoint's chain and its adaptation.</param>
/// <param name="Optimizer">The optimiser of networks.</param>
/// <param name="ScaleOptimizer">The optimiser of the likelihood's own parameters.</param>
/// <param name="DType">The number type of parameters and data.</param>
public sealed record LatentChainParts(
    int LatentSize,
    INetworkArchitecture Decoder,
    ILikelihood Likelihood,
    bool Metropolis,
    int Transitions,
    StepSizeAdaptation StepSize,
    IOptimizer Optimizer,
    IOptimizer ScaleOptimizer,
    DType DType = DType.Float32);

/// <summary>
/// The part that models share in which a Langevin chain on each datapoint's posterior, with prior N(0, I), teaches the decoder:
/// <code>
///     z^(t) = z^(t−1) + η ∇_z log p(x, z^(t−1)) + √(2η) ξ,   t = 1 … T    (MALA where tested)
///     decoder, likelihood  descend  −(1/n) Σ_i log p(x_i, z_i^(T))
/// </code>
/// Models differ in z^(0): the encoder (Hoffman), the chain's last visit (alternating back-propagation), the prior (short-run). Shapes: x [n, columns], z [n, d_z].
/// </summary>
public sealed class LatentChainPart
{
    /// <summary>Gradients towards the mode, of which active latents are counted.</summary>
    private const int StepsToMode = 50;

    /// <summary>The ascent costs many gradients: the diagnosis takes so many observations at most.</summary>
    private const int DiagnosedAtMost = 256;

    private readonly LatentChainParts parts;
    private readonly DataDescription data;
    private readonly DatapointLangevin kernel;
    private readonly ParameterDescent descent;

    /// <summary>A part.</summary>
    /// <param name="parts">What it is made of.</param>
    /// <param name="data">The form of the data.</param>
    public LatentChainPart(LatentChainParts parts, DataDescription data)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts.LatentSize, 1, nameof(parts));
        ArgumentOutOfRangeException.ThrowIfLessThan(parts.Transitions, 1, nameof(parts));
        this.parts = parts;
        this.data = data;
        kernel = new DatapointLangevin(parts.Metropolis);
        Generative = new GenerativePart(parts.LatentSize, parts.Decoder, parts.Likelihood, data, parts.DType);
        descent = new ParameterDescent(parts.Optimizer, parts.ScaleOptimizer);
    }

    /// <summary>p(z) = N(0, I).</summary>
    public StandardNormalPrior Prior { get; } = new();

    /// <summary>p(x | z).</summary>
    public GenerativePart Generative { get; }

    /// <summary>What the chain is called in reports, such as <c>MALA per datapoint, T = 2</c>.</summary>
    public string Description => FormattableString.Invariant($"{kernel.Name}, T = {parts.Transitions}");

    /// <summary>The state before the first step.</summary>
    /// <param name="parameters">All parameters of the model, without a step size.</param>
    /// <returns>A state with step 0.</returns>
    public TrainingState Start(TensorTree parameters) => new(parameters, descent.Initialize(parameters), parts.StepSize.Initialize(), 0);

    /// <summary>The posteriors of observations.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>A density with gradients in z.</returns>
    public LatentDensity Density(TensorTree parameters, Tensor x) => Generative.Density(parameters, Prior, Checked(x));

    /// <summary>T transitions of each datapoint's chain.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="start">z^(0), [n, d_z].</param>
    /// <param name="stepSize">η, positive.</param>
    /// <returns>The states visited.</returns>
    public LatentRun Run(RandomKey key, TensorTree parameters, Tensor x, Tensor start, double stepSize) =>
        LatentRun.Of(kernel, LatentCoordinates.Datapoints(Density(parameters, x), start), stepSize, parts.Transitions, key);

    /// <summary>−(1/n) Σ_i log p(x_i, z_i), the loss of decoder and likelihood.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="z">[n, d_z].</param>
    /// <returns>A scalar.</returns>
    public Tensor Energy(TensorTree parameters, Tensor x, Tensor z) => -(Prior.LogDensity(z) + Generative.LogLikelihood(parameters, x, z)).Mean();

    /// <summary>The step that follows a run: descent on a loss, and the step size after the acceptance seen.</summary>
    /// <param name="state">Before; <see cref="TrainingState.Datapoints"/> are handed on.</param>
    /// <param name="run">What the chains did.</param>
    /// <param name="loss">Of the parameters.</param>
    /// <returns>The state after, and <c>loss</c>, <c>energy</c>, <c>stepSize</c>, <c>acceptanceProbability</c> where a test was made, and the likelihood's figures.</returns>
    public TrainingTransition Learn(TrainingState state, LatentRun run, Func<TensorTree, Tensor> loss)
    {
        (Tensor found, (TensorTree parameters, TensorTree optimizer)) = descent.DescendAlong(loss, state.Parameters, state.Optimizer);
        Dictionary<string, double> info = new(Generative.Figures(state.Parameters))
        {
            ["loss"] = found.ToDouble(),
            ["energy"] = -run.LogDensity / run.Start.Shape[0],
            ["stepSize"] = StepSizeAdaptation.StepSize(state.Adaptation),
        };
        TensorTree adaptation = state.Adaptation;
        if (parts.Metropolis)
        {
            info["acceptanceProbability"] = run.Acceptance;
            adaptation = parts.StepSize.Adapt(adaptation, run.Acceptance, run.Start.Workspace);
        }

        return new TrainingTransition(new TrainingState(parameters, optimizer, adaptation, state.Step + 1) { Datapoints = state.Datapoints }, info);
    }

    /// <summary>What stands in for an encoder where a model has none: an ascent to the posterior mode from 0, a function of each observation alone.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="iterations">Gradients, 0 or more.</param>
    /// <returns>[n, d_z].</returns>
    public Tensor Mode(TensorTree parameters, Tensor x, int iterations) => PosteriorMode.Ascend(
        Density(parameters, x), Tensor.Zeros(new Shape(x.Shape[0], parts.LatentSize), x.DType, x.Workspace), iterations);

    /// <summary>The figures of a model without an encoder: <c>batchSize</c>, and those of <see cref="ActiveLatents"/> by the modes of the first 256 observations.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>Figures.</returns>
    public IReadOnlyDictionary<string, double> Diagnose(TensorTree parameters, Tensor x) => new Dictionary<string, double>(
        ActiveLatents.Figures(Mode(parameters, x.Slice(0, 0, Math.Min(DiagnosedAtMost, x.Shape[0])), StepsToMode)))
    { ["batchSize"] = x.Shape[0] };

    /// <summary>Mean observations at latent points drawn from the prior.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="count">How many, 1 or more.</param>
    /// <returns>[count, columns].</returns>
    public Tensor Generate(RandomKey key, TensorTree parameters, int count) =>
        Generative.Decode(parameters, Prior.Sample(key, count, parts.LatentSize, parts.DType));

    /// <summary>Observations of the shape that the model takes.</summary>
    /// <param name="x">[n, columns].</param>
    /// <returns>The same.</returns>
    /// <exception cref="ArgumentException">Another shape or number type.</exception>
    public Tensor Checked(Tensor x) => data.Checked(x, parts.DType);
}
