namespace Lae.Kernels;

/// <summary>
/// A stretch of 2^j neighbouring leaves of a trajectory, and all that is remembered of it: its ends, the sum of its momenta, its weight, and one leaf chosen with
/// probability in proportion to its weight.
/// </summary>
/// <param name="First">One end.</param>
/// <param name="Last">The other.</param>
/// <param name="MomentumSum">ρ = Σ p over the leaves, [dimension].</param>
/// <param name="LogWeight">log Σ w.</param>
/// <param name="Chosen">The leaf with the largest score.</param>
/// <param name="Score">log w + g of that leaf, g its Gumbel number.</param>
internal sealed record TrajectoryTree(TrajectoryLeaf First, TrajectoryLeaf Last, double[] MomentumSum, double LogWeight, TrajectoryLeaf Chosen, double Score)
{
    /// <summary>The stretch of one leaf.</summary>
    public static TrajectoryTree Of(TrajectoryLeaf leaf, double logWeight, double gumbel) => new(leaf, leaf, leaf.Momentum.ToArray(), logWeight, leaf, logWeight + gumbel);

    /// <summary>The same stretch, seen from its other end.</summary>
    public TrajectoryTree Reversed => this with { First = Last, Last = First };

    /// <summary>This stretch and the one that follows it. The leaf of the largest score is a draw by weight from all leaves, in whatever order they are joined: so a choice needs one number of each leaf and none of a join.</summary>
    public TrajectoryTree Join(TrajectoryTree next)
    {
        TrajectoryTree better = next.Score > Score ? next : this;
        return new TrajectoryTree(
            First, next.Last, Sum(MomentumSum, next.MomentumSum), LogSumExp(LogWeight, next.LogWeight), better.Chosen, better.Score);
    }

    private static double[] Sum(double[] a, double[] b)
    {
        double[] sum = new double[a.Length];
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = a[i] + b[i];
        }

        return sum;
    }

    private static double LogSumExp(double a, double b) => Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));
}
