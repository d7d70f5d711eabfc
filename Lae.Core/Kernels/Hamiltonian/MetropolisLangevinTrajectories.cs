using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// Metropolis-adjusted Langevin trajectories (MALT): a fresh momentum, L steps of underdamped Langevin dynamics, and one accept test for the whole trajectory,
/// <code>
///     p = √T R ξ₀,  M = R Rᵀ,  c = e^(−γ h)
///     L times:  (x, p) ← integrator (x, p)           Δ ← Δ + H(x, p) after − H(x, p) before
///               p ← c p + √((1 − c²) T) R ξ         (O, but for the last time)
///     accepted with probability min(1, eʳ),  r = −Δ/T,    H(x, p) = −log π(x) + pᵀ M⁻¹ p/2
/// </code>
/// The source has half an O before and after each integrator step. Two halves that meet are one whole; the first leaves the law of the fresh momentum as it is, the last is forgotten with the momentum: so positions and Δ have
/// the same law with half the noise. Only the integrator's part of each step can break the invariance of π^{1/T} × N(0, T M), so only its energy errors count. Stationary law: π^{1/T}, exactly. γ = 0 is HMC. L gradients a transition with
/// <see cref="Leapfrog"/>, 2 L with <see cref="TwoStage"/>. A trajectory without finite energy error is rejected and counted as divergent, as is an energy error above 1,000. Source: Riou-Durand and Vogrinc, arXiv 2202.13230 (2022), algorithm 1.
/// Shapes: x, p, ξ are [chains, dimension], Δ and r are [chains]; noise leaves <c>xi</c> (ξ₀), <c>uniform</c> and, if L &gt; 1, <c>xiFriction</c> [chains, (L − 1) dimension] (ξ of each O in turn).
/// </summary>
public static class MetropolisLangevinTrajectories
{
    private static readonly ImmutableArray<string> NoiseNames = ["xi", "uniform", "xiFriction"];
    private static readonly ImmutableArray<string> NoiseNamesOfOneStep = ["xi", "uniform"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="settings">Step size, steps, temperature, mass, integrator, friction.</param>
    /// <returns>A kernel that keeps π^{1/T} invariant.</returns>
    public static Kernel<LangevinState> Create(Target target, LangevinTrajectorySettings settings)
    {
        HamiltonianSettings hamiltonian = settings.Hamiltonian;
        hamiltonian.Mass.RequireFits(target);
        double c = settings.Persistence(hamiltonian.StepSize);
        int d = target.Dimension;
        return new Kernel<LangevinState>(
            "MALT", d, target.DType, position => LangevinState.At(target, position), state => LangevinState.At(target, state.Position), Draw, Advance)
        {
            IsDivisible = !target.KnowsRowsByPlace,
        };

        Noise Draw(NoiseSource source)
        {
            (Tensor xi, Tensor uniform) = (source.Normal(0, d, target.DType), source.Uniform(2, target.DType));
            return new Noise(hamiltonian.Steps == 1
                ? TensorTree.Of(NoiseNamesOfOneStep, [xi, uniform])
                : TensorTree.Of(NoiseNames, [xi, uniform, source.Normal(1, checked((hamiltonian.Steps - 1) * d), target.DType)]));
        }

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            PhasePoint at = new(state.Position, HamiltonianDynamics.Momentum(hamiltonian, noise[0]), state.LogDensity, state.Gradient);
            (at, Tensor error) = Walk(at, noise);
            return MetropolisAcceptance.Decide(
                error * (-1 / hamiltonian.Temperature), noise[1], new LangevinState(at.Position, at.LogDensity, at.Gradient), state, hamiltonian.Gradients);
        }

        (PhasePoint End, Tensor Error) Walk(PhasePoint at, Noise noise)
        {
            Workspace workspace = at.Momentum.Workspace;
            Tensor? error = null;
            int mark = workspace.Mark();
            for (int i = 0; i < hamiltonian.Steps; i++)
            {
                PhasePoint from = i == 0 ? at : Refreshed(at, noise[2].Slice(1, (i - 1) * d, d));
                at = hamiltonian.Integrator.Advance(target, hamiltonian.Mass, hamiltonian.StepSize, from);
                Tensor step = HamiltonianDynamics.Energy(hamiltonian.Mass, at) - HamiltonianDynamics.Energy(hamiltonian.Mass, from);
                error = error is null ? step : error + step;
                workspace.Collect(mark, at.Position, at.Momentum, at.LogDensity, at.Gradient, error);
            }

            return (at, error!);
        }

        PhasePoint Refreshed(PhasePoint at, Tensor xi) => at with { Momentum = HamiltonianDynamics.Refreshed(hamiltonian, c, at.Momentum, xi) };
    }
}
