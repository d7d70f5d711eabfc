namespace Lae.Formats;

/// <summary>A column that is to be read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsText">Whether its fields are texts (categories) rather than finite numbers.</param>
/// <param name="Hint">What a message about a text in place of a number says beside that; empty for nothing.</param>
public sealed record WantedColumn(string Name, bool IsText = false, string Hint = "");

/// <summary>A column of texts, each a number into the distinct ones.</summary>
/// <param name="Levels">The distinct texts, in the order in which they came.</param>
/// <param name="Codes">[rows] indices into <paramref name="Levels"/>.</param>
public sealed record TextColumn(IReadOnlyList<string> Levels, IReadOnlyList<int> Codes);
