using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The unadjusted Langevin algorithm (ULA), preconditioned and tempered:
/// <code>
///     x' = x + h P ∇log π(x) + √(2 h T) P^{1/2} ξ,    ξ ~ N(0, I)
/// </code>
/// Stationary law on a Gaussian with precision A (mean kept): covariance T (A − (h/2) A P A)⁻¹; stable iff the largest
/// eigenvalue of P A is below 2/h. One gradient a step. Source: Roberts and Tweedie, Bernoulli 2 (1996), section 1.4.1.
/// Shapes: x, ξ, ∇log π are [chains, dimension]; noise leaf <c>xi</c>.
/// </summary>
public static class UnadjustedLangevin
{
    private static readonly ImmutableArray<string> NoiseNames = ["xi"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="settings">Step size, temperature, preconditioner.</param>
    /// <returns>A kernel that always moves; its law is the target's up to a bias of the order of the step size.</returns>
    public static Kernel<LangevinState> Create(Target target, LangevinSettings settings)
    {
        settings.Preconditioner.RequireFits(target);
        return new Kernel<LangevinState>(
            "ULA", target.Dimension, target.DType, position => LangevinState.At(target, position), state => LangevinState.At(target, state.Position), Draw, Advance)
        {
            IsDivisible = !target.KnowsRowsByPlace,
            Move = (source, state) => Move(Xi(source), state),
        };

        Tensor Xi(NoiseSource source) => source.Normal(0, target.Dimension, target.DType);

        Noise Draw(NoiseSource source) => new(source, NoiseNames, [Xi(source)]);

        Transition<LangevinState> Advance(Noise noise, LangevinState state) => Move(noise[0], state);

        Transition<LangevinState> Move(Tensor xi, LangevinState state) => new(LangevinState.At(target, Propose(settings, state, xi)), StepInfo.Unadjusted);
    }

    /// <summary>x' of the formula above.</summary>
    internal static Tensor Propose(LangevinSettings settings, LangevinState state, Tensor xi) => Propose(settings, state.Position, state.Gradient, xi);

    /// <summary>The same without a state.</summary>
    internal static Tensor Propose(LangevinSettings settings, Tensor position, Tensor gradient, Tensor xi)
    {
        double h = settings.StepSize;
        Preconditioner p = settings.Preconditioner;
        return Elementwise.LangevinProposal(
            position, h, p.Apply(gradient), Math.Sqrt(2 * h * settings.Temperature), p.ApplyRoot(xi));
    }
}
