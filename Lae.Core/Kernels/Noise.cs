using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>
/// All the randomness of one transition, drawn beforehand: named tensors, and the noise of inner transitions where a kernel is made of others.
/// </summary>
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

    /// <summary>One leaf by its position.</summary>
    /// <param name="index">In [0, number of leaves).</param>
    public Tensor this[int index] => Leaves.Leaves[index];

    /// <summary>A function of every tensor, those of the parts too.</summary>
    /// <param name="function">A pure function.</param>
    /// <returns>New noise.</returns>
    public Noise Map(Func<Tensor, Tensor> function) => new(Leaves.Map(function), [.. Parts.Select(part => part.Map(function))]);

    /// <summary>Every tensor, those of the parts last.</summary>
    /// <returns>Names (with the number of the part before them) and tensors.</returns>
    public IEnumerable<KeyValuePair<string, Tensor>> Flatten() =>
        Leaves.Concat(Parts.SelectMany((part, i) => part.Flatten().Select(leaf => new KeyValuePair<string, Tensor>($"{i}.{leaf.Key}", leaf.Value))));
}
