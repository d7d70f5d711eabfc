using System.Collections.Immutable;

namespace Lae.Models;

/// <summary>Sums of the figures of the steps since the last log entry: what a resumed run needs so that its next entry equals that of an uninterrupted one.</summary>
/// <param name="Sums">Sums by the names of the figures.</param>
/// <param name="Count">Steps summed, 0 or more.</param>
public sealed record FigureSums(ImmutableSortedDictionary<string, double> Sums, int Count)
{
    /// <summary>No step yet.</summary>
    public static FigureSums Empty { get; } = new(ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal), 0);
}

/// <summary>Where a training run stands. A run that goes on from here equals one that was never interrupted, log entries included.</summary>
/// <param name="State">The training state, after any step.</param>
/// <param name="Pending">The figures that wait for the next log entry.</param>
public sealed record TrainingProgress(TrainingState State, FigureSums Pending)
{
    /// <summary>The progress of a run at a state with no figures waiting: a new run, or one that has just written a log entry.</summary>
    /// <param name="state">The state.</param>
    /// <returns>The progress.</returns>
    public static TrainingProgress At(TrainingState state) => new(state, FigureSums.Empty);
}
