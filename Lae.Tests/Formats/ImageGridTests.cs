using Lae.Formats;

namespace Lae.Tests.Formats;

public class ImageGridTests
{
    [Fact]
    public void Grid_HasKnownPixels()
    {
        // Three images of 1 x 2 in two columns, enlarged twice, one pixel of gap.
        PixelImage grid = ImageGrid.Compose(
            [0f, 1f, 0.2f, 0.4f, -3f, 7f], 3, 1, 2, 1, new ImageGridOptions(Columns: 2, Scale: 2, Gap: 1, Background: 9));

        Assert.Equal((11, 7, 1), (grid.Width, grid.Height, grid.Channels));
        byte[] blank = [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9];
        byte[] first = [9, 0, 0, 255, 255, 9, 51, 51, 102, 102, 9];
        byte[] second = [9, 0, 0, 255, 255, 9, 9, 9, 9, 9, 9];
        Assert.Equal([.. blank, .. first, .. first, .. blank, .. second, .. second, .. blank], grid.Pixels.ToArray());
    }

    [Fact]
    public void SmoothGrid_BlendsBetweenTheCentresOfSamples()
    {
        // Two samples 0 and 1, enlarged four times: the border repeats, and between the centres the value rises in equal steps.
        PixelImage grid = ImageGrid.Compose([0f, 1f], 1, 1, 2, 1, new ImageGridOptions(Scale: 4, Gap: 0, IsSmooth: true));
        Assert.Equal([0, 0, 32, 96, 159, 223, 255, 255], grid.Pixels.ToArray()[..8]);
        PixelImage flat = ImageGrid.Compose([0.6f, 0.6f, 0.6f, 0.6f], 1, 2, 2, 1, new ImageGridOptions(Scale: 8, Gap: 0, IsSmooth: true));
        Assert.All(flat.Pixels.ToArray(), pixel => Assert.Equal(153, pixel));
    }

    [Fact]
    public void Pairs_StandSideBySide()
    {
        PixelImage grid = ImageGrid.ComposePairs(
            [0f, 1f], [1f, 0f], 2, 1, 1, 1, new ImageGridOptions(Columns: 2, Scale: 1, Gap: 2, PairGap: 1, Background: 9));

        Assert.Equal((12, 5), (grid.Width, grid.Height));
        Assert.Equal([9, 9, 0, 9, 255, 9, 9, 255, 9, 0, 9, 9], grid.Pixels.ToArray()[24..36]);
    }

    [Fact]
    public void Colours_KeepTheirChannels()
    {
        PixelImage grid = ImageGrid.Compose([1f, 0.5f, 0f], 1, 1, 1, 3, new ImageGridOptions(Scale: 2, Gap: 0));
        Assert.Equal([255, 128, 0, 255, 128, 0, 255, 128, 0, 255, 128, 0], grid.Pixels.ToArray());

        // Two pixels, a plane of each colour after the other: red, then blue beside it.
        PixelImage two = ImageGrid.Compose([1f, 0f, 0f, 0f, 0f, 1f], 1, 1, 2, 3, new ImageGridOptions(Scale: 1, Gap: 0));
        Assert.Equal([255, 0, 0, 0, 0, 255], two.Pixels.ToArray());
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(10, 4, 3)]
    [InlineData(16, 4, 4)]
    public void DefaultGrid_IsNearlySquare(int count, int columns, int rows)
    {
        PixelImage grid = ImageGrid.Compose(new float[count], count, 1, 1, 1, new ImageGridOptions(Scale: 1, Gap: 0));
        Assert.Equal((columns, rows), (grid.Width, grid.Height));
    }

    [Fact]
    public void BadArguments_Refused()
    {
        Assert.Throws<ArgumentException>(() => ImageGrid.Compose([float.NaN], 1, 1, 1, 1));
        Assert.Throws<ArgumentException>(() => ImageGrid.Compose([0f, 1f], 1, 1, 1, 1));
        Assert.Throws<ArgumentException>(() => ImageGrid.ComposePairs([0f], [0f, 1f], 1, 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageGrid.Compose([0f, 1f], 1, 1, 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageGrid.Compose([], 0, 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageGrid.Compose([0f], 1, 1, 1, 1, new ImageGridOptions(Scale: 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageGrid.Compose([0f], 1, 1, 1, 1, new ImageGridOptions(Gap: -1)));
    }
}
