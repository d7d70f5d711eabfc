using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>The state on which kernels of different state types meet: the position, and the log density there.</summary>
/// <param name="Position">x, [chains, dimension].</param>
/// <param name="LogDensity">log π(x), [chains].</param>
public sealed record PositionState(Tensor Position, Tensor LogDensity) : IKernelState<PositionState>, IHasLogDensity
{
    private static IReadOnlyList<StateLeaf> LayoutList { get; } = ImmutableArray.Create<StateLeaf>(new("position", LeafRole.Coordinate), new("logDensity", LeafRole.Cache));

    /// <inheritdoc/>
    public IReadOnlyList<StateLeaf> Layout => LayoutList;

    /// <inheritdoc/>
    public bool KnowsLogDensity { get; init; } = true;

    /// <inheritdoc/>
    public Tensor Leaf(int index) => index switch
    {
        0 => Position,
        1 => LogDensity,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "Must be in [0, 2)."),
    };

    /// <inheritdoc/>
    public PositionState WithLeaves(IReadOnlyList<Tensor> leaves) => this with { Position = leaves[0], LogDensity = leaves[1] };

    PositionState IKernelState<PositionState>.WithLeaves(ReadOnlySpan<Tensor> leaves) => new(leaves[0], leaves[1]) { KnowsLogDensity = KnowsLogDensity };
}
