using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// Generalised Hamiltonian Monte Carlo (GHMC): the momentum is kept in part, and turned round where a proposal is rejected,
/// <code>
///     p ← c p + √((1 − c²) T) R ξ,  M = R Rᵀ,  c = e^(−γ L h)
///     (x*, p*) = integrator^L (x, p)
///     with probability min(1, eʳ), r = (H(x, p) − H(x*, p*))/T:  (x, p) ← (x*, p*);  else p ← −p
/// </code>
/// with H(x, p) = −log π(x) + pᵀ M⁻¹ p/2. The time between two refreshments is that of the trajectory, τ = L h, so that with small h the chain follows Langevin's equation with friction γ. Stationary law:
/// π^{1/T} × N(0, T M), exactly, thanks to the turn. γ = ∞ is HMC; L = 1 is the Metropolis-adjusted underdamped Langevin step. L gradients a transition with <see cref="Leapfrog"/>, 2 L with
/// <see cref="TwoStage"/>. An end without finite energy is rejected and counted as divergent, as is an energy error above 1,000. Source: Horowitz, Physics Letters B 268 (1991). Shapes: x, p, ξ are [chains, dimension], r is
/// [chains]; noise leaves <c>xi</c> and <c>uniform</c>.
/// </summary>
public static class GeneralizedHamiltonian
{
    private static readonly ImmutableArray<string> NoiseNames = ["xi", "uniform"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="settings">Step size, steps, temperature, mass, integrator, friction.</param>
    /// <returns>A kernel that keeps π^{1/T} × N(0, T M) invariant.</returns>
    public static Kernel<UnderdampedState> Create(Target target, LangevinTrajectorySettings settings)
    {
        HamiltonianSettings hamiltonian = settings.Hamiltonian;
        hamiltonian.Mass.RequireFits(target);
        double c = settings.Persistence(hamiltonian.Steps * hamiltonian.StepSize);
        return new Kernel<UnderdampedState>(
            "GHMC",
            target.Dimension,
            target.DType,
            position => UnderdampedState.At(target, position),
            state => UnderdampedState.At(target, state.Position, state.Momentum),
            Draw,
            Advance,
            (source, state) => state with { Momentum = HamiltonianDynamics.Momentum(hamiltonian, source.Normal(0, target.Dimension, target.DType)) })
        {
            IsDivisible = !target.KnowsRowsByPlace,
        };

        Noise Draw(NoiseSource source) => new(source, NoiseNames, [source.Normal(0, target.Dimension, target.DType), source.Uniform(1, target.DType)]);

        Transition<UnderdampedState> Advance(Noise noise, UnderdampedState state)
        {
            PhasePoint start = new(state.Position, HamiltonianDynamics.Refreshed(hamiltonian, c, state.Momentum, noise[0]), state.LogDensity, state.Gradient);
            PhasePoint to = HamiltonianDynamics.Integrate(target, hamiltonian, start);
            Tensor r = (HamiltonianDynamics.Energy(hamiltonian.Mass, start) - HamiltonianDynamics.Energy(hamiltonian.Mass, to)) * (1 / hamiltonian.Temperature);
            return MetropolisAcceptance.Decide<UnderdampedState>(r, noise[1], to, start with { Momentum = -start.Momentum }, hamiltonian.Gradients);
        }
    }
}
