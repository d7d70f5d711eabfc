using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Configuration;

namespace Lae.Host.Data;

/// <summary>A table of numbers in a .npy file, or in the arrays X [rows, columns] and, if there is one, y [rows] (classes) of a .npz file; every column is standardised by its mean and deviation over the training rows.</summary>
[Description("a table of numbers in a .npy file, or X and y (classes, if there) of a .npz file, standardised by the training rows")]
public sealed record NumpyTableSource : StreamableSource
{
    private const string Features = "X";
    private const string Labels = "y";

    /// <summary>The file.</summary>
    [Required]
    [InputFile]
    public string? Path { get; init; }

    /// <inheritdoc/>
    public override LoadedData Load()
    {
        string name = System.IO.Path.GetFileName(Path!);
        bool isArchive = Path!.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);
        StandardizedSplit split = DataFile.Read(Path, (stream, path) => (Resident, isArchive) switch
        {
            (true, true) => ResidentArchive(name, ReadArchive(stream, path)),
            (true, false) => TableDatasets.StandardizeAndSplit(name, TableDatasets.FromNpy(Npy.Read(stream, path)), TestFraction),
            (false, true) => StreamedTables.FromNpz(name, stream, SpoolFile.Create(), path, TestFraction, HeldOutClass.Finder(HoldOut)),
            (false, false) => StreamedTables.FromNpy(name, File.OpenHandle(path), path, TestFraction),
        });
        return HeldOutClass.Checked(new LoadedData(new DatasetSplit(split.Training, split.Test), split.Standardization, HoldOut));
    }

    private StandardizedSplit ResidentArchive(string name, CsvTable table) =>
        TableDatasets.StandardizeAndSplit(name, table, TestFraction, HeldOutClass.Finder(HoldOut)?.Invoke(table.LabelNames));

    private static CsvTable ReadArchive(Stream stream, string name)
    {
        IReadOnlyDictionary<string, NpyArray> arrays = Npz.Read(stream, name);
        return arrays.TryGetValue(Features, out NpyArray? features)
            ? TableDatasets.FromNpy(features, arrays.GetValueOrDefault(Labels))
            : throw new DataFormatException(name, "zip archive", $"expected an array \"{Features}\", found {string.Join(", ", arrays.Keys.Select(key => $"\"{key}\""))}");
    }
}
