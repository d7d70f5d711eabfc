using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Configuration;

namespace Lae.Host.Data;

/// <summary>CIFAR-10 in its binary version, plain or gzip: data_batch_1.bin to data_batch_5.bin and test_batch.bin.</summary>
[Description("CIFAR-10 in its binary version, plain or gzip: data_batch_1.bin … data_batch_5.bin and test_batch.bin")]
public sealed record Cifar10Source : StreamableSource
{
    private const string Expected = "CIFAR-10 (binary version) is data_batch_1.bin to data_batch_5.bin and test_batch.bin, plain or gzip";

    /// <summary>The files of the training images; one or more.</summary>
    [InputFile(Expected = Expected)]
    [MinLength(1)]
    [Required]
    public string[]? TrainFiles { get; init; }

    /// <summary>The files of the test images; without any the training images are divided.</summary>
    [InputFile(Expected = Expected)]
    public string[] TestFiles { get; init; } = [];

    /// <inheritdoc/>
    public override LoadedData Load()
    {
        Dataset training = Read(TestFiles.Length == 0 ? "cifar10" : "cifar10 (training)", TrainFiles!, Resident);
        return HeldOutClass.Without(TestFiles.Length == 0 ? training.Split(TestFraction) : new DatasetSplit(training, Read("cifar10 (test)", TestFiles, isResident: true)), HoldOut);
    }

    private static Dataset Read(string name, string[] files, bool isResident) => isResident
        ? ImageDatasets.FromCifar10(name, [.. files.Select(file => DataFile.Read(file, CifarBinary.Read))])
        : StreamedImages.FromCifar10(
            name,
            [.. files.Select(file => (Func<ByteTaker, byte[]>)(take => DataFile.Read(file, (stream, path) => CifarBinary.ReadImages(stream, path, take))))],
            SpoolFile.Create());
}
