using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>The state of an underdamped Langevin kernel: position and momentum, with the log density and gradient at the position.</summary>
/// <param name="Position">x, [chains, dimension].</param>
/// <param name="Momentum">p, [chains, dimension].</param>
/// <param name="LogDensity">log π(x), [chains].</param>
/// <param name="Gradient">∇ log π(x), [chains, dimension].</param>
public sealed record UnderdampedState(Tensor Position, Tensor Momentum, Tensor LogDensity, Tensor Gradient) : IKernelState<UnderdampedState>, IHasLogDensity
{
    private static IReadOnlyList<StateLeaf> LayoutList { get; } = ImmutableArray.Create<StateLeaf>(
        new("position", LeafRole.Coordinate), new("momentum", LeafRole.Coordinate), new("logDensity", LeafRole.Cache), new("gradient", LeafRole.Cache));

    /// <inheritdoc/>
    public IReadOnlyList<StateLeaf> Layout => LayoutList;

    /// <inheritdoc/>
    public bool KnowsLogDensity { get; init; } = true;

    /// <summary>The state at a position with a momentum.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="momentum">[chains, dimension]; 0 if null.</param>
    /// <returns>A state; costs one gradient.</returns>
    public static UnderdampedState At(Target target, Tensor position, Tensor? momentum = null)
    {
        LogDensityAndGradient here = target.Evaluate(position);
        return new UnderdampedState(position, momentum ?? Tensor.Zeros(position.Shape, position.DType, position.Workspace), here.LogDensity, here.Gradient);
    }

    /// <inheritdoc/>
    public Tensor Leaf(int index) => index switch
    {
        0 => Position,
        1 => Momentum,
        2 => LogDensity,
        3 => Gradient,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "Must be in [0, 4)."),
    };

    /// <inheritdoc/>
    public UnderdampedState WithLeaves(IReadOnlyList<Tensor> leaves) => this with { Position = leaves[0], Momentum = leaves[1], LogDensity = leaves[2], Gradient = leaves[3] };

    UnderdampedState IKernelState<UnderdampedState>.WithLeaves(ReadOnlySpan<Tensor> leaves) => new(leaves[0], leaves[1], leaves[2], leaves[3]) { KnowsLogDensity = KnowsLogDensity };
}
