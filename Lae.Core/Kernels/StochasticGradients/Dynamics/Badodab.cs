using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The adaptive Langevin thermostat in the symmetric splitting BADODAB:
/// <code>
///     B   p += (h/2) ĝ(x)
///     A   x += (h/2) M⁻¹ p
///     D   ζ += (h/(2μ)) (pᵀ M⁻¹ p − d T)
///     O   p = e^{−hζ} p + √(γT (1 − e^{−2hζ})/ζ) R ξ        (the exact flow; √(2hγT) R ξ where ζ = 0)
///     D, A, B as before, with ĝ at the new position
/// </code>
/// ξ ~ N(0, I), M = R Rᵀ, ĝ an estimate of ∇log π; ζ may be negative. Stationary law on a Gaussian with precision A: with ζ held (μ = +∞) the splitting is BAOAB with friction γ, so that
/// Cov x = T A⁻¹ exactly and Cov p = T (M − (h²/4) A). With ζ free its mean motion is 0, so that the mean of pᵀ M⁻¹ p where D is applied is d T exactly, whatever the noise of ĝ. Source: Leimkuhler and Shang, SIAM Journal on
/// Scientific Computing 38 (2016), section 3 (their ξ is ζ, σ_A² is 2γT). One estimate a step: that of the last B is the first's of the next step.
/// Leaves <c>momentum</c> (p, [chains, dimension]), <c>thermostat</c> (ζ, [chains]).
/// </summary>
/// <param name="settings">γ, T, μ, M.</param>
public sealed class Badodab(ThermostatSettings settings) : StochasticDynamics
{
    /// <summary>Below it (1 − e^{−2s})/(2s) is taken from its series, whose next summand is below rounding.</summary>
    private const double Small = 1e-3;

    /// <inheritdoc/>
    public override string Name => "BADODAB";

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
        MassMatrix mass = Settings.Mass;
        (Tensor p, Tensor zeta) = (input.Leaves[0], input.Leaves[1]);
        p = Elementwise.ScaleAdd(h / 2, input.Gradient, p);
        Tensor x = Elementwise.ScaleAdd(h / 2, mass.Velocity(p), input.Position);
        zeta = Thermostat.Move(Settings, h / 2, zeta, p);
        p = OrnsteinUhlenbeck(h, zeta, p, mass.ApplyRoot(input.Xi));
        zeta = Thermostat.Move(Settings, h / 2, zeta, p);
        x = Elementwise.ScaleAdd(h / 2, mass.Velocity(p), x);
        p = Elementwise.ScaleAdd(h / 2, input.GradientAt(x), p);
        return new StochasticMove(x, [p, zeta]);
    }

    /// <inheritdoc/>
    public override void RequireFits(Target target, IStepSchedule schedule) => Thermostat.RequireFits(Settings, target);

    /// <summary>O of the formula above, for noise that has been shaped by R.</summary>
    internal Tensor OrnsteinUhlenbeck(double h, Tensor zeta, Tensor p, Tensor noise)
    {
        Tensor s = (zeta * h).Reshape(zeta.Count, 1);
        Tensor one = Tensor.Ones(s.Shape, s.DType, s.Workspace);
        Tensor small = Elementwise.Greater(one * Small, s.Abs());

        // (1 − e^{−2s})/(2s), by 1 − s + 2s²/3 − s³/3 + 2s⁴/15 near 0
        Tensor divisor = Elementwise.Choose(small, one, s * 2);
        Tensor series = 1 - (s * (1 - (s * ((2.0 / 3) - (s * ((1.0 / 3) - (s * (2.0 / 15))))))));
        Tensor shrunk = Elementwise.Choose(small, series, (1 - (s * -2).Exp()) / divisor);
        Tensor deviation = (shrunk * (2 * h * Settings.Friction * Settings.Temperature)).Sqrt();
        return ((-s).Exp() * p) + (deviation * noise);
    }
}
