using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Configuration;

namespace Lae.Host.Data;

/// <summary>
/// PNG images of one size in a folder, in the ordinal order of their names: in the folder itself, or in folders of its own, one for each class, which is named after it. Gray, colours or palettes with 8 bits, no interlacing.
/// </summary>
[Description("PNG images of one size (8 bits; gray, colours or palettes), in a folder or in a folder for each class inside it")]
public sealed record PngFolderSource : StreamableSource
{
    private const string Pattern = "*.png";

    /// <summary>The folder.</summary>
    [Required]
    [InputFile(IsFolder = true)]
    public string? Folder { get; init; }

    /// <summary>The folder of the test images, in the same form; without it the images are divided.</summary>
    [InputFile(IsFolder = true)]
    public string? TestFolder { get; init; }

    /// <inheritdoc/>
    public override LoadedData Load()
    {
        Dataset training = Read(Folder!, Resident);
        if (TestFolder is null)
        {
            return HeldOutClass.Without(training.Split(TestFraction), HoldOut);
        }

        Dataset test = Read(TestFolder, isResident: true);
        return test.Shape == training.Shape && test.LabelNames.SequenceEqual(training.LabelNames, StringComparer.Ordinal)
            ? HeldOutClass.Without(new DatasetSplit(training, test), HoldOut)
            : throw new DataFormatException(TestFolder, "images", $"expected images of {training.Shape} and classes as in {Folder}, found {test.Shape} and {test.LabelNames.Count} classes");
    }

    private static Dataset Read(string folder, bool isResident)
    {
        try
        {
            string[] files = Images(folder);
            string[] classes = [.. Directory.GetDirectories(folder).Where(inner => Images(inner).Length > 0).Order(StringComparer.Ordinal)];
            if ((files.Length == 0) == (classes.Length == 0))
            {
                throw new DataFormatException(folder, "folder", files.Length == 0
                    ? "expected files *.png, or folders of them, found none"
                    : $"expected files *.png or folders of them, found both ({Path.GetFileName(files[0])} and {Path.GetFileName(classes[0])})");
            }

            string[][] byClass = [.. classes.Select(Images)];
            int[]? labels = classes.Length == 0 ? null : [.. byClass.SelectMany((images, label) => images.Select(_ => label))];
            PngRows rows = new(classes.Length == 0 ? files : [.. byClass.SelectMany(images => images)], File.OpenRead);
            return rows.ToDataset(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), isResident, labels, [.. classes.Select(inner => Path.GetFileName(inner))]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{folder}: {exception.Message}", exception);
        }
    }

    private static string[] Images(string folder) =>
        [.. Directory.GetFiles(folder, Pattern, new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive }).Order(StringComparer.Ordinal)];
}
