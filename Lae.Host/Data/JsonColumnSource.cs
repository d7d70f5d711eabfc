using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Composition;
using Lae.Formats;
using Lae.Host.Configuration;

namespace Lae.Host.Data;

/// <summary>Columns of a JSON object of arrays, as posteriordb and Stan write their data.</summary>
[Description("arrays of a JSON object, { \"y\": [ 1, 2 ], \"X\": [ [ 1, 2 ], [ 3, 4 ] ] }, as Stan and posteriordb write data; X has the columns X[1], X[2]")]
public sealed record JsonColumnSource : IColumnSource
{
    /// <summary>The file.</summary>
    [Required]
    [InputFile]
    public string? Path { get; init; }

    /// <inheritdoc/>
    public ColumnTable Read(Func<IReadOnlyList<string>, IReadOnlyList<WantedColumn>> choose) => DataFile.Read(Path!, (stream, name) => JsonColumns.Read(stream, name, choose));
}
