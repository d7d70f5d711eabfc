using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>
/// The state of a kernel that works elsewhere, on other variables or at another temperature, as it is seen from outside. The inner leaves are kept under the name <c>inner</c>; position and log density are
/// those of the target as it was given, and follow from them.
/// </summary>
/// <typeparam name="TInner">The state type of the inner kernel.</typeparam>
/// <param name="Position">x, [chains, dimension].</param>
/// <param name="LogDensity">log π(x), [chains].</param>
/// <param name="Inner">The state of the inner kernel, whose coordinates are those of the chain.</param>
public sealed record TransformedState<TInner>(Tensor Position, Tensor LogDensity, TInner Inner) : IKernelState<TransformedState<TInner>>, IHasLogDensity
    where TInner : class, IKernelState<TInner>
{
    private const int Own = 2;

    /// <inheritdoc/>
    public bool KnowsLogDensity => Inner is IHasLogDensity { KnowsLogDensity: true };

    /// <inheritdoc/>
    public IReadOnlyList<StateLeaf> Layout => Layouts.Of(Inner.Layout);

    private static DerivedLayouts Layouts { get; } = new(static (inner, _) =>
    [
        new("position", LeafRole.Cache), new("logDensity", LeafRole.Cache), .. inner.Select(leaf => leaf with { Name = $"inner.{leaf.Name}" }),
    ]);

    /// <inheritdoc/>
    public Tensor Leaf(int index) => index switch
    {
        0 => Position,
        1 => LogDensity,
        _ => Inner.Leaf(index - Own),
    };

    /// <inheritdoc/>
    public TransformedState<TInner> WithLeaves(IReadOnlyList<Tensor> leaves) => new(leaves[0], leaves[1], Inner.WithLeaves((IReadOnlyList<Tensor>)[.. leaves.Skip(Own)]));

    TransformedState<TInner> IKernelState<TransformedState<TInner>>.WithLeaves(ReadOnlySpan<Tensor> leaves) => new(leaves[0], leaves[1], Inner.WithLeaves(leaves[Own..]));
}
