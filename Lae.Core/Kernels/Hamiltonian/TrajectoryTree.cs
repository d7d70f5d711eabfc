using System.Numerics.Tensors;

namespace Lae.Kernels;

/// <summary>How all that is remembered of a stretch lies in a row of numbers, d the dimension: one end, the other, ρ, the chosen leaf, two numbers.</summary>
/// <param name="Dimension">d.</param>
/// <param name="HasVelocity">Whether M⁻¹ p of an end is apart from its p, which is so unless M = I.</param>
internal readonly record struct TrajectoryForm(int Dimension, bool HasVelocity)
{
    /// <summary>p and M⁻¹ p of an end.</summary>
    public int End => HasVelocity ? 2 * Dimension : Dimension;

    /// <summary>x, ∇log π(x), log π(x), H of the chosen leaf.</summary>
    public int Leaf => (2 * Dimension) + 2;

    public int Length => (2 * End) + Dimension + Leaf + 2;
}

/// <summary>One end of a stretch.</summary>
/// <param name="momentum">p, [dimension], of the trajectory as time runs.</param>
/// <param name="velocity">M⁻¹ p, [dimension].</param>
internal readonly ref struct TrajectoryEnd(ReadOnlySpan<double> momentum, ReadOnlySpan<double> velocity)
{
    public ReadOnlySpan<double> Momentum { get; } = momentum;

    public ReadOnlySpan<double> Velocity { get; } = velocity;
}

/// <summary>
/// A stretch of 2^j neighbouring leaves of a chain's trajectory, and all that is remembered of it: its ends, the sum of its momenta, its weight, and one leaf chosen with
/// probability in proportion to its weight. A view of the row in which it is written.
/// </summary>
internal readonly ref struct TrajectoryTree(Span<double> row, TrajectoryForm form, bool isReversed = false)
{
    private readonly Span<double> row = row;

    /// <summary>One end.</summary>
    public TrajectoryEnd First => EndOf(isReversed ? LastNumbers : FirstNumbers);

    /// <summary>The other.</summary>
    public TrajectoryEnd Last => EndOf(isReversed ? FirstNumbers : LastNumbers);

    /// <summary>ρ = Σ p over the leaves, [dimension].</summary>
    public Span<double> MomentumSum => row.Slice(2 * form.End, form.Dimension);

    /// <summary>x, ∇log π(x), log π(x), H of the leaf with the largest score, [2 dimension + 2].</summary>
    public Span<double> Chosen => row.Slice((2 * form.End) + form.Dimension, form.Leaf);

    /// <summary>log Σ w.</summary>
    public ref double LogWeight => ref row[^2];

    /// <summary>log w + g of the chosen leaf, g its Gumbel number.</summary>
    public ref double Score => ref row[^1];

    /// <summary>The same stretch, seen from its other end.</summary>
    public TrajectoryTree Reversed => new(row, form, !isReversed);

    private Span<double> FirstNumbers => row[..form.End];

    private Span<double> LastNumbers => row.Slice(form.End, form.End);

    /// <summary>Becomes the stretch of one leaf.</summary>
    /// <param name="points">The points among which it was reached.</param>
    /// <param name="leaf">Its row there.</param>
    /// <param name="direction">−1 where time runs backwards, so that the momentum of the trajectory is −p; else 1.</param>
    /// <param name="logWeight">log w.</param>
    /// <param name="gumbel">g.</param>
    public void Become(TrajectoryPoints points, int leaf, int direction, double logWeight, double gumbel)
    {
        Span<double> first = FirstNumbers;
        TensorPrimitives.Multiply(points.MomentumOf(leaf), direction, first[..form.Dimension]);
        if (form.HasVelocity)
        {
            TensorPrimitives.Multiply(points.VelocityOf(leaf), direction, first[form.Dimension..]);
        }

        first.CopyTo(LastNumbers);
        first[..form.Dimension].CopyTo(MomentumSum);
        points.CopyTo(Chosen, leaf);
        LogWeight = logWeight;
        Score = logWeight + gumbel;
    }

    /// <summary>
    /// Becomes the stretch before and this one. The leaf of the largest score is a draw by weight from all leaves, in whatever order they are joined: so a choice needs one number of each leaf and none of
    /// a join.
    /// </summary>
    public void Join(TrajectoryTree before)
    {
        before.FirstNumbers.CopyTo(FirstNumbers);
        TensorPrimitives.Add(before.MomentumSum, MomentumSum, MomentumSum);
        LogWeight = LogSumExp(before.LogWeight, LogWeight);
        if (!(Score > before.Score))
        {
            before.Chosen.CopyTo(Chosen);
            Score = before.Score;
        }
    }

    /// <summary>Becomes this stretch with another beyond its last end or, against time, beyond its first; what is chosen stays.</summary>
    public void Extend(TrajectoryTree beyond, int direction)
    {
        beyond.LastNumbers.CopyTo(direction > 0 ? LastNumbers : FirstNumbers);
        TensorPrimitives.Add(MomentumSum, beyond.MomentumSum, MomentumSum);
        LogWeight = LogSumExp(LogWeight, beyond.LogWeight);
    }

    private TrajectoryEnd EndOf(ReadOnlySpan<double> numbers) => new(numbers[..form.Dimension], numbers[^form.Dimension..]);

    private static double LogSumExp(double a, double b) => Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));
}
