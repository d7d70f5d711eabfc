using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The stochastic gradient Nosé–Hoover thermostat (SGNHT):
/// <code>
///     p' = (1 − hζ) p + h ĝ(x) + √(2hγT) R ξ,    ξ ~ N(0, I),  M = R Rᵀ
///     x' = x + h M⁻¹ p'
///     ζ' = ζ + (h/μ) (p'ᵀ M⁻¹ p' − d T)
/// </code>
/// ĝ an estimate of ∇log π. In a stationary state the mean of pᵀ M⁻¹ p is d T exactly, at every step size and whatever the noise of ĝ. Stationary law on a Gaussian with precision A, ζ held at γ: with κ = 1 − hγ/2
/// those of <see cref="StochasticGradientHamiltonian"/>, Cov p = T (κ M⁻¹ − (h²/4) M⁻¹ A M⁻¹)⁻¹, Cov x = T κ (κ A − (h²/4) A M⁻¹ A)⁻¹, but with Cov(x, p) = +(h/2) M⁻¹ Cov p. Source: Ding, Fang, Babbush, Chen, Skeel and Neven,
/// NeurIPS 2014, algorithm 2 (their ξ is ζ, their A is γ, their μ is d, their T and M are 1). One estimate a step. Leaves <c>momentum</c> (p, [chains, dimension]), <c>thermostat</c> (ζ, [chains]).
/// </summary>
/// <param name="settings">γ, T, μ, M.</param>
public sealed class StochasticGradientNoseHoover(ThermostatSettings settings) : StochasticDynamics
{
    /// <inheritdoc/>
    public override string Name => "SGNHT";

    /// <summary>γ, T, μ, M.</summary>
    public ThermostatSettings Settings { get; } = settings;

    /// <inheritdoc/>
    public override ImmutableArray<StateLeaf> Leaves => Thermostat.Leaves;

    /// <inheritdoc/>
    public override ImmutableArray<Tensor> Start(Tensor position, Tensor gradient, int data) => Thermostat.Start(Settings, position);

    /// <inheritdoc/>
    public override ImmutableArray<Tensor> Thermalize(NoiseSource source, Tensor position, ImmutableArray<Tensor> leaves) => Thermostat.Thermalize(Settings, source, position);

    /// <inheritdoc/>
    public override StochasticMove Advance(StochasticStep input)
    {
        double h = input.StepSize;
        (Tensor p, Tensor zeta) = (input.Leaves[0], input.Leaves[1]);
        Tensor damped = p * zeta.ScaleShift(-h, 1).Reshape(zeta.Count, 1);
        p = Elementwise.LangevinProposal(damped, h, input.Gradient, Math.Sqrt(2 * h * Settings.Friction * Settings.Temperature), Settings.Mass.ApplyRoot(input.Xi));
        Tensor x = Elementwise.ScaleAdd(h, Settings.Mass.Velocity(p), input.Position);
        return new StochasticMove(x, [p, Thermostat.Move(Settings, h, zeta, p)]);
    }

    /// <inheritdoc/>
    public override void RequireFits(Target target, IStepSchedule schedule) => Thermostat.RequireFits(Settings, target);
}
