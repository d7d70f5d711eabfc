using System.Collections.Immutable;

namespace Lae.Modes;

/// <summary>What a search for unvisited modes found.</summary>
/// <param name="Places">The places where walkers came to rest behind a barrier and were let run: far ones first, then the highest; 4 at most.</param>
/// <param name="IsComplete">Whether all such places were looked at; false where there were more than 4, or more gradients would have been needed than were allowed.</param>
/// <param name="GradientCount">Gradients that the search cost, each at one position.</param>
public sealed record ModeSearchResult(ImmutableArray<ModeEvidence> Places, bool IsComplete, long GradientCount)
{
    /// <summary>Modes that no chain visited. None is no proof that there are none.</summary>
    public int UnvisitedModes => Places.Count(place => place.IsUnvisited);
}
