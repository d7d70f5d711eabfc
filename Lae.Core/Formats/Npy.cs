using System.Buffers.Binary;
using System.Text;

namespace Lae.Formats;

/// <summary>The beginning of a .npy file.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The dimensions, outermost first.</param>
/// <param name="FirstByte">Where the elements begin.</param>
public sealed record NpyStart(NpyType Type, IReadOnlyList<int> Shape, long FirstByte);

/// <summary>Takes the next bytes of something that does not fit into memory.</summary>
/// <param name="bytes">The bytes, valid during the call.</param>
public delegate void ByteTaker(ReadOnlySpan<byte> bytes);

/// <summary>
/// The .npy format of numpy: one array.
/// Layout: 93 "NUMPY", major and minor version, header length (16 bits in version 1, 32 bits after), the header
/// (<see cref="NpyHeader"/>) padded with spaces and a line end so that the data begin at a multiple of 64, the elements.
/// Lae reads versions 1 to 3 in both orders of elements and turns them into row-major order; it writes version 1.
/// Source: numpy.lib.format.
/// </summary>
public static class Npy
{
    private const int LongestHeader = 1 << 20;
    private const int Alignment = 64;

    /// <summary>Bytes handed out at once: below the size from which arrays live on the large object heap.</summary>
    private const int PortionBytes = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads one array up to the end of the stream.</summary>
    /// <param name="stream">The data; it stays open and need not be able to seek.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <exception cref="DataFormatException">
    /// Wrong magic number or version, a header that is none, an element type that is not one of <see cref="NpyType"/> in
    /// little-endian order, absurd dimensions, too few or too many bytes, a truth value that is neither 0 nor 1.
    /// </exception>
    public static NpyArray Read(Stream stream, string sourceName)
    {
        var reader = new ByteReader(stream, sourceName);
        (NpyType type, NpyHeader header, int size, long count, long dataPlace) = ReadStart(reader);
        if (count > Array.MaxLength / size)
        {
            throw reader.Fault(dataPlace, $"expected at most {Array.MaxLength} bytes of elements, found the shape {ArrayShape.Text(header.Shape)}");
        }

        byte[] data = reader.Read(count * size, "the elements");
        reader.ExpectEnd();
        RequireTruth(reader, type, data, dataPlace);
        return new NpyArray(type, header.Shape, header.FortranOrder ? ToRowMajor(data, header.Shape, size) : data, sourceName);
    }

    /// <summary>Where the elements of an array begin and what they are, without reading them: for files that stay on disk.</summary>
    /// <param name="stream">The data, at their beginning; read up to the first element.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <exception cref="DataFormatException">The beginning is not that of a .npy file, or the elements are in the order of Fortran.</exception>
    public static NpyStart ReadStart(Stream stream, string sourceName)
    {
        var reader = new ByteReader(stream, sourceName);
        (NpyType type, NpyHeader header, _, _, long dataPlace) = ReadStart(reader);
        return header.FortranOrder
            ? throw reader.Fault(8, "expected fortran_order False: rows that stay on disk must be whole there")
            : new NpyStart(type, header.Shape, dataPlace);
    }

    /// <summary>Hands out the elements of an array in portions, so that it need not fit into memory.</summary>
    /// <param name="stream">The data, at their beginning; read up to the end.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <param name="take">Takes the bytes of the next elements, row-major.</param>
    /// <returns>What the elements are; the first byte is that of the stream.</returns>
    /// <exception cref="DataFormatException">As <see cref="Read"/>, and where the elements are in the order of Fortran.</exception>
    public static NpyStart ReadElements(Stream stream, string sourceName, ByteTaker take)
    {
        var reader = new ByteReader(stream, sourceName);
        (NpyType type, NpyHeader header, int size, long count, long dataPlace) = ReadStart(reader);
        if (header.FortranOrder)
        {
            throw reader.Fault(8, "expected fortran_order False: rows that stay on disk must be whole there");
        }

        for (long rest = count * size; rest > 0;)
        {
            long place = reader.Position;
            byte[] part = reader.Read(Math.Min(rest, PortionBytes), "the elements");
            RequireTruth(reader, type, part, place);
            take(part);
            rest -= part.Length;
        }

        reader.ExpectEnd();
        return new NpyStart(type, header.Shape, dataPlace);
    }

    private static void RequireTruth(ByteReader reader, NpyType type, byte[] data, long place)
    {
        if (type == NpyType.Boolean && data.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and var wrong)
        {
            throw reader.Fault(place + wrong, $"expected a truth value 0 or 1, found {data[wrong]}");
        }
    }

    private static (NpyType Type, NpyHeader Header, int Size, long Count, long DataPlace) ReadStart(ByteReader reader)
    {
        byte[] start = reader.Read(8, "the magic number and version");
        if (!start.AsSpan(0, 6).SequenceEqual(Magic))
        {
            throw reader.Fault(0, "expected the magic number of a .npy file");
        }

        if (start[6] is < 1 or > 3 || start[7] != 0)
        {
            throw reader.Fault(6, $"expected version 1.0, 2.0 or 3.0, found {start[6]}.{start[7]}");
        }

        uint length = start[6] == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(reader.Read(2, "the header length"))
            : BinaryPrimitives.ReadUInt32LittleEndian(reader.Read(4, "the header length"));
        if (length > LongestHeader)
        {
            throw reader.Fault(8, $"expected a header of at most {LongestHeader} bytes, found {length}");
        }

        long headerPlace = reader.Position;
        string text = Encoding.UTF8.GetString(reader.Read(length, "the header"));
        NpyHeader header = NpyHeader.Parse(text)
            ?? throw reader.Fault(headerPlace, $"expected a dictionary of descr, fortran_order and shape, found {DataFormatException.Quote(text)}");
        NpyType type = TypeOf(header.Descriptor) ?? throw reader.Fault(headerPlace,
            $"expected descr <f4, <f8, <i4, <i8, |u1 or |b1, found {DataFormatException.Quote(header.Descriptor)}");
        long? count = ArrayShape.Count(header.Shape);
        int size = NpyArray.SizeOf(type);
        return count is null
            ? throw reader.Fault(headerPlace, $"expected at most {long.MaxValue} elements, found the shape {ArrayShape.Text(header.Shape)}")
            : (type, header, size, count.Value, reader.Position);
    }

    /// <summary>Writes one array in version 1.0 and row-major order.</summary>
    public static void Write(Stream stream, NpyArray array)
    {
        string header = new NpyHeader(DescriptorOf(array.Type), FortranOrder: false, [.. array.Shape]).ToString();
        const int Before = 10;
        int padded = (Before + header.Length + 1 + Alignment - 1) / Alignment * Alignment - Before;
        if (padded > ushort.MaxValue)
        {
            throw new ArgumentException($"An array of {array.Shape.Count} dimensions has too long a header.", nameof(array));
        }

        stream.Write(Magic);
        stream.Write([1, 0, (byte)padded, (byte)(padded >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(padded - 1) + "\n"));
        stream.Write(array.Data.Span);
    }

    internal static NpyType? TypeOf(string descriptor) => descriptor switch
    {
        "<f4" => NpyType.Float32,
        "<f8" => NpyType.Float64,
        "<i4" => NpyType.Int32,
        "<i8" => NpyType.Int64,
        "|u1" => NpyType.UInt8,
        "|b1" => NpyType.Boolean,
        _ => null,
    };

    internal static string DescriptorOf(NpyType type) => type switch
    {
        NpyType.Float32 => "<f4",
        NpyType.Float64 => "<f8",
        NpyType.Int32 => "<i4",
        NpyType.Int64 => "<i8",
        NpyType.UInt8 => "|u1",
        _ => "|b1",
    };

    /// <summary>From the order in which the first index runs fastest to the one in which the last does.</summary>
    private static byte[] ToRowMajor(byte[] data, int[] shape, int size)
    {
        var result = new byte[data.Length];
        var index = new int[shape.Length];
        for (int target = 0; target < data.Length; target += size)
        {
            int source = 0;
            for (int dimension = shape.Length - 1; dimension >= 0; dimension--)
            {
                source = source * shape[dimension] + index[dimension];
            }

            data.AsSpan(source * size, size).CopyTo(result.AsSpan(target));
            for (int dimension = shape.Length - 1; dimension >= 0 && ++index[dimension] == shape[dimension]; dimension--)
            {
                index[dimension] = 0;
            }
        }

        return result;
    }
}
