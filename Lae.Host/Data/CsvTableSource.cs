using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Configuration;

namespace Lae.Host.Data;

/// <summary>A table of numbers in a CSV file, plain or gzip; every column is standardised by its mean and deviation over the training rows.</summary>
[Description("a table of numbers in a CSV file, standardised by the training rows")]
public sealed record CsvTableSource : StreamableSource
{
    /// <summary>The file.</summary>
    [Required]
    [InputFile]
    public string? Path { get; init; }

    /// <summary>The name of the column with the classes, if there is one.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>The names of columns to leave out, such as identifiers. Default none.</summary>
    public string[] IgnoredColumns { get; init; } = [];

    /// <summary>The character between fields. Default a comma.</summary>
    [StringLength(1, MinimumLength = 1, ErrorMessage = "a delimiter is one character")]
    public string Delimiter { get; init; } = ",";

    /// <summary>Whether the first line names the columns. Default true.</summary>
    public bool HasHeader { get; init; } = true;

    /// <inheritdoc/>
    public override LoadedData Load()
    {
        string name = System.IO.Path.GetFileName(Path!);
        CsvOptions options = new(Delimiter[0], HasHeader, LabelColumn, IgnoredColumns);
        StandardizedSplit split = DataFile.Read(Path!, (stream, path) =>
        {
            if (!Resident)
            {
                return StreamedTables.FromCsv(name, stream, SpoolFile.Create(), path, options, TestFraction, HeldOutClass.Finder(HoldOut));
            }

            CsvTable table = Csv.Read(stream, path, options);
            return TableDatasets.StandardizeAndSplit(name, table, TestFraction, HeldOutClass.Finder(HoldOut)?.Invoke(table.LabelNames));
        });
        return HeldOutClass.Checked(new LoadedData(new DatasetSplit(split.Training, split.Test), split.Standardization, HoldOut));
    }
}
