using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Lae.Host.Data;

/// <summary>A source that divides its data where they come as one, and can hold a class out.</summary>
public abstract record DividedSource : IDataSource
{
    /// <summary>The fraction of the test part where the data come without one, above 0 and below 1; the test part is always in memory. Default 0.2.</summary>
    [Description("the fraction of the test part, where the data come without one")]
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double TestFraction { get; init; } = 0.2;

    /// <summary>A class that is held out of training, and is the anomalous one of the test part. Default none.</summary>
    [Description(HeldOutClass.Description)]
    public string? HoldOut { get; init; }

    /// <inheritdoc/>
    public abstract LoadedData Load();
}

/// <summary>A source that can leave the training part on disk.</summary>
public abstract record StreamableSource : DividedSource
{
    /// <summary>Whether the training part is in memory. If not, it is on disk and read batch by batch; the run is the same, bit for bit. Default true.</summary>
    [Description("whether the training part is in memory; false reads it from disk batch by batch, and the run is the same")]
    public bool Resident { get; init; } = true;
}
