using System.ComponentModel;
using Lae.Datasets;

namespace Lae.Host.Data;

/// <summary>The handwritten digits embedded in Lae.</summary>
[Description("1,797 handwritten digits of 8 x 8 pixels, embedded in the program")]
public sealed record DigitsSource : DividedSource
{
    /// <inheritdoc/>
    public override LoadedData Load() => HeldOutClass.Without(Digits8x8.Load().Split(TestFraction), HoldOut);
}
