using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>
/// All the randomness of one transition, drawn beforehand: named tensors, and the noise of inner transitions where a kernel is made of others.
/// </summary>
/// <remarks>
/// Laws go by the names of leaves: one that begins with <c>xi</c> holds standard normal numbers, in which an unadjusted step on a Gaussian target is affine; any other
/// (<c>uniform</c>, <c>indices</c>, …) holds numbers of another law, which a decision or a choice is made by.
/// </remarks>
/// <param name="Leaves">Named tensors with chains along axis 0, such as <c>xi</c> and <c>uniform</c>.</param>
/// <param name="Parts">The noise of inner transitions, in the order in which they run.</param>
public sealed record Noise(TensorTree Leaves, ImmutableArray<Noise> Parts)
{
    /// <summary>Noise without parts.</summary>
    /// <param name="leaves">Named tensors with chains along axis 0.</param>
    public Noise(TensorTree leaves)
        : this(leaves, [])
    {
    }

    /// <summary>The noise of the transition that a source draws for.</summary>
    /// <param name="source">Where the leaves come from.</param>
    /// <param name="names">Distinct names, shared between transitions.</param>
    /// <param name="leaves">One tensor for each name.</param>
    internal Noise(NoiseSource source, ImmutableArray<string> names, ImmutableArray<Tensor> leaves)
        : this(TensorTree.Of(names, leaves)) => Step = source.Step;

    /// <summary>The noise of the transition that a source draws for, with that of inner transitions.</summary>
    /// <param name="source">Where the leaves come from.</param>
    /// <param name="leaves">Named tensors with chains along axis 0.</param>
    /// <param name="parts">The noise of inner transitions, in the order in which they run.</param>
    internal Noise(NoiseSource source, TensorTree leaves, ImmutableArray<Noise> parts)
        : this(leaves, parts) => Step = source.Step;

    /// <summary>The number of the transition, from 0, for kernels whose constants follow a schedule; set by <see cref="Kernel{TState}.DrawNoise"/>.</summary>
    public long Step { get; init; }

    /// <summary>The chains that were drawn for, where leaves hold their numbers (<see cref="NoiseSource.Address"/>): a hint that saves making them anew where they are still the same.</summary>
    internal Chains? Chains { get; init; }

    /// <summary>One leaf by its position.</summary>
    /// <param name="index">In [0, number of leaves).</param>
    public Tensor this[int index] => Leaves.Leaves[index];

    /// <summary>A function of every tensor, those of the parts too.</summary>
    /// <param name="function">A pure function.</param>
    /// <returns>New noise.</returns>
    public Noise Map(Func<Tensor, Tensor> function) => new(Leaves.Map(function), [.. Parts.Select(part => part.Map(function))]) { Step = Step, Chains = Chains };

    /// <summary>One function of the normal leaves after another of every leaf, those of the parts too.</summary>
    /// <param name="all">Applied to every leaf.</param>
    /// <param name="normal">Applied to what came of the normal ones.</param>
    /// <returns>New noise.</returns>
    internal Noise MapRows(Func<Tensor, Tensor> all, Func<Tensor, Tensor> normal)
    {
        TensorTree leaves = Leaves;
        foreach ((string name, Tensor leaf) in Leaves)
        {
            leaves = leaves.With(name, IsNormal(name) ? normal(all(leaf)) : all(leaf));
        }

        return new Noise(leaves, [.. Parts.Select(part => part.MapRows(all, normal))]) { Step = Step };
    }

    /// <summary>The leaves of standard normal numbers, those of the parts last.</summary>
    internal IEnumerable<Tensor> Normals() => Leaves.Where(leaf => IsNormal(leaf.Key)).Select(leaf => leaf.Value).Concat(Parts.SelectMany(part => part.Normals()));

    private static bool IsNormal(string name) => name.StartsWith("xi", StringComparison.Ordinal);

    /// <summary>Every tensor, those of the parts last.</summary>
    /// <returns>Names (with the number of the part before them) and tensors.</returns>
    public IEnumerable<KeyValuePair<string, Tensor>> Flatten() =>
        Leaves.Concat(Parts.SelectMany((part, i) => part.Flatten().Select(leaf => new KeyValuePair<string, Tensor>($"{i}.{leaf.Key}", leaf.Value))));
}
