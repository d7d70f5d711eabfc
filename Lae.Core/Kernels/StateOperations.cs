using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>What can be done with every state, because it is a tree of leaves.</summary>
public static class StateOperations
{
    /// <summary>A function of every leaf.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="state">A state.</param>
    /// <param name="function">A pure function that keeps shapes.</param>
    /// <returns>A new state.</returns>
    public static TState Map<TState>(this TState state, Func<Tensor, Tensor> function)
        where TState : class, IKernelState<TState>
    {
        LeafRoom room = default;
        Span<Tensor> leaves = state.Layout.Count <= LeafRoom.Size ? ((Span<Tensor>)room)[..state.Layout.Count] : new Tensor[state.Layout.Count];
        for (int i = 0; i < leaves.Length; i++)
        {
            leaves[i] = function(state.Leaf(i));
        }

        return state.WithLeaves((ReadOnlySpan<Tensor>)leaves);
    }

    /// <summary>Chain by chain the one state or the other: Metropolis acceptance on all leaves at once.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="accepted">[chains]; not 0 takes the proposed row.</param>
    /// <param name="proposed">The state taken where accepted.</param>
    /// <param name="current">The state kept elsewhere.</param>
    /// <returns>A new state; one of the two where all chains agree.</returns>
    public static TState ChooseRows<TState>(Tensor accepted, TState proposed, TState current)
        where TState : class, IKernelState<TState> => ChooseRows(passing: null, accepted, proposed, current);

    /// <summary>
    /// The same, bit for bit, as the last thing of a transition. Where chains disagree and every leaf of the proposal has passing memory to itself, refused rows are put back into that; the others, most of them, are not moved, and the
    /// proposal's own tensors are not valid afterwards, as they would not be after the transition.
    /// </summary>
    internal static TState ChooseRows<TState>(PassingMemory? passing, Tensor accepted, TState proposed, TState current)
        where TState : class, IKernelState<TState>
    {
        if (Unanimous(accepted) is bool unanimous)
        {
            return unanimous ? proposed : current;
        }

        LeafRoom room = default;
        int count = current.Layout.Count;
        if (passing is not PassingMemory memory || count > LeafRoom.Size)
        {
            return CopyRows(accepted, proposed, current);
        }

        Span<Tensor> leaves = ((Span<Tensor>)room)[..count];
        for (int i = 0; i < count; i++)
        {
            leaves[i] = proposed.Leaf(i);
            if (!memory.Holds(leaves[i]) || leaves[i].IsTracked || current.Leaf(i).IsTracked || OverlapsAny(leaves[i], leaves[..i]))
            {
                return CopyRows(accepted, proposed, current);
            }
        }

        Tensor.Renew(leaves);
        for (int i = 0; i < count; i++)
        {
            Raw.PutBackRows(accepted, current.Leaf(i), leaves[i]);
        }

        return proposed.WithLeaves((ReadOnlySpan<Tensor>)leaves);
    }

    /// <summary>The rows of both in memory of their own.</summary>
    private static TState CopyRows<TState>(Tensor accepted, TState proposed, TState current)
        where TState : class, IKernelState<TState>
    {
        LeafRoom room = default;
        Span<Tensor> leaves = current.Layout.Count <= LeafRoom.Size ? ((Span<Tensor>)room)[..current.Layout.Count] : new Tensor[current.Layout.Count];
        for (int i = 0; i < leaves.Length; i++)
        {
            leaves[i] = Elementwise.Choose(accepted, proposed.Leaf(i), current.Leaf(i));
        }

        return current.WithLeaves((ReadOnlySpan<Tensor>)leaves);
    }

    private static bool OverlapsAny(Tensor leaf, ReadOnlySpan<Tensor> others)
    {
        foreach (Tensor other in others)
        {
            if (leaf.Overlaps(other))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Some rows of a state.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="state">A state.</param>
    /// <param name="rows">Indices of its rows.</param>
    internal static TState GatherRows<TState>(TState state, ReadOnlySpan<int> rows)
        where TState : class, IKernelState<TState>
    {
        LeafRoom room = default;
        Span<Tensor> leaves = state.Layout.Count <= LeafRoom.Size ? ((Span<Tensor>)room)[..state.Layout.Count] : new Tensor[state.Layout.Count];
        for (int i = 0; i < leaves.Length; i++)
        {
            leaves[i] = state.Leaf(i).GatherRowsAt(rows);
        }

        return state.WithLeaves((ReadOnlySpan<Tensor>)leaves);
    }

    /// <summary>Where all chains agree, what they agree on: states are immutable, so that the leaves then need no copy; with one chain that is always so.</summary>
    private static bool? Unanimous(Tensor accepted) => accepted.DType == DType.Float32 ? Unanimous(accepted.AsSpan<float>()) : Unanimous(accepted.AsSpan<double>());

    /// <summary>Whether all numbers are not 0 (true) or all are 0 (false); null where they differ.</summary>
    private static bool? Unanimous<T>(ReadOnlySpan<T> accepted)
        where T : unmanaged, INumberBase<T> =>
        accepted.IndexOf(T.Zero) < 0 ? true : accepted.IndexOfAnyExcept(T.Zero) < 0 ? false : null;

    /// <summary>The leaves as a named tree, for checkpoints.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="state">A state.</param>
    /// <returns>A tree in the order of the layout.</returns>
    public static TensorTree ToTree<TState>(this TState state)
        where TState : class, IKernelState<TState> =>
        TensorTree.Of([.. state.Layout.Select(leaf => leaf.Name)], [.. Enumerable.Range(0, state.Layout.Count).Select(state.Leaf)]);

    /// <summary>The state whose leaves a tree holds.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="like">Any state of the kernel, for its layout.</param>
    /// <param name="tree">What <see cref="ToTree"/> made.</param>
    /// <returns>A state.</returns>
    public static TState FromTree<TState>(this TState like, TensorTree tree)
        where TState : class, IKernelState<TState> =>
        like.WithLeaves(like.Layout.Select(leaf => tree[leaf.Name]).ToImmutableArray());

    /// <summary>Throws if an element of a leaf is not finite.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="state">A state.</param>
    /// <param name="step">The transition that made it, named in the message; 0 before the first.</param>
    /// <param name="prefix">Put before the name of the leaf in the message, such as <c>"the latent "</c>.</param>
    /// <exception cref="NonFiniteStateException">A leaf holds a NaN or an infinity.</exception>
    public static void RequireFinite<TState>(this TState state, long step, string prefix = "")
        where TState : class, IKernelState<TState>
    {
        int count = state.Layout.Count;
        for (int i = 0; i < count; i++)
        {
            if (!state.Leaf(i).AllFinite())
            {
                throw new NonFiniteStateException(prefix + state.Layout[i].Name, step);
            }
        }
    }
}
