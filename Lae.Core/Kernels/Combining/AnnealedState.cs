using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>The state of an annealed kernel: that of the kernels of the schedule, and the stage to which its caches belong.</summary>
/// <typeparam name="TInner">The state type of the kernels of the schedule.</typeparam>
/// <param name="Inner">The state.</param>
/// <param name="Stage">The number of that stage, which is the one of the next transition, [chains]; 0 throughout where all stages have one target.</param>
public sealed record AnnealedState<TInner>(TInner Inner, Tensor Stage) : IKernelState<AnnealedState<TInner>>, IHasLogDensity
    where TInner : class, IKernelState<TInner>
{
    /// <inheritdoc/>
    public Tensor Position => Inner.Position;

    /// <summary>log π(x) of the target of the stage, as it was given, [chains].</summary>
    public Tensor LogDensity => ((IHasLogDensity)Inner).LogDensity;

    /// <inheritdoc/>
    public bool KnowsLogDensity => Inner is IHasLogDensity { KnowsLogDensity: true };

    /// <inheritdoc/>
    public IReadOnlyList<StateLeaf> Layout => Layouts.Of(Inner.Layout);

    private static DerivedLayouts Layouts { get; } = new(static (inner, _) => [.. inner, new("stage", LeafRole.Cache)]);

    /// <inheritdoc/>
    public Tensor Leaf(int index) => index == Inner.Layout.Count ? Stage : Inner.Leaf(index);

    /// <inheritdoc/>
    public AnnealedState<TInner> WithLeaves(IReadOnlyList<Tensor> leaves) => new(Inner.WithLeaves((IReadOnlyList<Tensor>)[.. leaves.Take(leaves.Count - 1)]), leaves[^1]);

    AnnealedState<TInner> IKernelState<AnnealedState<TInner>>.WithLeaves(ReadOnlySpan<Tensor> leaves) => new(Inner.WithLeaves(leaves[..^1]), leaves[^1]);
}
