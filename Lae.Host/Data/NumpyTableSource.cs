using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Configuration;

namespace Lae.Host.Data;

/// <summary>A table of numbers in a .npy file, or in the arrays X [rows, columns] and, if there is one, y [rows] (classes) of a .npz file; every column is standardised by its mean and deviation over the training rows.</summary>
[Description("a table of numbers in a .npy file, or X and y (classes, if there) of a .npz file, standardised by the training rows")]
public sealed record NumpyTableSource : IDataSource
{
    private const string Features = "X";
    private const string Labels = "y";

    /// <summary>The file.</summary>
    [Required]
    [InputFile]
    public string? Path { get; init; }

    /// <summary>The fraction of the test part, which is always in memory, above 0 and below 1. Default 0.2.</summary>
    [Description("the fraction of the test part, which is always in memory")]
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double TestFraction { get; init; } = 0.2;

    /// <summary>Whether the training rows are in memory. If not, they are on disk and read batch by batch; the run is the same, bit for bit. Default true.</summary>
    [Description("whether the training rows are in memory; false reads them from disk batch by batch, and the run is the same")]
    public bool Resident { get; init; } = true;

    /// <summary>A class that is held out of training, and is the anomalous one of the test part. Default none.</summary>
    [Description(HeldOutClass.Description)]
    public string? HoldOut { get; init; }

    /// <inheritdoc/>
    public LoadedData Load()
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
