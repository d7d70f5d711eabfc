using Lae.Datasets;
using Lae.Formats;

namespace Lae.Tests.Datasets;

public class DatasetTests
{
    private static Dataset Levels(int levels, params float[] values) => new("some", 1, values.Length, values, levels: levels);

    [Fact]
    public void Levels_MapOntoUnitRange()
    {
        Dataset data = Levels(17, 0f, 8f, 16f);

        Assert.Equal([-1f, 0f, 1f], data.ToUnit());
        Assert.Equal(1.0 / 16, data.HalfBin);
        // The bins of neighbouring levels touch: the distance of two levels is two half bins.
        float[] unit = Levels(256, 100f, 101f).ToUnit();
        Assert.Equal(2.0 / 255, (double)unit[1] - unit[0], 1e-7);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65_536)]
    public void PixelsAreTheSame_AsBytesAndAsNumbers(int levels)
    {
        float[] values = [.. Enumerable.Range(0, 24).Select(i => (float)(i * 7919 % levels))];
        Dataset data = new("some", 6, 4, values, levels: levels);
        float[] unit = [.. values.Select(level => (float)((2.0 * level / (levels - 1)) - 1.0))];
        Assert.Equal(values, data.Values.ToArray());
        Assert.Equal(values[8..12], data.Row(2).ToArray());
        Assert.Equal(unit, data.ToUnit());
        float[] gathered = new float[8];
        data.Observations.Gather([5, 1], gathered);
        Assert.Equal([.. unit[20..24], .. unit[4..8]], gathered);
        Assert.Equal([.. values[20..24], .. values[4..8]], data.Gather([5, 1], "chosen").Values.ToArray());
        if (levels <= 256)
        {
            Dataset bytes = new("some", 6, 4, values.Select(value => (byte)value).ToArray(), levels);
            Assert.Equal(values, bytes.Values.ToArray());
            Assert.Equal(unit, bytes.ToUnit());
        }
    }

    [Fact]
    public void Bytes_MustBeLevels()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset("x", 1, 2, new byte[] { 1, 17 }, 17));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset("x", 1, 2, new byte[2], 257));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset("x", 1, 2, new byte[2], 1));
        Assert.Throws<ArgumentException>(() => new Dataset("x", 1, 3, new byte[2], 17));
        Assert.Throws<ArgumentException>(() => new Dataset("x", 1, 2, new byte[2], 17, labels: new[] { 0, 0 }, labelNames: ["a"]));
    }

    [Fact]
    public void Table_HasNoLevels()
    {
        var table = new Dataset("table", 2, 1, new[] { 0.5f, -3f });
        Assert.Throws<InvalidOperationException>(table.ToUnit);
        Assert.Throws<InvalidOperationException>(() => table.HalfBin);
        Assert.Null(table.Labels);
        Assert.Empty(table.LabelNames);
    }

    [Fact]
    public void Parts_MustFit()
    {
        Assert.Throws<ArgumentException>(() => new Dataset("x", 2, 2, new float[3]));
        Assert.Throws<ArgumentException>(() => new Dataset("x", 1, 4, new float[4], shape: new ImageShape(2, 3, 1)));
        Assert.Throws<ArgumentException>(() => new Dataset("x", 1, 2, new float[2], columnNames: ["a"]));
        Assert.Throws<ArgumentException>(() => new Dataset("x", 2, 1, new float[2], labels: new[] { 0 }, labelNames: ["a"]));
        Assert.Throws<ArgumentException>(() => new Dataset("x", 1, 1, new float[1], labelNames: ["a"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset("x", 1, 1, new float[1], labels: new[] { 1 }, labelNames: ["a"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset("x", 0, 1, Array.Empty<float>()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset("x", 1, 1, new[] { float.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Levels(2, 0f, 2f));
        Assert.Throws<ArgumentOutOfRangeException>(() => Levels(2, 0.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => Levels(2, -1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => Levels(2, float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Levels(1, 0f));
    }

    [Fact]
    public void Gather_KeepsRowsAndLabels()
    {
        var data = new Dataset("x", 3, 2, new[] { 0f, 1f, 2f, 3f, 4f, 5f }, new[] { 0, 1, 0 }, ["no", "yes"]);
        Dataset picked = data.Gather([2, 1], "picked");

        Assert.Equal([4f, 5f, 2f, 3f], picked.Values.ToArray());
        Assert.Equal([0, 1], picked.Labels!.Value.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Gather([3], "x"));
        Assert.Throws<ArgumentException>(() => data.Gather([], "x"));
    }

    [Fact]
    public void Idx_BecomesImages()
    {
        var images = new IdxArray([2, 2, 3], new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255 }, "images");
        Dataset data = ImageDatasets.FromIdx("some", images, new IdxArray([2], new byte[] { 2, 0 }));

        Assert.Equal((2, 6, 256), (data.Rows, data.Columns, data.Levels));
        Assert.Equal(new ImageShape(2, 3, 1), data.Shape);
        Assert.Equal([6f, 7f, 8f, 9f, 10f, 255f], data.Row(1).ToArray());
        Assert.Equal(["0", "1", "2"], data.LabelNames);
        Assert.Equal([2, 0], data.Labels!.Value.ToArray());
        var colour = new IdxArray([1, 1, 2, 3], new byte[6]);
        Assert.Equal(new ImageShape(1, 2, 3), ImageDatasets.FromIdx("some", colour).Shape);

        // Two images of two pixels: a row has a plane of each colour after the other.
        var pixels = new IdxArray([2, 1, 2, 3], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 });
        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f, 7f, 10f, 8f, 11f, 9f, 12f], ImageDatasets.FromIdx("some", pixels).Values.ToArray());
    }

    [Fact]
    public void UnfitIdx_RefusedWithPlace()
    {
        var images = new IdxArray([2, 1, 2], new byte[] { 0, 1, 2, 17 }, "images.idx");
        var exception = Assert.Throws<DataFormatException>(() => ImageDatasets.FromIdx("some", images, levels: 17));
        Assert.Equal("images.idx: row 2, column 2: expected a pixel value that is an integer from 0 to 16, found 17", exception.Message);

        Assert.Throws<DataFormatException>(() => ImageDatasets.FromIdx("some", new IdxArray([4], new byte[4])));
        Assert.Throws<DataFormatException>(() => ImageDatasets.FromIdx("some", new IdxArray([0, 2, 2], Array.Empty<byte>())));
        Assert.Throws<DataFormatException>(() => ImageDatasets.FromIdx("some", new IdxArray([1, 1, 1, 2], new byte[2])));
        Assert.Throws<DataFormatException>(() => ImageDatasets.FromIdx("some", images, new IdxArray([3], new byte[3])));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageDatasets.FromIdx("some", images, levels: 257));
    }

    [FactIfFile("data/mnist/mnist-train-images-idx3-ubyte.gz")]
    public void Mnist_Reads()
    {
        static IdxArray Read(string file)
        {
            using FileStream stream = File.OpenRead(SharedFiles.Locate($"data/mnist/{file}"));
            return Idx.Read(stream, file);
        }

        IdxArray training = Read("mnist-train-images-idx3-ubyte.gz");
        IdxArray labels = Read("mnist-train-labels-idx1-ubyte.gz");
        Dataset data = ImageDatasets.FromIdx("mnist", Read("mnist-t10k-images-idx3-ubyte.gz"), Read("mnist-t10k-labels-idx1-ubyte.gz"));

        Assert.Equal([60_000, 28, 28], training.Dimensions);
        Assert.Equal([60_000], labels.Dimensions);
        Assert.Equal(5, labels.Values.Span[0]);
        Assert.Equal((10_000, 784, 10), (data.Rows, data.Columns, data.LabelNames.Count));
        Assert.Equal([7, 2, 1, 0, 4], data.Labels!.Value.ToArray()[..5]);
    }
}
