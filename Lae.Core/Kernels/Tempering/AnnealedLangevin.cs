using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// Annealed Langevin dynamics: <see cref="UnadjustedLangevin"/> over a schedule of targets π_i, from a smooth one to the one that is meant, with a step size h_i for each:
/// <code>
///     x' = x + h_i ∇log π_i(x) + √(2 h_i) ξ,    ξ ~ N(0, I),    i the stage of the transition
/// </code>
/// Law on Gaussians: x' = B_i x + C_i ξ with B_i = I − h_i A_i, C_i C_iᵀ = 2 h_i I, so that the whole run is the composition of these maps; on the last stage the stationary law is that of ULA,
/// (A − (h/2) A A)⁻¹. One gradient a step, and one more where the target changes. Source: Song and Ermon, Generative modeling by estimating gradients of the data distribution (2019),
/// algorithm 1, whose α_i is 2 h_i; with h_i ∝ σ_i² where the noise of the data is σ_i. Shapes: x, ξ, ∇log π are [chains, dimension]; the noise of part 0 has leaf <c>xi</c>.
/// </summary>
public static class AnnealedLangevin
{
    /// <summary>The kernel over a schedule of targets.</summary>
    /// <param name="stages">One or more; the last goes on for ever.</param>
    /// <returns>A kernel that always moves.</returns>
    public static Kernel<AnnealedState<LangevinState>> Create(IReadOnlyList<AnnealedLangevinStage> stages) =>
        Combinators.Anneal<LangevinState>([.. stages.Select(stage => new AnnealingStage<LangevinState>(
            UnadjustedLangevin.Create(stage.Target, new LangevinSettings(stage.StepSize)), stage.Transitions))]);

    /// <summary>
    /// The kernel over temperatures of one target, π^{1/T_i}, by ULA at temperature T_i (in units of the target: step h at T moves as step h T on the tempered target). Log density and gradient are those of the
    /// target throughout, so that a step costs one gradient also where the temperature changes.
    /// </summary>
    /// <param name="target">π.</param>
    /// <param name="temperatures">T_i, 0 or more, such as falling to 1; one or more.</param>
    /// <param name="stepSize">h, positive and finite.</param>
    /// <param name="transitions">Transitions at each temperature, 1 or more.</param>
    /// <param name="preconditioner">P; the identity if null.</param>
    /// <returns>A kernel that always moves.</returns>
    public static Kernel<AnnealedState<LangevinState>> Create(
        Target target, IReadOnlyList<double> temperatures, double stepSize, int transitions = 1, Preconditioner? preconditioner = null) =>
        Combinators.Anneal(
            [.. temperatures.Select(temperature => new AnnealingStage<LangevinState>(
                UnadjustedLangevin.Create(target, new LangevinSettings(stepSize, temperature, preconditioner)), transitions))],
            oneTarget: true);
}

/// <summary>A stage of annealed Langevin dynamics.</summary>
/// <param name="Target">π_i.</param>
/// <param name="StepSize">h_i, positive and finite.</param>
/// <param name="Transitions">How many, 1 or more.</param>
public sealed record AnnealedLangevinStage(Target Target, double StepSize, int Transitions = 1);
