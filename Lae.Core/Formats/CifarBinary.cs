namespace Lae.Formats;

/// <summary>
/// The binary format of CIFAR-10: records of 3,073 bytes, a label 0 to 9 and an image [3, 32, 32] of bytes, a plane of red, of green and of blue. Plain and gzip files alike.
/// Source: A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009; https://www.cs.toronto.edu/~kriz/cifar.html.
/// </summary>
public static class CifarBinary
{
    /// <summary>Height and width of an image.</summary>
    public const int Side = 32;

    /// <summary>Bytes of an image.</summary>
    public const int ImageBytes = 3 * Side * Side;

    private const int Classes = 10;

    /// <summary>Reads all records up to the end of the stream.</summary>
    /// <param name="stream">The data; it stays open and need not be able to seek.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <returns>Labels [count] and images [count, 3, 32, 32].</returns>
    /// <exception cref="DataFormatException">No record, one that is cut off, a label above 9, damaged gzip data.</exception>
    public static (byte[] Labels, byte[] Images) Read(Stream stream, string sourceName)
    {
        using MemoryStream images = new();
        byte[] labels = ReadImages(stream, sourceName, images.Write);
        return (labels, images.ToArray());
    }

    /// <summary>Reads all records up to the end of the stream, and hands out the images one by one, so that they need not fit into memory.</summary>
    /// <param name="stream">The data; it stays open and need not be able to seek.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <param name="take">Takes the next image [3, 32, 32].</param>
    /// <returns>Labels [count].</returns>
    /// <exception cref="DataFormatException">No record, one that is cut off, a label above 9, damaged gzip data.</exception>
    public static byte[] ReadImages(Stream stream, string sourceName, ByteTaker take)
    {
        using Stream plain = Gzip.OpenPlain(stream, out bool compressed);
        string unit = compressed ? "decompressed byte" : "byte";
        List<byte> labels = [];
        byte[] record = new byte[1 + ImageBytes];
        while (true)
        {
            long place = (long)labels.Count * record.Length;
            int found = ReadRecord(plain, record, sourceName, $"{unit} {place}");
            if (found == 0 && labels.Count > 0)
            {
                return [.. labels];
            }

            if (found < record.Length)
            {
                throw new DataFormatException(sourceName, $"{unit} {place + found}", $"expected whole records of {record.Length} bytes, one or more, found {labels.Count} and {found} bytes");
            }

            labels.Add(record[0] < Classes
                ? record[0]
                : throw new DataFormatException(sourceName, $"{unit} {place}", $"expected a label from 0 to {Classes - 1} before image {labels.Count + 1}, found {record[0]}"));
            take(record.AsSpan(1));
        }
    }

    private static int ReadRecord(Stream plain, byte[] record, string sourceName, string place)
    {
        try
        {
            return plain.ReadAtLeast(record, record.Length, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException(sourceName, place, $"expected sound compressed data ({exception.Message})", exception);
        }
    }
}
