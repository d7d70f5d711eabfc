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
        !(GoesOn(a.First, b.Last, a.MomentumSum, b.MomentumSum)
            && GoesOn(a.First, b.First, a.MomentumSum, b.First.Momentum)
            && GoesOn(a.Last, b.Last, a.Last.Momentum, b.MomentumSum));

    /// <summary>(M⁻¹ p)ᵀ (ρ_a + ρ_b), summed in order.</summary>
    public static double Along(ReadOnlySpan<double> velocity, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double dot = 0;
        for (int i = 0; i < velocity.Length; i++)
        {
            dot += velocity[i] * (a[i] + b[i]);
        }

        return dot;
    }

    private static bool GoesOn(TrajectoryLeaf first, TrajectoryLeaf last, ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        Along(first.Velocity, a, b) > 0 && Along(last.Velocity, a, b) > 0;
}
