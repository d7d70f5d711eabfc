using Lae.Kernels;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.PosteriorInference;

/// <summary>What amortized Langevin dynamics on fixed points is made of.</summary>
/// <param name="Encoder">The architecture of the features g.</param>
/// <param name="LatentKernel">How latent points are moved.</param>
/// <param name="EncoderUpdate">How the encoder follows them.</param>
/// <param name="StepSize">The step size and its adaptation, once for each move of the burn-in.</param>
/// <param name="Transitions">T, transitions of a move, 1 or more.</param>
/// <param name="BurnIn">Moves before the first draw, 0 or more.</param>
/// <param name="BiasDeviation">b, 0 or more: biases of the features start at N(0, b²/units) in place of 0. Features without biases cannot tell points on one ray from the origin apart.</param>
/// <param name="Optimizer">What trains the encoder, where its update is left to an optimiser.</param>
public sealed record AmortizedLangevinParts(
    INetworkArchitecture Encoder,
    ILatentKernel LatentKernel,
    IEncoderUpdate EncoderUpdate,
    StepSizeAdaptation StepSize,
    int Transitions,
    int BurnIn,
    double BiasDeviation,
    IOptimizer Optimizer);

/// <summary>
/// Amortized Langevin dynamics (ALD) on fixed points, by the machinery of the Langevin autoencoder with everything but the encoder known:
/// <code>
///     move k:  Z^(0) = f(x),   Z^(t) = kernel(Z^(t−1)),   t = 1 … T;   draw k = Z^(T);   the encoder follows
/// </code>
/// Where the encoder follows exactly (<see cref="LastLayerUpdate"/>, <see cref="LeastNormUpdate"/>), the features are held and all moves are one chain, whose law is that of the kernel. Where it is trained
/// (<see cref="RegressionUpdate"/>, <see cref="DriftUpdate"/>), that is by one step of the optimiser after each move of the burn-in and then held: draws are the ends of independent chains of T transitions from f(x), as the Langevin
/// autoencoder infers; their law is exact as T grows.
/// Its figures: <c>acceptance</c> after the burn-in, <c>stepSize</c>, <c>conditionNumber</c> of K = G Gᵀ, <c>lastLayerNorm</c>.
/// </summary>
public sealed class AmortizedLangevinMethod : IInferenceMethod
{
    private const int ChainsAtOnce = 250;

    private readonly AmortizedLangevinParts parts;
    private readonly string? name;

    /// <summary>A method.</summary>
    /// <param name="parts">Its parts.</param>
    /// <param name="name">What it is called; null for the names of kernel and update.</param>
    /// <exception cref="ArgumentException">The update cannot follow the kernel.</exception>
    public AmortizedLangevinMethod(AmortizedLangevinParts parts, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts.Transitions, 1, nameof(parts));
        ArgumentOutOfRangeException.ThrowIfNegative(parts.BurnIn, nameof(parts));
        parts.EncoderUpdate.RequireFits(parts.LatentKernel, parts.Transitions);
        this.parts = parts.BiasDeviation >= 0 && double.IsFinite(parts.BiasDeviation)
            ? parts
            : throw new ArgumentOutOfRangeException(nameof(parts), parts.BiasDeviation, "The deviation of biases must be 0 or more and finite.");
        this.name = name;
    }

    /// <inheritdoc/>
    public string Name => name ?? $"{parts.LatentKernel.Name}, {parts.EncoderUpdate.Name}";

    /// <inheritdoc/>
    public void RequireFits(InferenceProblem problem)
    {
        if (problem.Observed is null)
        {
            throw new ArgumentException($"amortized Langevin dynamics encodes observations, and a {problem.Name} has none: use SamplerNetwork");
        }

        if (parts.LatentKernel.NeedsCurvature)
        {
            throw new ArgumentException($"{parts.LatentKernel.Name} needs the curvature of a decoder, and a {problem.Name} tells none: use DatapointLangevin");
        }

        _ = parts.Encoder.Features(new RowForm(problem.Observed.X.Shape[1])); // refuses rows that it cannot take
    }

    /// <inheritdoc/>
    public InferredDraws Infer(RandomKey key, InferenceProblem problem, int draws)
    {
        RequireFits(problem);
        Tensor x = problem.Observed!.X;
        AmortizedInference inference = new(
            problem.LatentSize, parts.Encoder.Features(new RowForm(x.Shape[1])), parts.LatentKernel, parts.EncoderUpdate, parts.Transitions, parts.StepSize, DType.Float64);
        TensorTree parameters = WithBiases(key.FoldIn(2), inference.Initialize(key.FoldIn(0))).Map(leaf => leaf.CopyTo(x.Workspace));
        Dictionary<string, double> figures = new(inference.Diagnose(parameters, x, 0).Where(figure => figure.Key is "conditionNumber"));
        TensorTree adaptation = inference.InitializeAdaptation();
        TensorTree optimizer = parts.Optimizer.Initialize(parameters);
        List<Tensor> kept = [];
        double acceptance = 0;
        bool isOptimized = false;
        for (int move = 0; move < parts.BurnIn + draws; move++)
        {
            bool isBurnIn = move < parts.BurnIn;
            if (!isBurnIn && isOptimized && !parts.LatentKernel.MovesLastLayer)
            {
                LangevinChainDraws ends = EndsOfChains(key.FoldIn(3), problem, inference.Apply(parameters, x), StepSizeAdaptation.StepSize(adaptation), draws);
                kept.Add(ends.Draws);
                acceptance = ends.Acceptance;
                break;
            }

            AmortizedStep step = inference.Infer(
                key.FoldIn(1).FoldIn((ulong)move), problem.Density, inference.Features(parameters, x), parameters[AmortizedInference.LastLayer], adaptation, move + 1);
            isOptimized = step.Lesson.IsOptimized;
            if (!isOptimized)
            {
                parameters = AmortizedInference.Follow(parameters, step);
            }
            else if (isBurnIn)
            {
                ValueAndTreeGradient loss = Differentiation.ValueAndGradient(
                    tree => AmortizedInference.Loss(inference.Features(tree, x), tree[AmortizedInference.LastLayer], step, static z => Tensor.Zeros(Shape.Scalar, z.DType, z.Workspace)), parameters);
                (parameters, optimizer) = parts.Optimizer.Descend(loss.Gradient, parameters, optimizer);
            }

            if (isBurnIn)
            {
                adaptation = step.Adaptation;
            }
            else
            {
                acceptance += step.Run.Acceptance / draws;
                kept.Add(step.Run.Latents[^1].Reshape(1, problem.Points, problem.LatentSize));
            }
        }

        figures["acceptance"] = acceptance;
        figures["stepSize"] = StepSizeAdaptation.StepSize(adaptation);
        figures["lastLayerNorm"] = Math.Sqrt(parameters[AmortizedInference.LastLayer].Square().Sum().ToDouble());
        return new InferredDraws(kept.Count == 1 ? kept[0] : Shaping.Join(0, kept), Chains: 1, figures);
    }

    /// <summary>The ends of independent chains of T transitions from the encodings, many at once.</summary>
    private LangevinChainDraws EndsOfChains(RandomKey key, InferenceProblem problem, Tensor encodings, double stepSize, int draws)
    {
        List<Tensor> ends = [];
        double acceptance = 0;
        for (int first = 0; first < draws; first += ChainsAtOnce)
        {
            int chains = Math.Min(ChainsAtOnce, draws - first);
            LangevinChainPlan plan = new(chains, BurnIn: 0, parts.Transitions, stepSize, parts.LatentKernel.IsAdjusted);
            LangevinChainDraws made = LangevinChains.Run(key.FoldIn((ulong)first), problem.Density, plan, chains, RowBlocks.Repeat(encodings, chains), encodings.Workspace);
            ends.Add(made.Draws);
            acceptance += made.Acceptance * chains / draws;
        }

        return new LangevinChainDraws(ends.Count == 1 ? ends[0] : Shaping.Join(0, ends), acceptance, stepSize);
    }

    private TensorTree WithBiases(RandomKey key, TensorTree parameters)
    {
        if (parts.BiasDeviation == 0)
        {
            return parameters;
        }

        ulong leaf = 0;
        return TensorTree.Of([.. parameters.Select(pair => (pair.Key, pair.Key.EndsWith(".bias", StringComparison.Ordinal)
            ? ExactTarget.Normals(key.FoldIn(leaf++), 1, pair.Value.Count, DType.Float64).Reshape(pair.Value.Shape) * (parts.BiasDeviation / Math.Sqrt(pair.Value.Count))
            : pair.Value))]);
    }
}
