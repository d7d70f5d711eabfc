namespace Lae.Formats.CmdStan;

/// <summary>The content of one file.</summary>
/// <param name="Settings">Texts of the head by name, such as <c>num_samples</c>; a name that comes twice has its last text.</param>
/// <param name="Columns">Names, the sampler's columns among them.</param>
/// <param name="WarmupDraws">Draws before the adaptation ended, one row for each, as long as the columns.</param>
/// <param name="Draws">Draws after it.</param>
/// <param name="StepSize">The adapted step size; null if none is given.</param>
/// <param name="InverseMass">Rows of the inverse mass matrix, one for a diagonal, none if not given.</param>
/// <param name="WarmupSeconds">Null if not given.</param>
/// <param name="SamplingSeconds">Null if not given.</param>
public sealed record CmdStanFile(
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyList<string> Columns,
    IReadOnlyList<double[]> WarmupDraws,
    IReadOnlyList<double[]> Draws,
    double? StepSize,
    IReadOnlyList<double[]> InverseMass,
    double? WarmupSeconds,
    double? SamplingSeconds);
