using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Lae.Formats;

namespace Lae.Tests.Formats;

/// <summary>
/// A second PNG writer, for the tests: a chosen filter per row, written from the specification's definitions and sharing no code
/// with the library (its check value is computed bit by bit), and headers that lie on request.
/// </summary>
internal static class PngEncoder
{
    public static byte[] Encode(
        PixelImage image, int[] filters, int bits = 8, int? colourType = null, int interlace = 0, string? extraChunk = null)
    {
        using var stream = new MemoryStream();
        stream.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        header[8] = (byte)bits;
        header[9] = (byte)(colourType ?? image.Channels switch { 1 => 0, 3 => 2, _ => 6 });
        header[12] = (byte)interlace;
        Chunk(stream, "IHDR", header);
        if (extraChunk is not null)
        {
            Chunk(stream, extraChunk, [1, 2, 3]);
        }

        byte[] rows = Zlib(Filter(image, filters));
        Chunk(stream, "IDAT", rows[..(rows.Length / 2)]);
        Chunk(stream, "IDAT", rows[(rows.Length / 2)..]);
        Chunk(stream, "IEND", []);
        return stream.ToArray();
    }

    private static byte[] Filter(PixelImage image, int[] filters)
    {
        byte[] pixels = image.Pixels.ToArray();
        int stride = image.Width * image.Channels;
        byte Sample(int row, int column) => row < 0 || column < 0 ? (byte)0 : pixels[row * stride + column];
        var filtered = new List<byte>();
        for (int row = 0; row < image.Height; row++)
        {
            filtered.Add((byte)filters[row]);
            for (int column = 0; column < stride; column++)
            {
                int a = Sample(row, column - image.Channels);
                int b = Sample(row - 1, column);
                int c = column < image.Channels ? 0 : Sample(row - 1, column - image.Channels);
                int prediction = filters[row] switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => Paeth(a, b, c), _ => 0 };
                filtered.Add((byte)(Sample(row, column) - prediction));
            }
        }

        return [.. filtered];
    }

    private static int Paeth(int a, int b, int c)
    {
        int p = a + b - c;
        // A stable sort keeps the order a, b, c on ties.
        return new[] { a, b, c }.OrderBy(candidate => Math.Abs(p - candidate)).First();
    }

    private static byte[] Zlib(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return stream.ToArray();
    }

    private static void Chunk(MemoryStream stream, string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        uint register = 0xFFFFFFFF;
        foreach (byte value in body)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                bool odd = ((register ^ (uint)(value >> bit)) & 1) != 0;
                register = (register >> 1) ^ (odd ? 0xEDB88320 : 0);
            }
        }

        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~register);
        stream.Write(number);
    }
}
