using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Configuration;

namespace Lae.Host.Data;

/// <summary>Images in IDX files, plain or gzip, such as MNIST.</summary>
[Description("images in IDX files, plain or gzip, such as MNIST")]
public sealed record IdxSource : IDataSource, IValidatableObject
{
    private const string Expected =
        "MNIST and Fashion-MNIST are train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, plain or gzip (.gz)";

    /// <summary>The file of the training images.</summary>
    [Required]
    [InputFile(Expected = Expected)]
    public string? TrainImages { get; init; }

    /// <summary>The file of their labels, if there is one.</summary>
    [InputFile(Expected = Expected)]
    public string? TrainLabels { get; init; }

    /// <summary>The file of the test images; without it the training images are divided.</summary>
    [InputFile(Expected = Expected)]
    public string? TestImages { get; init; }

    /// <summary>The file of their labels, if there is one.</summary>
    [InputFile(Expected = Expected)]
    public string? TestLabels { get; init; }

    /// <summary>The fraction of the test part where there are no test images, above 0 and below 1. Default 0.2.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double TestFraction { get; init; } = 0.2;

    /// <summary>The number of levels of a pixel, 2 to 256. Default 256.</summary>
    [Range(2, 256)]
    public int Levels { get; init; } = 256;

    /// <summary>Whether the training images are in memory. If not, they are on disk and read batch by batch; the run is the same, bit for bit. Default true.</summary>
    [Description("whether the training images are in memory; false reads them from disk batch by batch, and the run is the same")]
    public bool Resident { get; init; } = true;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TestLabels is not null && TestImages is null)
        {
            yield return new ValidationResult("labels of test images need TestImages", [nameof(TestLabels)]);
        }
    }

    /// <summary>A class that is held out of training, and is the anomalous one of the test part. Default none.</summary>
    [Description(HeldOutClass.Description)]
    public string? HoldOut { get; init; }

    /// <inheritdoc/>
    public LoadedData Load()
    {
        Dataset training = Read(TrainImages!, TrainLabels, Resident);
        if (TestImages is null)
        {
            return HeldOutClass.Without(training.Split(TestFraction), HoldOut);
        }

        Dataset test = Read(TestImages, TestLabels, isResident: true);
        return test.Shape == training.Shape
            ? HeldOutClass.Without(new DatasetSplit(training, test), HoldOut)
            : throw new DataFormatException(TestImages, "dimensions", $"expected images of {training.Shape} as in {TrainImages}, found {test.Shape}");
    }

    private Dataset Read(string images, string? labels, bool isResident)
    {
        string name = Path.GetFileName(images);
        IdxArray? classes = labels is null ? null : DataFile.Read(labels, Idx.Read);
        return isResident
            ? ImageDatasets.FromIdx(name, DataFile.Read(images, Idx.Read), classes, Levels)
            : DataFile.Read(images, (stream, path) => StreamedImages.FromIdx(name, stream, SpoolFile.Create(), path, classes, Levels));
    }
}
