using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Composition;
using Lae.Formats;
using Lae.Host.Configuration;

namespace Lae.Host.Data;

/// <summary>Columns of a CSV file, plain or gzip; only those that a target names are read.</summary>
[Description("columns of a CSV file, plain or gzip; only those that are named are read, others may hold anything")]
public sealed record CsvColumnSource : IColumnSource
{
    /// <summary>The file.</summary>
    [Required]
    [InputFile]
    public string? Path { get; init; }

    /// <summary>The character between fields; a blank stands for any run of blanks. Default a comma.</summary>
    [Description("the character between fields; a blank stands for any run of blanks")]
    [StringLength(1, MinimumLength = 1, ErrorMessage = "a delimiter is one character")]
    public string Delimiter { get; init; } = ",";

    /// <summary>Whether the first line names the columns; else they are named 1, 2, 3, …. Default true.</summary>
    [Description("whether the first line names the columns; else they are named 1, 2, 3, …")]
    public bool HasHeader { get; init; } = true;

    /// <inheritdoc/>
    public ColumnTable Read(Func<IReadOnlyList<string>, IReadOnlyList<WantedColumn>> choose) =>
        DataFile.Read(Path!, (stream, name) => CsvColumns.Read(stream, name, choose, Delimiter[0], HasHeader));
}
