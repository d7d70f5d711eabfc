using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.PosteriorInference;

/// <summary>How an annealed sampler network is moved: the parts of an <see cref="AnnealingPlan"/> that do not depend on the number of draws.</summary>
/// <param name="Lowest">The second inverse temperature, in (0, 1).</param>
/// <param name="Stages">Inverse temperatures of a cycle, 3 or more.</param>
/// <param name="MovesPerStage">Moves at each, 1 or more.</param>
/// <param name="BaseDeviation">The deviation of the broad Gaussian at which a cycle begins, positive.</param>
public sealed record SamplerAnnealing(double Lowest, int Stages, int MovesPerStage, double BaseDeviation);

/// <summary>
/// Sampler-ALD of one law: a network over k fixed inputs, moved by amortized Langevin dynamics and annealed (<see cref="AnnealedSampler"/>). Each cycle ends in k draws.
/// Its figures: <c>acceptance</c> of the moves at β = 1, <c>conditionNumber</c> of K of the network's features.
/// </summary>
/// <param name="sampler">Makes the network for a latent size.</param>
/// <param name="annealing">How it is annealed.</param>
/// <param name="name">What it is called; null for a name that says what it does.</param>
public sealed class SamplerNetworkMethod(Func<int, SamplerLangevin> sampler, SamplerAnnealing annealing, string? name = null) : IInferenceMethod
{
    /// <inheritdoc/>
    public string Name => name ?? "annealed sampler network";

    /// <inheritdoc/>
    public void RequireFits(InferenceProblem problem)
    {
        if (problem.Points != 1)
        {
            throw new ArgumentException($"a sampler network samples one law, and this {problem.Name} has {problem.Points} points: use AmortizedLangevin");
        }

        _ = sampler(problem.LatentSize); // refuses sizes that it cannot have
    }

    /// <inheritdoc/>
    public InferredDraws Infer(RandomKey key, InferenceProblem problem, int draws)
    {
        RequireFits(problem);
        SamplerLangevin network = sampler(problem.LatentSize);
        TensorTree parameters = network.Initialize(key.FoldIn(0));
        int cycles = (draws + network.Points - 1) / network.Points;
        AnnealingPlan plan = AnnealingPlan.Geometric(annealing.Lowest, annealing.Stages, annealing.MovesPerStage, cycles, annealing.BaseDeviation);
        Target target = Target.FromGradient(problem.LatentSize, problem.Density.Evaluate, problem.Density.DType, problem.Name);
        AnnealedSamples made = AnnealedSampler.Run(key.FoldIn(1), network, parameters, target, plan);
        return new InferredDraws(
            made.Samples.Slice(0, 0, draws).Reshape(draws, 1, problem.LatentSize),
            Math.Min(network.Points, draws),
            new Dictionary<string, double> { ["acceptance"] = made.Acceptance, ["conditionNumber"] = LatentCoordinates.ConditionNumber(network.Features(parameters)) });
    }
}
