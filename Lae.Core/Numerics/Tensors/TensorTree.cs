using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Lae.Numerics;

/// <summary>
/// An immutable, ordered, named set of tensors: parameters of a model, state of an optimiser, noise of a transition. Names
/// are paths with dots, as <c>decoder.0.weight</c>.
/// </summary>
public sealed class TensorTree : IReadOnlyList<KeyValuePair<string, Tensor>>
{
    private readonly ImmutableArray<string> names;
    private readonly Tensor[] tensors;
    private readonly int first;

    /// <summary>The tensors of a tree follow each other in an array that nobody writes: a part of a tree that is one piece, as nearly all are, lies in that of the whole.</summary>
    private TensorTree(ImmutableArray<string> names, Tensor[] tensors, int first = 0)
    {
        this.names = names;
        this.tensors = tensors;
        this.first = first;
    }

    /// <summary>No tensors.</summary>
    public static TensorTree Empty { get; } = new([], []);

    /// <summary>The names, in order.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The tensors, in the order of the names.</summary>
    public IReadOnlyList<Tensor> Leaves => tensors.Length == Count ? ImmutableCollectionsMarshal.AsImmutableArray(tensors) : [.. LeafSpan];

    /// <summary>Number of tensors.</summary>
    public int Count => names.Length;

    /// <summary>Number of elements in all tensors.</summary>
    public long ElementCount => Leaves.Sum(tensor => (long)tensor.Count);

    /// <inheritdoc/>
    public KeyValuePair<string, Tensor> this[int index] => new(names[index], LeafSpan[index]);

    /// <summary>The tensor of a name.</summary>
    /// <param name="name">One of the names.</param>
    /// <exception cref="KeyNotFoundException">There is no such name.</exception>
    public Tensor this[string name] => TryGet(name, out Tensor? tensor)
        ? tensor
        : throw new KeyNotFoundException($"There is no tensor '{name}' among {string.Join(", ", names)}.");

    /// <summary>A tree from pairs of name and tensor.</summary>
    /// <param name="leaves">Pairs with distinct names.</param>
    /// <returns>A new tree.</returns>
    public static TensorTree Of(params IEnumerable<(string Name, Tensor Value)> leaves)
    {
        (string Name, Tensor Value)[] pairs = [.. leaves];
        return new TensorTree(TreeNames.RequireDistinct([.. pairs.Select(pair => pair.Name)]), pairs.Select(pair => pair.Value).ToArray());
    }

    /// <summary>A tree with names that are already known to differ, shared between many trees.</summary>
    /// <param name="names">Distinct names.</param>
    /// <param name="tensors">One tensor for each name.</param>
    /// <returns>A new tree.</returns>
    public static TensorTree Of(ImmutableArray<string> names, ImmutableArray<Tensor> tensors) => names.Length == tensors.Length
        ? new TensorTree(names, ImmutableCollectionsMarshal.AsArray(tensors)!)
        : throw new ArgumentException($"{names.Length} names for {tensors.Length} tensors.", nameof(tensors));

    /// <summary>The tensor of a name, if there is one.</summary>
    /// <param name="name">A name.</param>
    /// <param name="tensor">The tensor.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Tensor? tensor)
    {
        int index = names.IndexOf(name, 0, names.Length, StringComparer.Ordinal);
        tensor = index < 0 ? null : LeafSpan[index];
        return index >= 0;
    }

    /// <summary>This tree and one more tensor, or with another tensor of an existing name.</summary>
    /// <param name="name">A name.</param>
    /// <param name="tensor">A tensor.</param>
    /// <returns>A new tree.</returns>
    public TensorTree With(string name, Tensor tensor)
    {
        int index = names.IndexOf(name, 0, names.Length, StringComparer.Ordinal);
        Tensor[] changed = new Tensor[index < 0 ? Count + 1 : Count];
        LeafSpan.CopyTo(changed);
        changed[index < 0 ? Count : index] = tensor;
        return new TensorTree(index < 0 ? TreeNames.Added(names, name) : names, changed);
    }

    /// <summary>The tensors whose names start with a prefix and a dot, without it.</summary>
    /// <param name="prefix">Such as <c>decoder</c>.</param>
    /// <returns>A new tree, perhaps empty.</returns>
    public TensorTree Under(string prefix) => Some(TreeNames.Under(names, prefix));

    /// <summary>The tensors whose names do not start with a prefix and a dot.</summary>
    /// <param name="prefix">Such as <c>likelihood</c>.</param>
    /// <returns>A new tree, perhaps empty.</returns>
    public TensorTree Outside(string prefix) => Some(TreeNames.Outside(names, prefix));

    /// <summary>The same tensors with a prefix and a dot before each name.</summary>
    /// <param name="prefix">Such as <c>decoder</c>.</param>
    /// <returns>A new tree.</returns>
    public TensorTree Prefixed(string prefix) => new(TreeNames.Prefixed(names, prefix), tensors, first);

    /// <summary>The tensors of this tree and of another; the names must differ.</summary>
    /// <param name="other">Another tree.</param>
    /// <returns>A new tree.</returns>
    public TensorTree Join(TensorTree other) => Join(other, Empty);

    /// <summary>The tensors of this tree and of two others, without a tree between.</summary>
    internal TensorTree Join(TensorTree second, TensorTree third)
    {
        Tensor[] joined = new Tensor[Count + second.Count + third.Count];
        LeafSpan.CopyTo(joined);
        second.LeafSpan.CopyTo(joined.AsSpan(Count));
        third.LeafSpan.CopyTo(joined.AsSpan(Count + second.Count));
        return new TensorTree(TreeNames.Joined(TreeNames.Joined(names, second.names), third.names), joined);
    }

    /// <summary>A function of every tensor.</summary>
    /// <param name="function">A pure function.</param>
    /// <returns>A tree with the same names.</returns>
    public TensorTree Map(Func<Tensor, Tensor> function)
    {
        Tensor[] mapped = new Tensor[Count];
        for (int i = 0; i < mapped.Length; i++)
        {
            mapped[i] = function(LeafSpan[i]);
        }

        return new TensorTree(names, mapped);
    }

    /// <summary>A function of the tensors of two trees with the same names.</summary>
    /// <param name="other">A tree with the same names in the same order.</param>
    /// <param name="function">A pure function.</param>
    /// <returns>A tree with the same names.</returns>
    public TensorTree Zip(TensorTree other, Func<Tensor, Tensor, Tensor> function)
    {
        if (!HasNamesOf(other))
        {
            throw new ArgumentException("The two trees have different names.", nameof(other));
        }

        Tensor[] mapped = new Tensor[Count];
        for (int i = 0; i < mapped.Length; i++)
        {
            mapped[i] = function(LeafSpan[i], other.LeafSpan[i]);
        }

        return new TensorTree(names, mapped);
    }

    /// <summary>Every tensor in memory that no workspace takes back.</summary>
    /// <returns>A tree with the same names and values.</returns>
    public TensorTree Detach() => Map(static tensor => tensor.Detach());

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator()
    {
        for (int i = 0; i < names.Length; i++)
        {
            yield return this[i];
        }
    }

    /// <summary>Other names made of those of this tree, once for each purpose.</summary>
    /// <param name="purpose">Tells what is made from whatever else is.</param>
    /// <param name="make">A pure function, the same for one purpose.</param>
    internal ImmutableArray<string> NamesFor(string purpose, Func<ImmutableArray<string>, ImmutableArray<string>> make) => TreeNames.Made(names, purpose, make);

    /// <summary>The tensors, in the order of the names, without an object for it.</summary>
    internal ReadOnlySpan<Tensor> LeafSpan => new(tensors, first, names.Length);

    /// <summary>Other tensors under the same names.</summary>
    /// <param name="leaves">One for each name, which the tree takes over.</param>
    internal TensorTree WithLeaves(Tensor[] leaves) => Of(names, ImmutableCollectionsMarshal.AsImmutableArray(leaves));

    /// <summary>Whether another tree has the same names in the same order.</summary>
    internal bool HasNamesOf(TensorTree other) => names == other.names || names.AsSpan().SequenceEqual(other.names.AsSpan());

    private TensorTree Some(TreeNames.Part part)
    {
        if (part.IsPiece)
        {
            return part.Places.IsEmpty ? Empty : new TensorTree(part.Names, tensors, first + part.Places[0]);
        }

        Tensor[] chosen = new Tensor[part.Places.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            chosen[i] = LeafSpan[part.Places[i]];
        }

        return new TensorTree(part.Names, chosen);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
