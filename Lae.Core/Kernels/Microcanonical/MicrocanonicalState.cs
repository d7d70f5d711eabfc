using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>The state of a microcanonical kernel: a position and a direction of motion, with the log density and gradient at the position.</summary>
/// <param name="Position">x, [chains, dimension].</param>
/// <param name="Direction">u, [chains, dimension], |u| = 1 in every row. A state made of a position alone has 0 here, which stands for no direction: its first kick makes it that of the gradient.</param>
/// <param name="LogDensity">log π(x), [chains].</param>
/// <param name="Gradient">∇ log π(x), [chains, dimension].</param>
public sealed record MicrocanonicalState(Tensor Position, Tensor Direction, Tensor LogDensity, Tensor Gradient) : IKernelState<MicrocanonicalState>, IHasLogDensity
{
    private static IReadOnlyList<StateLeaf> LayoutList { get; } = ImmutableArray.Create<StateLeaf>(
        new("position", LeafRole.Coordinate), new("direction", LeafRole.Coordinate), new("logDensity", LeafRole.Cache), new("gradient", LeafRole.Cache));

    /// <inheritdoc/>
    public IReadOnlyList<StateLeaf> Layout => LayoutList;

    /// <summary>The state at a position with a direction.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="direction">[chains, dimension], unit rows; 0 if null.</param>
    /// <returns>A state; costs one gradient.</returns>
    public static MicrocanonicalState At(Target target, Tensor position, Tensor? direction = null)
    {
        LogDensityAndGradient here = target.Evaluate(position);
        return new MicrocanonicalState(position, direction ?? Tensor.Zeros(position.Shape, position.DType, position.Workspace), here.LogDensity, here.Gradient);
    }

    /// <inheritdoc/>
    public Tensor Leaf(int index) => index switch
    {
        0 => Position,
        1 => Direction,
        2 => LogDensity,
        3 => Gradient,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "Must be in [0, 4)."),
    };

    /// <inheritdoc/>
    public MicrocanonicalState WithLeaves(IReadOnlyList<Tensor> leaves) => new(leaves[0], leaves[1], leaves[2], leaves[3]);
}
