using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Datasets;

namespace Lae.Host.Data;

/// <summary>The handwritten digits embedded in Lae.</summary>
[Description("1,797 handwritten digits of 8 x 8 pixels, embedded in the program")]
public sealed record DigitsSource : IDataSource
{
    /// <summary>The fraction of the test part, above 0 and below 1. Default 0.2.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double TestFraction { get; init; } = 0.2;

    /// <summary>A class that is held out of training, and is the anomalous one of the test part. Default none.</summary>
    [Description(HeldOutClass.Description)]
    public string? HoldOut { get; init; }

    /// <inheritdoc/>
    public LoadedData Load() => HeldOutClass.Without(Digits8x8.Load().Split(TestFraction), HoldOut);
}
