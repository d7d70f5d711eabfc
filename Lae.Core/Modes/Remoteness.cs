namespace Lae.Modes;

/// <summary>In what way a place is away from draws, and whether walkers that began there still are.</summary>
/// <param name="Draws">The draws.</param>
/// <param name="Direction">From the mean of the draws to the place, of length 1.</param>
/// <param name="Outermost">The largest coordinate of a draw in that direction.</param>
/// <param name="IsBeyond">Whether the place lies beyond it. In many dimensions this alone tells modes apart, since all distances between draws are about as long.</param>
/// <param name="IsIsolated">Whether the place is twice as far from the nearest draw as draws are from each other. In few dimensions this also finds a mode inside a ring.</param>
internal sealed record Remoteness(WhitenedDraws Draws, double[] Direction, double Outermost, bool IsBeyond, bool IsIsolated)
{
    /// <summary>Whether the place is far at all.</summary>
    public bool IsFar => IsBeyond || IsIsolated;

    /// <summary>Whether a walker that began there is still away, in the way in which the place is.</summary>
    /// <param name="positions">Its last positions: their mean coordinate in the direction, or at least half of them, must be away.</param>
    public bool IsKept(IReadOnlyList<double[]> positions) =>
        (IsBeyond && positions.Average(position => WhitenedDraws.Along(position, Direction)) > Outermost)
        || (IsIsolated && 2 * positions.Count(Draws.IsIsolated) >= positions.Count);
}
