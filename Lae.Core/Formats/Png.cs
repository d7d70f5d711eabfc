using System.Buffers.Binary;
using System.IO.Compression;

namespace Lae.Formats;

/// <summary>
/// PNG with 8-bit samples: gray, RGB, RGBA, and palettes (which are read as RGB), not interlaced.
/// Layout: signature; chunks of (length, type, data, CRC over type and data); IHDR first, the zlib stream of all rows cut into
/// IDAT chunks, IEND last; each row is a filter byte and the filtered samples (<see cref="PngFilter"/>).
/// Source: W3C, Portable Network Graphics (PNG) Specification, second edition.
/// </summary>
public static class Png
{
    private const int LargestSide = 1 << 20;
    private const byte PaletteColour = 3;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes the image with filter 0 (none) on every row, which suits small images with large plain areas.</summary>
    public static void Write(Stream stream, PixelImage image)
    {
        stream.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        header[8] = 8;
        header[9] = image.Channels switch { 1 => 0, 3 => 2, _ => 6 };
        WriteChunk(stream, "IHDR"u8, header);

        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            int stride = image.Width * image.Channels;
            for (int row = 0; row < image.Height; row++)
            {
                zlib.WriteByte(0);
                zlib.Write(image.Pixels.Span.Slice(row * stride, stride));
            }
        }

        WriteChunk(stream, "IDAT"u8, compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        WriteChunk(stream, "IEND"u8, []);
    }

    /// <summary>Reads one image and stops after its last chunk. Ancillary chunks (gamma, text, transparency keys) are passed over.</summary>
    /// <param name="stream">The data; it stays open and need not be able to seek.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <exception cref="DataFormatException">
    /// Not a PNG, damaged, cut off, or of a kind that Lae does not read (gray with alpha, 1, 2, 4 or 16 bits, interlaced).
    /// </exception>
    public static PixelImage Read(Stream stream, string sourceName)
    {
        var reader = new ByteReader(stream, sourceName);
        if (!reader.Read(8, "the signature").AsSpan().SequenceEqual(Signature))
        {
            throw reader.Fault(0, "expected the PNG signature");
        }

        byte[] header = ReadChunk(reader, out string type, out long place);
        if (type != "IHDR" || header.Length != 13)
        {
            throw reader.Fault(place, $"expected an IHDR chunk of 13 bytes, found {DataFormatException.Quote(type)} of {header.Length}");
        }

        var (width, height, channels) = ReadHeader(reader, header, place + 8);
        bool hasPalette = header[9] == PaletteColour;
        byte[] palette = [];
        using var compressed = new MemoryStream();
        bool ended = false;
        while (!ended)
        {
            byte[] data = ReadChunk(reader, out type, out place);
            switch (type)
            {
                case "IDAT":
                    compressed.Write(data);
                    break;
                case "IEND":
                    ended = true;
                    break;
                case "PLTE":
                    // For RGB a palette is only a suggestion to poor displays.
                    palette = data;
                    break;
                default:
                    if (char.IsAsciiLetterUpper(type[0]))
                    {
                        throw reader.Fault(place, $"expected IDAT or IEND, found the critical chunk {DataFormatException.Quote(type)}");
                    }

                    break;
            }
        }

        compressed.Position = 0;
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        var rows = new ByteReader(zlib, sourceName, "decompressed byte");
        int stride = width * channels;
        byte[] filtered = rows.Read((long)height * (stride + 1), "the rows of pixels");
        rows.ExpectEnd();
        byte[] samples = Unfilter(rows, filtered, height, stride, channels);
        return hasPalette ? new PixelImage(width, height, 3, Colours(rows, samples, palette)) : new PixelImage(width, height, channels, samples);
    }

    /// <summary>The red, green and blue of every index.</summary>
    private static byte[] Colours(ByteReader rows, byte[] indices, byte[] palette)
    {
        byte[] colours = new byte[checked(3 * indices.Length)];
        for (int i = 0; i < indices.Length; i++)
        {
            int place = 3 * indices[i];
            if (place + 3 > palette.Length)
            {
                throw rows.Fault(i, $"expected an index into the {palette.Length / 3} colours of the palette, found {indices[i]}");
            }

            palette.AsSpan(place, 3).CopyTo(colours.AsSpan(3 * i));
        }

        return colours;
    }

    private static byte[] Unfilter(ByteReader rows, byte[] filtered, int height, int stride, int channels)
    {
        var pixels = new byte[height * stride];
        ReadOnlySpan<byte> above = new byte[stride];
        for (int row = 0; row < height; row++)
        {
            int start = row * (stride + 1);
            byte filter = filtered[start];
            if (filter > (byte)PngFilter.Paeth)
            {
                throw rows.Fault(start, $"expected a filter from 0 to 4, found {filter}");
            }

            Span<byte> current = pixels.AsSpan(row * stride, stride);
            filtered.AsSpan(start + 1, stride).CopyTo(current);
            PngFilters.Undo((PngFilter)filter, current, above, channels);
            above = current;
        }

        return pixels;
    }

    private static (int Width, int Height, int Channels) ReadHeader(ByteReader reader, byte[] header, long place)
    {
        uint width = BinaryPrimitives.ReadUInt32BigEndian(header);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
        if (width is 0 or > LargestSide || height is 0 or > LargestSide)
        {
            throw reader.Fault(place, $"expected a width and height from 1 to {LargestSide}, found {width} x {height}");
        }

        int channels = header[9] switch
        {
            0 or PaletteColour => 1,
            2 => 3,
            6 => 4,
            _ => throw reader.Fault(place + 9, $"expected colour type 0 (gray), 2 (RGB), 3 (palette) or 6 (RGBA), found {header[9]}"),
        };
        if (header[8] != 8)
        {
            throw reader.Fault(place + 8, $"expected 8 bits per sample, found {header[8]}");
        }

        if (header[10] != 0 || header[11] != 0 || header[12] != 0)
        {
            throw reader.Fault(place + 10, "expected compression 0, filter method 0 and no interlacing, found "
                + $"{header[10]}, {header[11]}, {header[12]}");
        }

        if ((long)height * (width * (header[9] == PaletteColour ? 3 : channels) + 1) > Array.MaxLength)
        {
            throw reader.Fault(place, $"expected at most {Array.MaxLength} bytes of pixels, found {width} x {height} x {channels}");
        }

        return ((int)width, (int)height, channels);
    }

    private static byte[] ReadChunk(ByteReader reader, out string type, out long place)
    {
        place = reader.Position;
        byte[] start = reader.Read(8, "the head of a chunk");
        type = string.Create(4, start, static (text, bytes) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (char)bytes[4 + i];
            }
        });
        byte[] data = reader.Read(BinaryPrimitives.ReadUInt32BigEndian(start), $"the chunk {DataFormatException.Quote(type)}");
        long checkPlace = reader.Position;
        uint found = BinaryPrimitives.ReadUInt32BigEndian(reader.Read(4, "the check value of a chunk"));
        uint expected = ~Crc32.Append(Crc32.Append(Crc32.Start, start.AsSpan(4)), data);
        return found == expected
            ? data
            : throw reader.Fault(checkPlace, $"expected the check value {expected:X8} for the chunk {DataFormatException.Quote(type)}, found {found:X8}");
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc32.Append(Crc32.Append(Crc32.Start, type), data));
        stream.Write(number);
    }
}
