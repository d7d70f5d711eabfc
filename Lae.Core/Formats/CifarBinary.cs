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
        using Stream plain = Gzip.OpenPlain(stream, out bool compressed);
        string unit = compressed ? "decompressed byte" : "byte";
        using MemoryStream content = new();
        try
        {
            plain.CopyTo(content);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException(sourceName, $"{unit} {content.Length}", $"expected sound compressed data ({exception.Message})", exception);
        }

        const int Record = 1 + ImageBytes;
        ReadOnlySpan<byte> bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        (int count, int rest) = Math.DivRem(bytes.Length, Record);
        if (count == 0 || rest != 0)
        {
            throw new DataFormatException(sourceName, $"{unit} {bytes.Length}", $"expected whole records of {Record} bytes, one or more, found {count} and {rest} bytes");
        }

        byte[] labels = new byte[count];
        byte[] images = new byte[count * ImageBytes];
        for (int i = 0; i < count; i++)
        {
            labels[i] = bytes[i * Record] < Classes
                ? bytes[i * Record]
                : throw new DataFormatException(sourceName, $"{unit} {i * Record}", $"expected a label from 0 to {Classes - 1} before image {i + 1}, found {bytes[i * Record]}");
            bytes.Slice((i * Record) + 1, ImageBytes).CopyTo(images.AsSpan(i * ImageBytes));
        }

        return (labels, images);
    }
}
