using Lae.Formats;

namespace Lae.Datasets;

/// <summary>Datasets of images from what the formats read.</summary>
public static class ImageDatasets
{
    /// <summary>Images and labels from IDX arrays.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="images">[count, height, width] or [count, height, width, channels] levels.</param>
    /// <param name="labels">[count] classes, named by their numbers from 0 to the largest; absent where unknown.</param>
    /// <param name="levels">The number of levels, 2 to 256. Default 256.</param>
    /// <exception cref="DataFormatException">The dimensions are others, the counts differ, or a pixel is not below levels.</exception>
    public static Dataset FromIdx(string name, IdxArray images, IdxArray? labels = null, int levels = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, 256);
        IReadOnlyList<int> dimensions = images.Dimensions;
        ImageShape shape = ShapeOf(dimensions, images.SourceName);
        int columns = images.Values.Length / dimensions[0];
        ReadOnlySpan<byte> bytes = images.Values.Span;
        int wrong = levels == 256 ? -1 : bytes.IndexOfAnyExceptInRange((byte)0, (byte)(levels - 1));
        if (wrong >= 0)
        {
            throw OutOfRange(images.SourceName, wrong / columns, wrong % columns, bytes[wrong], levels);
        }

        ReadOnlyMemory<byte> pixels = shape.Channels == 1 ? images.Values : Planar(bytes, shape);
        (int[]? classes, string[] names) = Classes(labels, dimensions[0], images.SourceName);
        return new Dataset(name, dimensions[0], columns, pixels, levels, Dataset.AsMemory(classes), names, shape);
    }

    /// <summary>The classes of CIFAR-10, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Cifar10Classes { get; } = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Images of CIFAR-10.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="files">What <see cref="CifarBinary.Read"/> made of each file; one or more, which follow each other.</param>
    /// <returns>Images of 32 x 32 x 3 with 256 levels and their classes.</returns>
    public static Dataset FromCifar10(string name, IReadOnlyList<(byte[] Labels, byte[] Images)> files)
    {
        byte[] pixels = [.. files.SelectMany(file => file.Images)];
        int[] labels = [.. files.SelectMany(file => file.Labels).Select(label => (int)label)];
        return new Dataset(
            name, labels.Length, CifarBinary.ImageBytes, pixels, 256, labels, Cifar10Classes, new ImageShape(CifarBinary.Side, CifarBinary.Side, 3));
    }

    /// <summary>Images from the rows of a table.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="table">One image a row, its pixels in the order [height, width, channels] of the file as whole levels.</param>
    /// <param name="shape">The shape of an image.</param>
    /// <param name="levels">The number of levels, 2 to 65,536.</param>
    /// <exception cref="DataFormatException">The columns do not hold such images, or a pixel is not a whole number below levels.</exception>
    public static Dataset FromCsv(string name, CsvTable table, ImageShape shape, int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, 65_536);
        if (shape.Height < 1 || shape.Width < 1 || shape.Channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(shape), shape, "An image has height and width 1 or more, and 1 or 3 channels.");
        }

        if ((long)shape.Height * shape.Width * shape.Channels != table.Columns)
        {
            throw new DataFormatException(table.SourceName, "columns",
                $"expected {(long)shape.Height * shape.Width * shape.Channels} pixels for images of {shape.Height} x {shape.Width} x {shape.Channels}, found {table.Columns}");
        }

        ReadOnlySpan<double> pixels = table.Values.Span;
        var values = new float[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            double pixel = pixels[i];
            int column = i % table.Columns;
            values[PlanarOrder.Place(i, shape)] = pixel >= 0 && pixel < levels && pixel == Math.Floor(pixel)
                ? (float)pixel
                : throw OutOfRange(table.SourceName, i / table.Columns, column, pixel, levels, table.ColumnNames[column]);
        }

        return new Dataset(name, table.Rows, table.Columns, values, table.Labels, table.LabelNames, shape, levels);
    }

    private static byte[] Planar(ReadOnlySpan<byte> interleaved, ImageShape shape)
    {
        byte[] planar = new byte[interleaved.Length];
        for (int i = 0; i < planar.Length; i++)
        {
            planar[PlanarOrder.Place(i, shape)] = interleaved[i];
        }

        return planar;
    }

    /// <summary>The shape of an image of an IDX file.</summary>
    internal static ImageShape ShapeOf(IReadOnlyList<int> dimensions, string sourceName) =>
        dimensions.Count is not (3 or 4) || dimensions.Contains(0) || (dimensions.Count == 4 && dimensions[3] is not (1 or 3))
            ? throw new DataFormatException(sourceName, "dimensions",
                $"expected [count, height, width] or [count, height, width, 1 or 3], none 0, found [{string.Join(", ", dimensions)}]")
            : new ImageShape(dimensions[1], dimensions[2], dimensions.Count == 4 ? dimensions[3] : 1);

    internal static DataFormatException OutOfRange(string sourceName, int row, int column, double value, int levels, string? columnName = null) =>
        new(sourceName, $"row {row + 1}, column {column + 1}{(columnName is null ? "" : $" ({DataFormatException.Quote(columnName)})")}",
            FormattableString.Invariant($"expected a pixel value that is an integer from 0 to {levels - 1}, found {value}"));

    /// <summary>Classes named by their numbers from 0 to the largest.</summary>
    internal static (int[]? Classes, string[] Names) Classes(IdxArray? labels, int count, string imagesName)
    {
        if (labels is null)
        {
            return (null, []);
        }

        if (labels.Dimensions is not [var found] || found != count)
        {
            throw new DataFormatException(labels.SourceName, "dimensions",
                $"expected [{count}], one label for each image of {imagesName}, found [{string.Join(", ", labels.Dimensions)}]");
        }

        int[] classes = Array.ConvertAll(labels.Values.ToArray(), label => (int)label);
        return (classes, [.. Enumerable.Range(0, classes.Max() + 1).Select(label => $"{label}")]);
    }
}
