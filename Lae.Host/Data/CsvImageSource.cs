using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Configuration;

namespace Lae.Host.Data;

/// <summary>Images in the rows of a CSV file, plain or gzip.</summary>
[Description("images in the rows of a CSV file")]
public sealed record CsvImageSource : DividedSource
{
    /// <summary>The file.</summary>
    [Required]
    [InputFile]
    public string? Path { get; init; }

    /// <summary>Columns of pixels, 1 or more.</summary>
    [Required]
    [Range(1, 65536)]
    public int? Width { get; init; }

    /// <summary>Rows of pixels, 1 or more.</summary>
    [Required]
    [Range(1, 65536)]
    public int? Height { get; init; }

    /// <summary>1 (gray) or 3 (red, green, blue). Default 1.</summary>
    [AllowedValues(1, 3, ErrorMessage = "images have 1 or 3 channels")]
    public int Channels { get; init; } = 1;

    /// <summary>The number of levels of a pixel, 2 to 65536. Default 256.</summary>
    [Range(2, 65536)]
    public int Levels { get; init; } = 256;

    /// <summary>The name of the column with the classes, if there is one.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Whether the first line names the columns. Default true.</summary>
    public bool HasHeader { get; init; } = true;

    /// <inheritdoc/>
    public override LoadedData Load()
    {
        CsvOptions options = new(HasHeader: HasHeader, LabelColumn: LabelColumn);
        CsvTable table = DataFile.Read(Path!, (stream, name) => Csv.Read(stream, name, options));
        ImageShape shape = new(Height!.Value, Width!.Value, Channels);
        return HeldOutClass.Without(ImageDatasets.FromCsv(System.IO.Path.GetFileName(Path!), table, shape, Levels).Split(TestFraction), HoldOut);
    }
}
