using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>The state of replica exchange: for each chain one replica at each temperature, the cold one (T = 1) first.</summary>
/// <typeparam name="TInner">The state type of a replica.</typeparam>
public sealed record ReplicaExchangeState<TInner> : IKernelState<ReplicaExchangeState<TInner>>, IHasLogDensity, IKeepsHistory
    where TInner : class, IKernelState<TInner>
{
    /// <summary>A state of given replicas.</summary>
    /// <param name="replicas">One or more states of the same chains, in rising temperature.</param>
    /// <exception cref="ArgumentException">There is none, or they do not have the same number of chains and columns.</exception>
    public ReplicaExchangeState(IReadOnlyList<TInner> replicas)
    {
        Replicas = RequireAlike([.. replicas]);
    }

    private ReplicaExchangeState(TInner[] replicas) => Replicas = RequireAlike(ImmutableCollectionsMarshal.AsImmutableArray(replicas));

    /// <summary>A state that takes an array over, which nobody else has: what a transition made.</summary>
    internal static ReplicaExchangeState<TInner> Owning(TInner[] replicas) => new(replicas);

    /// <summary>The replicas in rising temperature, each a state of all chains.</summary>
    public ImmutableArray<TInner> Replicas { get; }

    /// <summary>Where the cold replicas are, [chains, dimension].</summary>
    public Tensor Position => Replicas[0].Position;

    /// <summary>log π(x) of the cold replicas, [chains].</summary>
    public Tensor LogDensity => ((IHasLogDensity)Replicas[0]).LogDensity;

    /// <summary>The leaves of the cold replica under their own names, those of replica k with <c>.k</c> after them.</summary>
    public IReadOnlyList<StateLeaf> Layout => Layouts.Of(Replicas[0].Layout, Replicas.Length);

    private static DerivedLayouts Layouts { get; } = new(static (inner, count) =>
    [
        .. Enumerable.Range(0, count).SelectMany(k => k == 0 ? inner : inner.Select(leaf => leaf with { Name = FormattableString.Invariant($"{leaf.Name}.{k}") })),
    ]);

    /// <inheritdoc/>
    public Tensor Leaf(int index) => Replicas[index / Width].Leaf(index % Width);

    /// <inheritdoc/>
    public ReplicaExchangeState<TInner> WithLeaves(IReadOnlyList<Tensor> leaves) =>
        new([.. Replicas.Select((replica, k) => replica.WithLeaves([.. leaves.Skip(k * Width).Take(Width)]))]);

    private int Width => Replicas[0].Layout.Count;

    private static ImmutableArray<TInner> RequireAlike(ImmutableArray<TInner> replicas)
    {
        bool areAlike = replicas.Length > 0;
        foreach (TInner replica in replicas)
        {
            areAlike &= replica.Position.HasShapeOf(replicas[0].Position);
        }

        return areAlike
            ? replicas
            : throw new ArgumentException($"Replicas of one shape are needed, not {string.Join(", ", replicas.Select(replica => replica.Position.Shape))}.", nameof(replicas));
    }
}
