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
    public static bool Turns(TrajectoryTree a, TrajectoryTree b)
    {
        TrajectoryEnd lastOfA = a.Last;
        TrajectoryEnd firstOfB = b.First;
        ReadOnlySpan<double> first = a.First.Velocity;
        ReadOnlySpan<double> last = b.Last.Velocity;
        return !(GoesOn(first, last, a.MomentumSum, b.MomentumSum)
            && GoesOn(first, firstOfB.Velocity, a.MomentumSum, firstOfB.Momentum)
            && GoesOn(lastOfA.Velocity, last, lastOfA.Momentum, b.MomentumSum));
    }

    /// <summary>Whether vᵀ (ρ_a + ρ_b) is positive for both of two velocities, each summed in order: two sums at once, since one alone waits for each of its own additions.</summary>
    public static bool GoesOn(ReadOnlySpan<double> first, ReadOnlySpan<double> last, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double alongFirst = 0;
        double alongLast = 0;
        last = last[..first.Length];
        a = a[..first.Length];
        b = b[..first.Length];
        for (int i = 0; i < first.Length; i++)
        {
            double sum = a[i] + b[i];
            alongFirst += first[i] * sum;
            alongLast += last[i] * sum;
        }

        return alongFirst > 0 && alongLast > 0;
    }
}
