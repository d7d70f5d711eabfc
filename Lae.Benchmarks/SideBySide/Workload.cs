namespace Lae.Benchmarks.SideBySide;

/// <summary>What a side does in its turn: a state that its turns carry on.</summary>
/// <param name="Version">Who does it, for the page.</param>
/// <param name="Advance">So many units of work; timed.</param>
/// <param name="Figures">What came of it, by which the sides are held against each other; not timed.</param>
internal sealed record Workload(string Version, Action<int> Advance, Func<IReadOnlyDictionary<string, double>> Figures);
