using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>What a leaf of a state is.</summary>
public enum LeafRole
{
    /// <summary>A free variable of the chain: position, momentum, carried noise.</summary>
    Coordinate,

    /// <summary>A value that follows from the coordinates (and from what is held), kept so that it is not computed again: energy, gradient.</summary>
    Cache,

    /// <summary>
    /// What earlier transitions chose and the next takes as given: the indices of a minibatch, an anchor, a running preconditioner, a thermostat. Laws that probe the coordinates hold it
    /// as it is, so that a step is read off with one batch, or one friction.
    /// </summary>
    Held,
}

/// <summary>One leaf of a state.</summary>
/// <param name="Name">Such as <c>position</c>.</param>
/// <param name="Role">Coordinate, cache or held.</param>
public sealed record StateLeaf(string Name, LeafRole Role);

/// <summary>
/// The state of a kernel is a tree of named leaves, each with chains along axis 0. Row-wise acceptance, memory scopes,
/// checkpoints and laws are written once on this interface.
/// </summary>
/// <typeparam name="TSelf">The state type itself.</typeparam>
public interface IKernelState<TSelf>
    where TSelf : class, IKernelState<TSelf>
{
    /// <summary>Where the chains are, [chains, dimension].</summary>
    Tensor Position { get; }

    /// <summary>The leaves in order; the same for every state of a kernel.</summary>
    IReadOnlyList<StateLeaf> Layout { get; }

    /// <summary>One leaf.</summary>
    /// <param name="index">A position in <see cref="Layout"/>.</param>
    /// <returns>A tensor with chains along axis 0.</returns>
    Tensor Leaf(int index);

    /// <summary>A state with other leaves.</summary>
    /// <param name="leaves">One tensor for each leaf of <see cref="Layout"/>.</param>
    /// <returns>A new state.</returns>
    TSelf WithLeaves(IReadOnlyList<Tensor> leaves);

    /// <summary>The same without a list, for what is done in every transition.</summary>
    internal TSelf WithLeaves(ReadOnlySpan<Tensor> leaves) => WithLeaves((IReadOnlyList<Tensor>)leaves.ToArray());
}

/// <summary>A state that knows the log density at its position: what replica exchange, energy diagnostics and reports read.</summary>
public interface IHasLogDensity
{
    /// <summary>log π(x) of the target as it was given, not tempered, [chains].</summary>
    Tensor LogDensity { get; }

    /// <summary>Whether it does: false for a step that never evaluates the target where it ends, whose <see cref="LogDensity"/> is 0 for want of a value.</summary>
    bool KnowsLogDensity => true;
}

/// <summary>A state with coordinates whose stationary law given the position cannot be drawn from, so that it cannot be begun anew between transitions.</summary>
internal interface IKeepsHistory;
