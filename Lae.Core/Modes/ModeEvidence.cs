using System.Collections.Immutable;

namespace Lae.Modes;

/// <summary>
/// What was found at a place where walkers came to rest away from the draws, and whether it is a mode that no chain visited. Each of the three conditions is needed:
/// <list type="bullet">
/// <item><see cref="HasMass"/>: the neck of a funnel is infinitely high and holds nothing;</item>
/// <item><see cref="IsFar"/>: the highest point of a posterior in many dimensions is near no draw, yet amid them;</item>
/// <item><see cref="IsSeparate"/>: a long tail, or the end of a banana, is reached from the draws without a climb, and walkers come back from there.</item>
/// </list>
/// </summary>
/// <param name="Position">The highest point found there, [dimension].</param>
/// <param name="LogDensity">log π at that point, up to the target's constant.</param>
/// <param name="LogMassRatio">
/// log of (mass there / mass where the draws are), estimated as if both were Gaussians of axes along those of the draws; good to a factor of a few.
/// −∞ if no walker could be made to move there.
/// </param>
/// <param name="IsFar">Whether the point lies beyond the draws, in the metric in which the draws have covariance I: beyond the outermost of them in its direction, or twice as far from the nearest as draws are from each other.</param>
/// <param name="Barrier">How far log π falls on the way to the highest point found from the draws, below the lower of the two ends; 0 or more.</param>
/// <param name="Returned">Of the walkers that ran there by an exact kernel, the share that ended among the draws; 1 if the place is not far from them.</param>
public sealed record ModeEvidence(ImmutableArray<double> Position, double LogDensity, double LogMassRatio, bool IsFar, double Barrier, double Returned)
{
    /// <summary>log 1/90: modes of less than about one per cent are not worth a word, and their mass is not known well enough.</summary>
    public const double LeastLogMassRatio = -4.5;

    /// <summary>Two nats: lower barriers are crossed in a few transitions.</summary>
    public const double LeastBarrier = 2;

    /// <summary>Whether the place holds a mass comparable to that of the draws.</summary>
    public bool HasMass => LogMassRatio > LeastLogMassRatio;

    /// <summary>Whether a barrier parts the place from the draws, and not all walkers came back. Where all do in a short run, chains that were never there in a long one are right that little mass is there (by detailed balance).</summary>
    public bool IsSeparate => Barrier > LeastBarrier && Returned < 1;

    /// <summary>Whether this is a mode that no chain visited.</summary>
    public bool IsUnvisited => HasMass && IsFar && IsSeparate;
}
