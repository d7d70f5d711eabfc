namespace Lae.Formats;

/// <summary>How a table in text form is read.</summary>
/// <param name="Delimiter">What stands between fields: any character that is not part of a number, a quote or a line end. Default a comma.</param>
/// <param name="HasHeader">Whether the first line names the columns. Without a header they are named 1, 2, 3, … Default true.</param>
/// <param name="LabelColumn">The name of the column that holds the classes, as any text; absent where there is none.</param>
/// <param name="IgnoredColumns">The names of columns to leave out, such as identifiers; their fields may hold anything. Default none.</param>
public sealed record CsvOptions(
    char Delimiter = ',', bool HasHeader = true, string? LabelColumn = null, IReadOnlyList<string>? IgnoredColumns = null);
