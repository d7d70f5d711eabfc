using Lae.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Lae.Kernels;

/// <summary>The two outer leaves of every chain's trajectory, from which it goes on, and the way from what is remembered of trajectories back to tensors.</summary>
internal readonly struct TrajectoryEnds
{
    private readonly TrajectoryForm form;
    private readonly Tensor leaves;

    /// <param name="form">What is remembered of a leaf.</param>
    /// <param name="dtype">The number type of the target.</param>
    /// <param name="chains">How many.</param>
    /// <param name="workspace">Where memory comes from.</param>
    public TrajectoryEnds(TrajectoryForm form, DType dtype, int chains, Workspace workspace)
    {
        this.form = form;
        DType = dtype;
        leaves = Tensor.Uninitialized(workspace, new Shape(chains, 2 * form.Leaf), DType.Float64);
    }

    /// <summary>The number type of the target.</summary>
    public DType DType { get; }

    /// <summary>Notes a leaf as the last (direction 1) or the first (−1) of a chain's trajectory.</summary>
    public void Put(int chain, int direction, TrajectoryPoints points, int row) => points.CopyTo(Leaf(chain, direction), row);

    /// <summary>Where each of some chains goes on in a doubling, with the momentum turned round where it goes backwards in time: a leapfrog step backwards is one forwards with the momentum turned before and after.</summary>
    public PhasePoint Frontier(TrajectoryForest forest, NoUTurnNoise noise, ReadOnlySpan<int> chains, int doubling)
    {
        int d = form.Dimension;
        Tensor momentum = Rows(chains.Length, d);
        (Tensor position, Tensor logDensity, Tensor gradient) = Rows(chains.Length);
        for (int row = 0; row < chains.Length; row++)
        {
            int direction = noise.Direction(chains[row], doubling);
            TrajectoryTree whole = forest.Whole(chains[row]);
            TensorPrimitives.Multiply((direction > 0 ? whole.Last : whole.First).Momentum, direction, momentum.Write<double>().Slice(row * d, d));
            Write(Leaf(chains[row], direction), position, logDensity, gradient, row);
        }

        return new PhasePoint(position.Cast(DType), momentum.Cast(DType), logDensity.Cast(DType), gradient.Cast(DType));
    }

    /// <summary>The chosen leaf of each trajectory.</summary>
    public LangevinState Samples(TrajectoryForest forest, int chains)
    {
        (Tensor position, Tensor logDensity, Tensor gradient) = Rows(chains);
        for (int chain = 0; chain < chains; chain++)
        {
            Write(forest.Whole(chain).Chosen, position, logDensity, gradient, chain);
        }

        return new LangevinState(position.Cast(DType), logDensity.Cast(DType), gradient.Cast(DType));
    }

    private (Tensor Position, Tensor LogDensity, Tensor Gradient) Rows(int count) =>
        (Rows(count, form.Dimension), Tensor.Uninitialized(leaves.Workspace, new Shape(count), DType.Float64), Rows(count, form.Dimension));

    private Tensor Rows(int count, int columns) => Tensor.Uninitialized(leaves.Workspace, new Shape(count, columns), DType.Float64);

    private void Write(ReadOnlySpan<double> leaf, Tensor position, Tensor logDensity, Tensor gradient, int row)
    {
        int d = form.Dimension;
        leaf[..d].CopyTo(position.Write<double>()[(row * d)..]);
        leaf.Slice(d, d).CopyTo(gradient.Write<double>()[(row * d)..]);
        logDensity.Write<double>()[row] = leaf[^2];
    }

    private Span<double> Leaf(int chain, int direction) => leaves.Write<double>().Slice(((2 * chain) + (direction > 0 ? 1 : 0)) * form.Leaf, form.Leaf);
}
