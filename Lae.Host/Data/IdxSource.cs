using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Configuration;

namespace Lae.Host.Data;

/// <summary>Images in IDX files, plain or gzip, such as MNIST.</summary>
[Description("images in IDX files, plain or gzip, such as MNIST")]
public sealed record IdxSource : StreamableSource, IValidatableObject
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

    /// <summary>The number of levels of a pixel, 2 to 256. Default 256.</summary>
    [Range(2, 256)]
    public int Levels { get; init; } = 256;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TestLabels is not null && TestImages is null)
        {
            yield return new ValidationResult("labels of test images need TestImages", [nameof(TestLabels)]);
        }
    }

    /// <inheritdoc/>
    public override LoadedData Load()
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
