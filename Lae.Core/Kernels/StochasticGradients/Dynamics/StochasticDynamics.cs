using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>Where a step of stochastic-gradient dynamics ends.</summary>
/// <param name="Position">x', [chains, dimension].</param>
/// <param name="Leaves">The leaves of the dynamics.</param>
public readonly record struct StochasticMove(Tensor Position, ImmutableArray<Tensor> Leaves);

/// <summary>
/// How a chain moves by gradients that are estimates: an immutable value, which knows nothing of how they are made. Whoever writes another needs <see cref="Name"/> and <see cref="Advance"/>, and what is
/// kept beside the position in <see cref="Leaves"/> and <see cref="Start"/>.
/// </summary>
public abstract class StochasticDynamics
{
    /// <summary>What the kernel is called.</summary>
    public abstract string Name { get; }

    /// <summary>What is kept beside the position, such as a momentum.</summary>
    public virtual ImmutableArray<StateLeaf> Leaves => [];

    /// <summary>The leaves at a position, before <see cref="Thermalize"/>.</summary>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="gradient">The estimate there, [chains, dimension].</param>
    /// <param name="data">N, the number of data; 1 where the target has none.</param>
    /// <returns>A tensor for each of <see cref="Leaves"/>.</returns>
    public virtual ImmutableArray<Tensor> Start(Tensor position, Tensor gradient, int data) => [];

    /// <summary>The leaves drawn from their stationary law where they have one.</summary>
    /// <param name="source">Where the draws come from; streams 0 and 1 are free.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="leaves">What <see cref="Start"/> made.</param>
    /// <returns>A tensor for each of <see cref="Leaves"/>.</returns>
    public virtual ImmutableArray<Tensor> Thermalize(NoiseSource source, Tensor position, ImmutableArray<Tensor> leaves) => leaves;

    /// <summary>One step.</summary>
    /// <param name="input">Step size, noise, state, and gradients where they are asked for.</param>
    /// <returns>Where it ends.</returns>
    public abstract StochasticMove Advance(StochasticStep input);

    /// <summary>Throws unless the dynamics can run on a target by a schedule.</summary>
    /// <param name="target">The target.</param>
    /// <param name="schedule">The schedule.</param>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public virtual void RequireFits(Target target, IStepSchedule schedule)
    {
    }

    /// <summary>A temperature that is 0 or more and finite.</summary>
    internal static double CheckedTemperature(double temperature) => double.IsFinite(temperature) && temperature >= 0
        ? temperature
        : throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature must be 0 or more and finite.");

    /// <summary>A friction that is 0 or more and finite.</summary>
    internal static double CheckedFriction(double friction) => double.IsFinite(friction) && friction >= 0
        ? friction
        : throw new ArgumentOutOfRangeException(nameof(friction), friction, "A friction must be 0 or more and finite.");
}
