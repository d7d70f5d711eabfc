using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>A point of phase space on the way of an integrator, a value: a trajectory has many of them, and only where it ends becomes a state.</summary>
/// <param name="Position">x, [chains, dimension].</param>
/// <param name="Momentum">p, [chains, dimension].</param>
/// <param name="LogDensity">log π(x), [chains].</param>
/// <param name="Gradient">∇ log π(x), [chains, dimension].</param>
public readonly record struct PhasePoint(Tensor Position, Tensor Momentum, Tensor LogDensity, Tensor Gradient)
{
    /// <summary>The point as a state.</summary>
    /// <param name="point">A point.</param>
    public static implicit operator UnderdampedState(PhasePoint point) => point.ToUnderdampedState();

    /// <summary>The point where a state is.</summary>
    /// <param name="state">A state that knows its log density.</param>
    public static implicit operator PhasePoint(UnderdampedState state) => FromUnderdampedState(state);

    /// <summary>The point where a state is.</summary>
    /// <param name="state">A state that knows its log density.</param>
    /// <returns>A point.</returns>
    public static PhasePoint FromUnderdampedState(UnderdampedState state) => new(state.Position, state.Momentum, state.LogDensity, state.Gradient);

    /// <summary>The point as a state.</summary>
    /// <returns>A state.</returns>
    public UnderdampedState ToUnderdampedState() => new(Position, Momentum, LogDensity, Gradient);
}
