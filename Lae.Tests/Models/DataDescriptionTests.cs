using Lae.Models;
using Lae.Numerics;

namespace Lae.Tests.Models;

/// <summary>Observations that no model takes are refused before the first step, with their place.</summary>
public sealed class DataDescriptionTests
{
    private static readonly DataDescription Pixels = new(3, 256, 2);
    private static readonly DataDescription Table = new(3, null, 2);

    [Fact]
    public void What_fits_is_handed_on()
    {
        Tensor pixels = Tensor.FromArray([-1.0, 0, 1, 0.5, 0.25, -0.5], 2, 3);
        Assert.Same(pixels, Pixels.CheckedThroughout(pixels));
        Tensor table = pixels * 1e9;
        Assert.Same(table, Table.CheckedThroughout(table));
    }

    [Theory]
    [InlineData(1.001)]
    [InlineData(-1.001)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void A_pixel_out_of_range_is_named(double value)
    {
        Tensor x = Tensor.FromArray([0, 0, 0, 0, value, 0], 2, 3);
        string expected = FormattableString.Invariant($"Row 1, column 1 is {value}, where a pixel in [-1, 1] is needed.");
        Assert.StartsWith(expected, Assert.Throws<ArgumentException>(() => Pixels.CheckedThroughout(x)).Message, StringComparison.Ordinal);
        if (!double.IsFinite(value))
        {
            string message = Assert.Throws<ArgumentException>(() => Table.CheckedThroughout(x)).Message;
            Assert.Contains("finite numbers are needed", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_shape_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Pixels.Checked(Tensor.FromArray([0.0, 0], 1, 2)));
        Assert.Throws<ArgumentException>(() => Pixels.Checked(Tensor.FromArray([0.0, 0, 0])));
        Assert.Throws<ArgumentException>(() => Pixels.Checked(Tensor.Zeros(new Shape(0, 3), DType.Float64)));
    }
}
