using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Configuration;

namespace Lae.Host.Data;

/// <summary>CIFAR-10 in its binary version, plain or gzip: data_batch_1.bin to data_batch_5.bin and test_batch.bin.</summary>
[Description("CIFAR-10 in its binary version, plain or gzip: data_batch_1.bin … data_batch_5.bin and test_batch.bin")]
public sealed record Cifar10Source : IDataSource
{
    /// <summary>The files of the training images; one or more.</summary>
    [InputFile]
    [MinLength(1)]
    [Required]
    public string[]? TrainFiles { get; init; }

    /// <summary>The files of the test images; without any the training images are divided.</summary>
    [InputFile]
    public string[] TestFiles { get; init; } = [];

    /// <summary>The fraction of the test part where there are no test files, above 0 and below 1. Default 0.2.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double TestFraction { get; init; } = 0.2;

    /// <inheritdoc/>
    public LoadedData Load()
    {
        Dataset training = Read(TestFiles.Length == 0 ? "cifar10" : "cifar10 (training)", TrainFiles!);
        return new LoadedData(TestFiles.Length == 0 ? training.Split(TestFraction) : new DatasetSplit(training, Read("cifar10 (test)", TestFiles)));
    }

    private static Dataset Read(string name, string[] files) => ImageDatasets.FromCifar10(name, [.. files.Select(file => DataFile.Read(file, CifarBinary.Read))]);
}
