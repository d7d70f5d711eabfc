using System.Buffers.Binary;

namespace Lae.Formats;

/// <summary>
/// The IDX format of the MNIST family.
/// Layout: 00 00, element type, number of dimensions n; n big-endian 32-bit dimensions; the elements in row-major order.
/// Lae reads and writes element type 08 (unsigned byte), and reads plain and gzip files alike.
/// Source: Y. LeCun, C. Cortes and C. Burges, The MNIST database of handwritten digits.
/// </summary>
public static class Idx
{
    private const byte UnsignedByte = 0x08;

    /// <summary>Reads one array, plain or gzip (seen by the first two bytes), up to the end of the stream.</summary>
    /// <param name="stream">The data; it stays open and need not be able to seek.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <exception cref="DataFormatException">
    /// Wrong magic number, another element type, absurd dimensions, too few or too many bytes, damaged gzip data.
    /// </exception>
    public static IdxArray Read(Stream stream, string sourceName)
    {
        using Stream plain = Gzip.OpenPlain(stream, out bool compressed);
        var reader = new ByteReader(plain, sourceName, compressed ? "decompressed byte" : "byte");
        (int[] dimensions, long count) = ReadStart(reader);
        if (count > Array.MaxLength)
        {
            throw reader.Fault(4, $"expected at most {Array.MaxLength} elements, found dimensions {ArrayShape.Text(dimensions)}");
        }

        byte[] values = reader.Read(count, $"the elements of {ArrayShape.Text(dimensions)}");
        reader.ExpectEnd();
        return new IdxArray(dimensions, values, sourceName);
    }

    /// <summary>Reads one array, and hands it out image by image (a part of all dimensions but the first), so that it need not fit into memory.</summary>
    /// <param name="stream">The data; it stays open and need not be able to seek.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <param name="begin">Told the dimensions before the first image; refuses them by an exception.</param>
    /// <param name="take">Takes the next image.</param>
    /// <exception cref="DataFormatException">As <see cref="Read"/>.</exception>
    public static void ReadImages(Stream stream, string sourceName, Action<IReadOnlyList<int>> begin, ByteTaker take)
    {
        using Stream plain = Gzip.OpenPlain(stream, out bool compressed);
        var reader = new ByteReader(plain, sourceName, compressed ? "decompressed byte" : "byte");
        (int[] dimensions, long count) = ReadStart(reader);
        begin(dimensions);
        for (int image = 0; image < dimensions[0]; image++)
        {
            take(reader.Read(count / dimensions[0], $"image {image + 1} of {dimensions[0]}"));
        }

        reader.ExpectEnd();
    }

    private static (int[] Dimensions, long Count) ReadStart(ByteReader reader)
    {
        byte[] magic = reader.Read(4, "the magic number");
        if (magic[0] != 0 || magic[1] != 0 || magic[3] == 0)
        {
            throw reader.Fault(0, $"expected the IDX magic number 00 00 08 and 1 or more dimensions, found {Convert.ToHexString(magic)}");
        }

        if (magic[2] != UnsignedByte)
        {
            throw reader.Fault(2, $"expected element type 08 (unsigned byte), found {magic[2]:X2} ({TypeName(magic[2])})");
        }

        var dimensions = new int[magic[3]];
        for (int i = 0; i < dimensions.Length; i++)
        {
            long place = reader.Position;
            uint dimension = BinaryPrimitives.ReadUInt32BigEndian(reader.Read(4, $"dimension {i + 1} of {dimensions.Length}"));
            if (dimension > int.MaxValue)
            {
                throw reader.Fault(place, $"expected dimension {i + 1} to be at most {int.MaxValue}, found {dimension}");
            }

            dimensions[i] = (int)dimension;
        }

        return ArrayShape.Count(dimensions) is { } count
            ? (dimensions, count)
            : throw reader.Fault(4, $"expected at most {long.MaxValue} elements, found dimensions {ArrayShape.Text(dimensions)}");
    }

    /// <summary>Writes one array, plain. For a gzip file, give a <see cref="System.IO.Compression.GZipStream"/>.</summary>
    public static void Write(Stream stream, IdxArray array)
    {
        var header = new byte[4 + 4 * array.Dimensions.Count];
        header[2] = UnsignedByte;
        header[3] = (byte)array.Dimensions.Count;
        for (int i = 0; i < array.Dimensions.Count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), array.Dimensions[i]);
        }

        stream.Write(header);
        stream.Write(array.Values.Span);
    }

    private static string TypeName(byte type) => type switch
    {
        0x09 => "signed byte",
        0x0B => "16-bit integer",
        0x0C => "32-bit integer",
        0x0D => "32-bit float",
        0x0E => "64-bit float",
        _ => "not an IDX element type",
    };
}
