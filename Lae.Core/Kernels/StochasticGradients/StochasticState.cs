using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>
/// The state of a kernel with stochastic gradients: the position, the leaves of the dynamics (momentum, thermostat, …), those of the gradient estimator (indices, anchor, …), and the estimates
/// at the position, which the next transition begins with.
/// </summary>
public sealed class StochasticState : IKernelState<StochasticState>
{
    private readonly StochasticLayout layout;

    internal StochasticState(StochasticLayout layout, Tensor position, ImmutableArray<Tensor> dynamics, ImmutableArray<Tensor> estimator, Tensor logDensity, Tensor gradient)
    {
        this.layout = layout;
        Position = position;
        Dynamics = dynamics;
        Estimator = estimator;
        LogDensity = logDensity;
        Gradient = gradient;
    }

    /// <inheritdoc/>
    public Tensor Position { get; }

    /// <summary>The leaves of the dynamics.</summary>
    public ImmutableArray<Tensor> Dynamics { get; }

    /// <summary>The leaves of the gradient estimator.</summary>
    public ImmutableArray<Tensor> Estimator { get; }

    /// <summary>The estimate of log π at the position, [chains]; log π itself with the full gradient.</summary>
    public Tensor LogDensity { get; }

    /// <summary>The estimate of ∇ log π at the position, [chains, dimension].</summary>
    public Tensor Gradient { get; }

    /// <inheritdoc/>
    public IReadOnlyList<StateLeaf> Layout => layout.Leaves;

    /// <summary>A leaf by its name.</summary>
    /// <param name="name">Such as <c>momentum</c>.</param>
    /// <exception cref="KeyNotFoundException">The kernel's state has no such leaf.</exception>
    public Tensor this[string name]
    {
        get
        {
            int index = layout.Leaves.FindIndex(leaf => leaf.Name == name);
            return index >= 0 ? Leaf(index) : throw new KeyNotFoundException($"There is no leaf '{name}'; there are {string.Join(", ", layout.Leaves.Select(leaf => leaf.Name))}.");
        }
    }

    /// <inheritdoc/>
    public Tensor Leaf(int index)
    {
        int last = layout.Leaves.Count;
        if (index < 0 || index >= last)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"Must be in [0, {last}).");
        }

        return index switch
        {
            0 => Position,
            _ when index <= Dynamics.Length => Dynamics[index - 1],
            _ when index <= Dynamics.Length + Estimator.Length => Estimator[index - 1 - Dynamics.Length],
            _ when index == last - 2 => LogDensity,
            _ => Gradient,
        };
    }

    /// <inheritdoc/>
    public StochasticState WithLeaves(IReadOnlyList<Tensor> leaves) => new(
        layout,
        leaves[0],
        [.. leaves.Skip(1).Take(Dynamics.Length)],
        [.. leaves.Skip(1 + Dynamics.Length).Take(Estimator.Length)],
        leaves[^2],
        leaves[^1]);
}

/// <summary>The leaves of a pair of dynamics and estimator.</summary>
internal sealed class StochasticLayout(ImmutableArray<StateLeaf> dynamics, ImmutableArray<StateLeaf> estimator)
{
    public List<StateLeaf> Leaves { get; } =
    [
        new("position", LeafRole.Coordinate), .. dynamics, .. estimator, new("logDensity", LeafRole.Cache), new("gradient", LeafRole.Cache),
    ];
}
