namespace Lae.Kernels;

/// <summary>
/// The generalised criterion of the no-U-turn sampler: a stretch of a trajectory goes on outwards if at both of its ends
/// <code>
///     (M⁻¹ p)ᵀ ρ > 0,    ρ = Σ p over the stretch
/// </code>
/// Two stretches a, b that are joined must do so together, and so must a with the first leaf of b, and the last leaf of a with b: without these a trajectory of just a period, which turns between the
/// two, is overlooked. Sources: Betancourt, arXiv 1701.02434 (2017), appendix A.4; the checks across are Stan's.
/// </summary>
internal static class TurningCriterion
{
    /// <summary>Whether the trajectory turns in a, b or between them.</summary>
    public static bool Turns(TrajectoryTree a, TrajectoryTree b) =>
        !(GoesOn(a.First, b.Last, Sum(a.MomentumSum, b.MomentumSum))
            && GoesOn(a.First, b.First, Sum(a.MomentumSum, b.First.Momentum))
            && GoesOn(a.Last, b.Last, Sum(a.Last.Momentum, b.MomentumSum)));

    /// <summary>a + b.</summary>
    public static double[] Sum(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double[] sum = new double[a.Length];
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = a[i] + b[i];
        }

        return sum;
    }

    /// <summary>aᵀ b, summed in order.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double dot = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += a[i] * b[i];
        }

        return dot;
    }

    private static bool GoesOn(TrajectoryLeaf first, TrajectoryLeaf last, double[] sum) => Dot(first.Velocity, sum) > 0 && Dot(last.Velocity, sum) > 0;
}
