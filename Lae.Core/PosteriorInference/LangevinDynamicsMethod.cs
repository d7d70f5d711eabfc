using Lae.Numerics;
using Lae.Randomness;

namespace Lae.PosteriorInference;

/// <summary>Langevin dynamics on each point by itself, without amortisation: <see cref="LangevinChains"/> as a method. Its figures: <c>acceptance</c>, <c>stepSize</c>.</summary>
/// <param name="plan">How many chains and how long.</param>
/// <param name="name">What it is called; null for a name that says what it does.</param>
public sealed class LangevinDynamicsMethod(LangevinChainPlan plan, string? name = null) : IInferenceMethod
{
    /// <inheritdoc/>
    public string Name => name ?? (plan.Metropolis ? "Langevin dynamics with Metropolis test" : "Langevin dynamics");

    /// <inheritdoc/>
    public void RequireFits(InferenceProblem problem)
    {
    }

    /// <inheritdoc/>
    public InferredDraws Infer(RandomKey key, InferenceProblem problem, int draws)
    {
        LangevinChainDraws made = LangevinChains.Run(key, problem.Density, plan, draws, problem.Observed?.X.Workspace ?? Workspace.Default);
        return new InferredDraws(made.Draws, plan.Chains, new Dictionary<string, double> { ["acceptance"] = made.Acceptance, ["stepSize"] = made.StepSize });
    }
}
