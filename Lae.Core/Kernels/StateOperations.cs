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
        where TState : class, IKernelState<TState>
    {
        if (Unanimous(accepted) is bool unanimous)
        {
            return unanimous ? proposed : current;
        }

        LeafRoom room = default;
        Span<Tensor> leaves = current.Layout.Count <= LeafRoom.Size ? ((Span<Tensor>)room)[..current.Layout.Count] : new Tensor[current.Layout.Count];
        for (int i = 0; i < leaves.Length; i++)
        {
            leaves[i] = Elementwise.Choose(accepted, proposed.Leaf(i), current.Leaf(i));
        }

        return current.WithLeaves((ReadOnlySpan<Tensor>)leaves);
    }

    /// <summary>
    /// <see cref="ChooseRows"/>, bit for bit, at the end of a transition after which everything is taken back that was handed out since the mark (<see cref="NoiseSource.EndsWithCollection"/>): rows that were refused are put back into the memory
    /// of the proposal, where that is such memory and every leaf has some to itself. The others, most of them, are not moved. The proposal's own tensors are not valid afterwards, as they would not be after the collection.
    /// </summary>
    internal static TState PutBackRefused<TState>(int mark, Tensor accepted, TState proposed, TState current)
        where TState : class, IKernelState<TState>
    {
        LeafRoom room = default;
        int count = current.Layout.Count;
        if (count > LeafRoom.Size || Unanimous(accepted) is not null)
        {
            return ChooseRows(accepted, proposed, current);
        }

        Span<Tensor> leaves = ((Span<Tensor>)room)[..count];
        for (int i = 0; i < count; i++)
        {
            leaves[i] = proposed.Leaf(i);
            if (!CanBeWritten(mark, leaves[i], current.Leaf(i), leaves[..i]))
            {
                return ChooseRows(accepted, proposed, current);
            }
        }

        Tensor.Renew(leaves);
        for (int i = 0; i < count; i++)
        {
            Raw.PutBackRows(accepted, current.Leaf(i), leaves[i]);
        }

        return proposed.WithLeaves((ReadOnlySpan<Tensor>)leaves);
    }

    private static bool CanBeWritten(int mark, Tensor leaf, Tensor current, ReadOnlySpan<Tensor> before)
    {
        bool can = !leaf.IsTracked && !current.IsTracked && ReferenceEquals(leaf.Workspace, current.Workspace) && leaf.Workspace.HandedOutSince(mark, leaf.Buffer);
        foreach (Tensor other in before)
        {
            can = can && !leaf.Overlaps(other);
        }

        return can;
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
