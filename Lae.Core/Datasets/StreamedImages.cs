using Lae.Formats;
using Microsoft.Win32.SafeHandles;

namespace Lae.Datasets;

/// <summary>Images whose levels are on disk, a byte each, and not in memory: copied once, image by image, into a file of rows of one length. Labels are in memory. They are what <see cref="ImageDatasets"/> makes of the same files, bit for bit.</summary>
public static class StreamedImages
{
    /// <summary>Images of an IDX file.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="images">The file, plain or gzip; it stays open.</param>
    /// <param name="spool">An empty file, open for reading and writing, that takes the images; the data own it from now on, and where there are none it is closed.</param>
    /// <param name="sourceName">What messages call the file.</param>
    /// <param name="labels">[count] classes; absent where unknown.</param>
    /// <param name="levels">The number of levels, 2 to 256. Default 256.</param>
    /// <returns>The data.</returns>
    /// <exception cref="DataFormatException">As <see cref="ImageDatasets.FromIdx"/>.</exception>
    public static Dataset FromIdx(string name, Stream images, SafeFileHandle spool, string sourceName, IdxArray? labels = null, int levels = 256) => Owning(spool, () =>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, 256);
        RowSpool rows = new(spool);
        ImageShape shape = new(1, 1, 1);
        int count = 0;
        byte[] planar = [];
        Idx.ReadImages(
            images,
            sourceName,
            dimensions =>
            {
                shape = ImageDatasets.ShapeOf(dimensions, sourceName);
                planar = new byte[checked(shape.Height * shape.Width * shape.Channels)];
            },
            image =>
            {
                int wrong = levels == 256 ? -1 : image.IndexOfAnyExceptInRange((byte)0, (byte)(levels - 1));
                if (wrong >= 0)
                {
                    throw ImageDatasets.OutOfRange(sourceName, count, wrong, image[wrong], levels);
                }

                for (int i = 0; i < image.Length; i++)
                {
                    planar[PlanarOrder.Place(i, shape)] = image[i];
                }

                rows.Append(planar);
                count++;
            });
        rows.Flush();
        (int[]? classes, string[] names) = ImageDatasets.Classes(labels, count, sourceName);
        return Streamed(name, spool, sourceName, count, shape, classes, names, levels);
    });

    /// <summary>Images of CIFAR-10.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="readers">One for each file: hands the images to the taker, and returns the labels.</param>
    /// <param name="spool">An empty file, open for reading and writing, that takes the images; the data own it from now on, and where there are none it is closed.</param>
    /// <returns>The data.</returns>
    /// <exception cref="DataFormatException">As <see cref="CifarBinary.ReadImages"/>.</exception>
    public static Dataset FromCifar10(string name, IReadOnlyList<Func<ByteTaker, byte[]>> readers, SafeFileHandle spool) => Owning(spool, () =>
    {
        RowSpool rows = new(spool);
        int[] labels = [.. readers.SelectMany(read => read(rows.Append)).Select(label => (int)label)];
        rows.Flush();
        return Streamed(name, spool, name, labels.Length, new ImageShape(CifarBinary.Side, CifarBinary.Side, 3), labels, ImageDatasets.Cifar10Classes, 256);
    });

    private static Dataset Streamed(
        string name, SafeFileHandle spool, string sourceName, int count, ImageShape shape, int[]? labels, IReadOnlyList<string> labelNames, int levels)
    {
        FileRows rows = new(spool, new RowLayout(sourceName, NpyType.UInt8, count, shape.Height * shape.Width * shape.Channels, 0), levels);
        return Dataset.Streamed(name, rows, Dataset.AsMemory(labels), labelNames, shape, levels);
    }

    private static Dataset Owning(SafeFileHandle handle, Func<Dataset> make)
    {
        try
        {
            return make();
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
