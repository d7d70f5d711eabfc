using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>The Metropolis–Hastings decision of every chain: accept with probability min(1, eʳ), r the log acceptance ratio.</summary>
public static class MetropolisAcceptance
{
    /// <summary>
    /// The energy error above which a transition counts as divergent, 1,000: e⁻¹⁰⁰⁰ is no acceptance that a stable integrator has, whatever the dimension, so the step was too long for the curvature that it met. Stan's figure; the same in
    /// <see cref="NoUTurn"/>.
    /// </summary>
    public const double DivergentEnergyError = 1000;

    /// <summary>Chain by chain, the proposed state where ln u &lt; r and r is finite, else the current one.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="logAcceptanceRatio">r, [chains]; NaN or infinite where the proposal is to be refused.</param>
    /// <param name="uniform">u, [chains], in [0, 1).</param>
    /// <param name="proposed">The state taken where accepted.</param>
    /// <param name="current">The state kept elsewhere.</param>
    /// <param name="gradientCount">Gradients that the proposal cost.</param>
    /// <returns>The next state and its info.</returns>
    public static Transition<TState> Decide<TState>(Tensor logAcceptanceRatio, Tensor uniform, TState proposed, TState current, int gradientCount)
        where TState : class, IKernelState<TState>
    {
        Tensor finite = logAcceptanceRatio.IsFinite();
        Tensor zero = Tensor.Zeros(logAcceptanceRatio.Shape, logAcceptanceRatio.DType, logAcceptanceRatio.Workspace);
        Tensor ratio = Elementwise.Choose(finite, logAcceptanceRatio, zero);
        Tensor accepted = finite * Elementwise.Greater(ratio, uniform.Log());
        Tensor probability = finite * Elementwise.Minimum(ratio, zero).Exp();
        Tensor divergent = 1 - (finite * Elementwise.Greater(ratio, Tensor.Full(-DivergentEnergyError, ratio.Shape, ratio.DType, ratio.Workspace)));
        StepInfo info = new(gradientCount, probability, accepted, EnergyError: -logAcceptanceRatio, Divergent: divergent);
        return new Transition<TState>(StateOperations.ChooseRows(accepted, proposed, current), info);
    }
}
