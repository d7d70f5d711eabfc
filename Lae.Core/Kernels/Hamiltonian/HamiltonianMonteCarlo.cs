using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// Hamiltonian Monte Carlo (HMC): a fresh momentum, L steps of an integrator of step size h, and one accept test for each chain, with probability min(1, eʳ),
/// <code>
///     p = √T R ξ,  M = R Rᵀ,  ξ ~ N(0, I)
///     (x*, p*) = integrator^L (x, p)
///     r = (H(x, p) − H(x*, p*))/T,    H(x, p) = −log π(x) + pᵀ M⁻¹ p/2
/// </code>
/// Stationary law: π^{1/T}, exactly. With L = 1 leapfrog step it is MALA with step size h²/2 and preconditioner M⁻¹. L gradients a transition with <see cref="Leapfrog"/>, 2 L with <see cref="TwoStage"/>. An end
/// without finite energy is rejected and counted as divergent, as is an energy error above 1,000. Source: Duane, Kennedy, Pendleton and Roweth, Physics Letters B 195 (1987); Neal, Handbook of Markov Chain Monte Carlo
/// (2011), chapter 5. Shapes: x, p, ξ are [chains, dimension], r is [chains]; noise leaves <c>xi</c> and <c>uniform</c>.
/// </summary>
public static class HamiltonianMonteCarlo
{
    private static readonly ImmutableArray<string> NoiseNames = ["xi", "uniform"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="settings">Step size, steps, temperature, mass, integrator.</param>
    /// <returns>A kernel that keeps π^{1/T} invariant.</returns>
    public static Kernel<LangevinState> Create(Target target, HamiltonianSettings settings)
    {
        settings.Mass.RequireFits(target);
        string name = settings.Integrator == Leapfrog.Integrator ? "HMC" : $"HMC {settings.Integrator.Name}";
        return new Kernel<LangevinState>(
            name, target.Dimension, target.DType, position => LangevinState.At(target, position), state => LangevinState.At(target, state.Position), Draw, Advance)
        {
            IsDivisible = !target.KnowsRowsByPlace,
        };

        Noise Draw(NoiseSource source) => new(source, NoiseNames, [source.Normal(0, target.Dimension, target.DType), source.Uniform(1, target.DType)]);

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            Tensor p = HamiltonianDynamics.Momentum(settings, noise[0]);
            PhasePoint from = new(state.Position, p, state.LogDensity, state.Gradient);
            PhasePoint to = HamiltonianDynamics.Integrate(target, settings, from);
            Tensor r = (HamiltonianDynamics.Energy(settings.Mass, from) - HamiltonianDynamics.Energy(settings.Mass, to)) * (1 / settings.Temperature);
            return MetropolisAcceptance.Decide(r, noise[1], new LangevinState(to.Position, to.LogDensity, to.Gradient), state, settings.Gradients);
        }
    }
}
