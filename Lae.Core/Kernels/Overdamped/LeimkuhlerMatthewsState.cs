using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>The state of the Leimkuhler–Matthews kernel: the position and the noise that it still has to be moved by, with the log density and gradient at the position.</summary>
/// <param name="Position">x_n, [chains, dimension].</param>
/// <param name="CarriedNoise">ξ_n, the noise of the last step, of which the next step uses the other half, [chains, dimension].</param>
/// <param name="LogDensity">log π(x_n), [chains].</param>
/// <param name="Gradient">∇ log π(x_n), [chains, dimension].</param>
public sealed record LeimkuhlerMatthewsState(Tensor Position, Tensor CarriedNoise, Tensor LogDensity, Tensor Gradient)
    : IKernelState<LeimkuhlerMatthewsState>, IHasLogDensity
{
    private static IReadOnlyList<StateLeaf> LayoutList { get; } = ImmutableArray.Create<StateLeaf>(
        new("position", LeafRole.Coordinate), new("carriedNoise", LeafRole.Coordinate), new("logDensity", LeafRole.Cache), new("gradient", LeafRole.Cache));

    /// <inheritdoc/>
    public IReadOnlyList<StateLeaf> Layout => LayoutList;

    /// <summary>The state at a position with a carried noise.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="carriedNoise">[chains, dimension]; 0 if null.</param>
    /// <returns>A state; costs one gradient.</returns>
    public static LeimkuhlerMatthewsState At(Target target, Tensor position, Tensor? carriedNoise = null)
    {
        LogDensityAndGradient here = target.Evaluate(position);
        return new LeimkuhlerMatthewsState(position, carriedNoise ?? Tensor.Zeros(position.Shape, position.DType, position.Workspace), here.LogDensity, here.Gradient);
    }

    /// <inheritdoc/>
    public Tensor Leaf(int index) => index switch
    {
        0 => Position,
        1 => CarriedNoise,
        2 => LogDensity,
        3 => Gradient,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "Must be in [0, 4)."),
    };

    /// <inheritdoc/>
    public LeimkuhlerMatthewsState WithLeaves(IReadOnlyList<Tensor> leaves) => new(leaves[0], leaves[1], leaves[2], leaves[3]);
}
