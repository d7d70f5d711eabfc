using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// Metropolis-adjusted Langevin trajectories (MALT): a fresh momentum, L steps of underdamped Langevin dynamics, and one accept test for the whole trajectory,
/// <code>
///     p = √T R ξ₀,  M = R Rᵀ,  c = e^(−γ h/2)
///     L times:  p ← c p + √((1 − c²) T) R ξ         (O)
///               (x, p) ← integrator (x, p)           Δ ← Δ + H(x, p) after − H(x, p) before
///               p ← c p + √((1 − c²) T) R ξ'        (O)
///     accepted with probability min(1, eʳ),  r = −Δ/T,    H(x, p) = −log π(x) + pᵀ M⁻¹ p/2
/// </code>
/// Only the integrator's part of each step can break the invariance of π^{1/T} × N(0, T M), so only its energy errors count. Stationary law: π^{1/T}, exactly. γ = 0 is HMC. L gradients a transition with
/// <see cref="Leapfrog"/>, 2 L with <see cref="TwoStage"/>. A trajectory without finite energy error is rejected and counted as divergent, as is an energy error above 1,000. Source: Riou-Durand and Vogrinc, arXiv 2202.13230 (2022), algorithm 1.
/// Shapes: x, p, ξ are [chains, dimension], Δ and r are [chains]; noise leaves <c>xi</c> (ξ₀), <c>xiFriction</c> [chains, 2 L dimension] (ξ and ξ' of each step in turn) and <c>uniform</c>.
/// </summary>
public static class MetropolisLangevinTrajectories
{
    private static readonly ImmutableArray<string> NoiseNames = ["xi", "xiFriction", "uniform"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="settings">Step size, steps, temperature, mass, integrator, friction.</param>
    /// <returns>A kernel that keeps π^{1/T} invariant.</returns>
    public static Kernel<LangevinState> Create(Target target, LangevinTrajectorySettings settings)
    {
        HamiltonianSettings hamiltonian = settings.Hamiltonian;
        hamiltonian.Mass.RequireFits(target);
        double c = settings.Persistence(hamiltonian.StepSize / 2);
        int d = target.Dimension;
        return new Kernel<LangevinState>(
            "MALT", d, target.DType, position => LangevinState.At(target, position), state => LangevinState.At(target, state.Position), Draw, Advance);

        Noise Draw(NoiseSource source) => new(TensorTree.Of(
            NoiseNames, [source.Normal(0, d, target.DType), source.Normal(1, checked(2 * hamiltonian.Steps * d), target.DType), source.Uniform(2, target.DType)]));

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            UnderdampedState at = new(state.Position, HamiltonianDynamics.Momentum(hamiltonian, noise[0]), state.LogDensity, state.Gradient);
            (at, Tensor error) = Walk(at, noise[1]);
            return MetropolisAcceptance.Decide(
                error * (-1 / hamiltonian.Temperature), noise[2], new LangevinState(at.Position, at.LogDensity, at.Gradient), state, hamiltonian.Gradients);
        }

        (UnderdampedState End, Tensor Error) Walk(UnderdampedState at, Tensor xi)
        {
            Workspace workspace = at.Momentum.Workspace;
            Tensor error = Tensor.Zeros(at.LogDensity.Shape, target.DType, workspace);
            int mark = workspace.Mark();
            for (int i = 0; i < hamiltonian.Steps; i++)
            {
                UnderdampedState from = Refreshed(at, xi, 2 * i);
                UnderdampedState to = hamiltonian.Integrator.Advance(target, hamiltonian.Mass, hamiltonian.StepSize, from);
                error += HamiltonianDynamics.Energy(hamiltonian.Mass, to) - HamiltonianDynamics.Energy(hamiltonian.Mass, from);
                at = Refreshed(to, xi, (2 * i) + 1);
                workspace.Collect(mark, at.Position, at.Momentum, at.LogDensity, at.Gradient, error);
            }

            return (at, error);
        }

        UnderdampedState Refreshed(UnderdampedState at, Tensor xi, int which) =>
            at with { Momentum = HamiltonianDynamics.Refreshed(hamiltonian, c, at.Momentum, xi.Slice(1, which * d, d)) };
    }
}
