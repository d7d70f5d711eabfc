using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// Stochastic gradient Hamiltonian Monte Carlo (SGHMC) with the gradient at the new position:
/// <code>
///     x' = x + h M⁻¹ p
///     p' = (1 − hα) p + h ĝ(x') + √(2h (αT − β̂)) R ξ,    ξ ~ N(0, I),  M = R Rᵀ
/// </code>
/// ĝ an estimate of ∇log π whose noise of covariance V acts as hV/2 = β̂ M of the noise that friction α needs. Stationary law on a Gaussian with precision A where it does so (or where there is none, β̂ = 0):
/// with κ = 1 − hα/2,
/// <code>
///     Cov p = T (κ M⁻¹ − (h²/4) M⁻¹ A M⁻¹)⁻¹,    Cov x = T κ (κ A − (h²/4) A M⁻¹ A)⁻¹,    Cov(x, p) = −(h/2) M⁻¹ Cov p
/// </code>
/// stable iff h²ω² &lt; 4κ and hα &lt; 2, ω² the largest eigenvalue of M⁻¹ A. The explicit order, both updates from the old state, has an error of the first order and needs hω² &lt; α: it is not offered. Source: Chen, Fox and Guestrin,
/// ICML 2014, equation 13, semi-implicit; their η is h², their α is hα. One estimate a step. Leaf <c>momentum</c> (p, [chains, dimension]).
/// </summary>
public sealed class StochasticGradientHamiltonian : StochasticDynamics
{
    /// <summary>The dynamics.</summary>
    /// <param name="friction">α, 0 or more and finite, in units of inverse time.</param>
    /// <param name="temperature">T, 0 or more and finite; 1 samples the target itself.</param>
    /// <param name="gradientNoise">β̂, in [0, αT]: half of h times the variance of the estimate's noise, in units of the mass.</param>
    /// <param name="mass">M; the identity if null.</param>
    public StochasticGradientHamiltonian(double friction, double temperature = 1, double gradientNoise = 0, MassMatrix? mass = null)
    {
        Friction = CheckedFriction(friction);
        Temperature = CheckedTemperature(temperature);
        GradientNoise = gradientNoise >= 0 && gradientNoise <= friction * temperature
            ? gradientNoise
            : throw new ArgumentOutOfRangeException(nameof(gradientNoise), gradientNoise, $"β̂ must be in [0, αT] = [0, {friction * temperature}].");
        Mass = mass ?? MassMatrix.Identity;
    }

    /// <inheritdoc/>
    public override string Name => "SGHMC";

    /// <summary>α.</summary>
    public double Friction { get; }

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>β̂.</summary>
    public double GradientNoise { get; }

    /// <summary>M.</summary>
    public MassMatrix Mass { get; }

    /// <inheritdoc/>
    public override ImmutableArray<StateLeaf> Leaves { get; } = [new("momentum", LeafRole.Coordinate)];

    /// <inheritdoc/>
    public override ImmutableArray<Tensor> Start(Tensor position, Tensor gradient, int data) => [Tensor.Zeros(position.Shape, position.DType, position.Workspace)];

    /// <inheritdoc/>
    public override ImmutableArray<Tensor> Thermalize(NoiseSource source, Tensor position, ImmutableArray<Tensor> leaves) =>
        [Mass.ApplyRoot(source.Normal(0, position.Shape[1], position.DType)) * Math.Sqrt(Temperature)];

    /// <inheritdoc/>
    public override StochasticMove Advance(StochasticStep input)
    {
        double h = input.StepSize;
        Tensor p = input.Leaves[0];
        Tensor x = Elementwise.ScaleAdd(h, Mass.Velocity(p), input.Position);
        double deviation = Math.Sqrt(2 * h * ((Friction * Temperature) - GradientNoise));
        p = Elementwise.LangevinProposal(p * (1 - (h * Friction)), h, input.GradientAt(x), deviation, Mass.ApplyRoot(input.Xi));
        return new StochasticMove(x, [p]);
    }

    /// <inheritdoc/>
    public override void RequireFits(Target target, IStepSchedule schedule) => Mass.RequireFits(target);
}
