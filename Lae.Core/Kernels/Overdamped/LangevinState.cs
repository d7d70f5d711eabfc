using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>The state of an overdamped Langevin kernel: the position, with the log density and gradient there.</summary>
/// <param name="Position">x, [chains, dimension].</param>
/// <param name="LogDensity">log π(x), [chains].</param>
/// <param name="Gradient">∇ log π(x), [chains, dimension].</param>
public sealed record LangevinState(Tensor Position, Tensor LogDensity, Tensor Gradient) : IKernelState<LangevinState>, IHasLogDensity
{
    private static readonly ImmutableArray<StateLeaf> Leaves =
    [
        new("position", LeafRole.Coordinate), new("logDensity", LeafRole.Cache), new("gradient", LeafRole.Cache),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<StateLeaf> Layout => LayoutList;

    private static IReadOnlyList<StateLeaf> LayoutList { get; } = Leaves;

    /// <summary>The state at a position.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <returns>A state; costs one gradient.</returns>
    public static LangevinState At(Target target, Tensor position)
    {
        LogDensityAndGradient here = target.Evaluate(position);
        return new LangevinState(position, here.LogDensity, here.Gradient);
    }

    /// <inheritdoc/>
    public Tensor Leaf(int index) => index switch
    {
        0 => Position,
        1 => LogDensity,
        2 => Gradient,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "Must be in [0, 3)."),
    };

    /// <inheritdoc/>
    public LangevinState WithLeaves(IReadOnlyList<Tensor> leaves) => new(leaves[0], leaves[1], leaves[2]);

    LangevinState IKernelState<LangevinState>.WithLeaves(ReadOnlySpan<Tensor> leaves) => new(leaves[0], leaves[1], leaves[2]);
}
