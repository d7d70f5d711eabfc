using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// The Metropolis-adjusted Langevin algorithm (MALA): the proposal y of <see cref="UnadjustedLangevin"/>, accepted for each chain
/// with probability min(1, eʳ),
/// <code>
///     r = (log π(y) − log π(x))/T − (y − x)·(s_x + s_y)/(2T) + (h/(4T)) (s_xᵀ P s_x − s_yᵀ P s_y),    s = ∇log π
/// </code>
/// Stationary law: π^{1/T}, exactly. One gradient a step (the accepted state's is kept). A proposal whose log density or gradient is not
/// finite is rejected and counted as divergent, as is an energy error above 1,000. Source: Roberts and Tweedie, Bernoulli 2 (1996), section 1.4.2; r is their
/// ratio with the proposal densities written out. Shapes: x, y, ξ, s are [chains, dimension], r is [chains]; noise leaves <c>xi</c> and <c>uniform</c>.
/// </summary>
public static class MetropolisLangevin
{
    private static readonly ImmutableArray<string> NoiseNames = ["xi", "uniform"];

    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="settings">Step size, temperature (positive), preconditioner.</param>
    /// <returns>A kernel that keeps π^{1/T} invariant.</returns>
    public static Kernel<LangevinState> Create(Target target, LangevinSettings settings)
    {
        if (settings.Temperature == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Temperature, "An acceptance ratio needs a positive temperature.");
        }

        settings.Preconditioner.RequireFits(target);
        return new Kernel<LangevinState>(
            "MALA", target.Dimension, target.DType, position => LangevinState.At(target, position), state => LangevinState.At(target, state.Position), Draw, Advance)
        {
            IsDivisible = !target.KnowsRowsByPlace,
            Move = (source, state) => Move(source.Passing, Xi(source), Uniform(source), state),
            MoveFrom = (source, _, position) => MoveFrom(Xi(source), Uniform(source), position),
        };

        Tensor Xi(NoiseSource source) => source.Normal(0, target.Dimension, target.DType);

        Tensor Uniform(NoiseSource source) => source.Uniform(1, target.DType);

        Noise Draw(NoiseSource source) => new(source, NoiseNames, [Xi(source), Uniform(source)]);

        Transition<LangevinState> Advance(Noise noise, LangevinState state) => Move(passing: null, noise[0], noise[1], state);

        Transition<LangevinState> Move(PassingMemory? passing, Tensor xi, Tensor uniform, LangevinState state)
        {
            LangevinState proposed = LangevinState.At(target, UnadjustedLangevin.Propose(settings, state, xi));

            // a finite ratio is one of finite numbers
            return MetropolisAcceptance.Decide(passing, LogAcceptanceRatio(settings, state, proposed), uniform, proposed, state, gradientCount: 1) with { KeepsFinite = true };
        }

        PositionMove MoveFrom(Tensor xi, Tensor uniform, Tensor position)
        {
            LogDensityAndGradient here = target.Evaluate(position);
            Tensor proposed = UnadjustedLangevin.Propose(settings, position, here.Gradient, xi);
            LogDensityAndGradient there = target.Evaluate(proposed);
            (StepInfo info, Tensor accepted) = MetropolisAcceptance.InfoOf(LogAcceptanceRatio(settings, position, here, proposed, there), uniform, gradientCount: 2);
            Tensor next = Elementwise.Choose(accepted, proposed, position);
            Tensor logDensity = Elementwise.Choose(accepted, there.LogDensity, here.LogDensity);
            Tensor gradient = Elementwise.Choose(accepted, there.Gradient, here.Gradient);
            return new PositionMove(next, PositionMove.Witness(logDensity, next, logDensity, gradient), info);
        }
    }

    /// <summary>r of the formula above, for every chain.</summary>
    /// <param name="settings">Step size, temperature, preconditioner.</param>
    /// <param name="from">x.</param>
    /// <param name="to">y.</param>
    /// <returns>[chains]; not finite where a log density or gradient is not.</returns>
    public static Tensor LogAcceptanceRatio(LangevinSettings settings, LangevinState from, LangevinState to) =>
        LogAcceptanceRatio(settings, from.Position, new LogDensityAndGradient(from.LogDensity, from.Gradient), to.Position, new LogDensityAndGradient(to.LogDensity, to.Gradient));

    private static Tensor LogAcceptanceRatio(LangevinSettings settings, Tensor from, LogDensityAndGradient here, Tensor to, LogDensityAndGradient there)
    {
        double inverseTemperature = 1 / settings.Temperature;
        Preconditioner p = settings.Preconditioner;
        return Raw.LangevinRatio(
            (inverseTemperature, -inverseTemperature / 2, settings.StepSize * inverseTemperature / 4),
            (from, here.LogDensity, here.Gradient, p.Apply(here.Gradient)),
            (to, there.LogDensity, there.Gradient, p.Apply(there.Gradient)));
    }
}
