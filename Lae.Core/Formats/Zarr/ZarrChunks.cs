using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Lae.Formats.Zarr;

/// <summary>The elements of arrays: chunks to and from a store.</summary>
internal static class ZarrChunks
{
    /// <summary>Writes one chunk: its elements little-endian and row-major, all of them, with padding at the edge of the array.</summary>
    public static void Write(IZarrStore store, string path, ZarrHeader header, IReadOnlyList<int> chunk, ReadOnlyMemory<byte> elements) =>
        store.Write($"{path}/{ZarrHeader.ChunkName(chunk)}", header.Compressed ? Compressed(elements) : elements);

    /// <summary>Reads one chunk, whole, with its padding.</summary>
    /// <exception cref="DataFormatException">It is missing, damaged or of another size.</exception>
    public static byte[] Read(IZarrStore store, string path, ZarrHeader header, IReadOnlyList<int> chunk)
    {
        string key = $"{path}/{ZarrHeader.ChunkName(chunk)}";
        byte[] stored = store.Read(key) ?? throw new DataFormatException(store.Name, key, "expected a chunk, found nothing");
        string source = $"{store.Name}/{key}";
        using MemoryStream content = new(stored, writable: false);
        using Stream plain = header.Compressed ? new ZLibStream(content, CompressionMode.Decompress) : content;
        ByteReader reader = new(plain, source);
        byte[] elements = reader.Read(header.ChunkBytes, "the chunk");
        reader.ExpectEnd();
        return elements;
    }

    /// <summary>Reads a whole array.</summary>
    /// <returns>Elements in row-major order.</returns>
    /// <exception cref="DataFormatException">A chunk is missing or damaged, or the array is too large for one.</exception>
    public static byte[] ReadAll(IZarrStore store, string path, ZarrHeader header)
    {
        int size = header.ElementSize;
        long count = ArrayShape.Count(header.Shape) ?? long.MaxValue;
        if (count > Array.MaxLength / size)
        {
            throw new DataFormatException(store.Name, path, $"expected at most {Array.MaxLength} bytes of elements, found the shape {ArrayShape.Text(header.Shape)}");
        }

        byte[] result = new byte[count * size];
        int rank = header.Shape.Count;
        int[] chunk = new int[rank];
        for (bool more = count > 0; more;)
        {
            Place(Read(store, path, header, chunk), chunk, header, result);
            more = false;
            for (int axis = rank - 1; axis >= 0 && !more; axis--)
            {
                more = ++chunk[axis] * (long)header.Chunks[axis] < header.Shape[axis];
                chunk[axis] = more ? chunk[axis] : 0;
            }
        }

        return result;
    }

    /// <summary>Texts as fixed-length UTF-32, padded with zeros.</summary>
    public static (string Descriptor, byte[] Elements) Encode(IReadOnlyList<string> texts)
    {
        int length = Math.Max(1, texts.Max(text => text.EnumerateRunes().Count()));
        byte[] elements = new byte[4 * length * texts.Count];
        for (int i = 0; i < texts.Count; i++)
        {
            int at = 4 * length * i;
            foreach (Rune rune in texts[i].EnumerateRunes())
            {
                BinaryPrimitives.WriteInt32LittleEndian(elements.AsSpan(at), rune.Value);
                at += 4;
            }
        }

        return ($"<U{length}", elements);
    }

    /// <summary>Texts back from fixed-length UTF-32.</summary>
    /// <exception cref="DataFormatException">There is a number that is no character.</exception>
    public static string[] Decode(ReadOnlySpan<byte> elements, int elementSize, string sourceName)
    {
        string[] texts = new string[elements.Length / elementSize];
        for (int i = 0; i < texts.Length; i++)
        {
            StringBuilder text = new();
            foreach (int value in LittleEndian.FromBytes<int>(elements.Slice(i * elementSize, elementSize)))
            {
                if (value == 0)
                {
                    break;
                }

                text.Append(Rune.IsValid(value) ? new Rune(value).ToString() : throw new DataFormatException(sourceName, $"element {i + 1}", $"expected a character, found {value}"));
            }

            texts[i] = text.ToString();
        }

        return texts;
    }

    /// <summary>Copies the part of a chunk that is inside the array, run by run of the last axis.</summary>
    private static void Place(byte[] elements, int[] chunk, ZarrHeader header, byte[] result)
    {
        int rank = header.Shape.Count;
        int size = header.ElementSize;
        if (rank == 0)
        {
            elements.CopyTo(result, 0);
            return;
        }

        int[] start = [.. chunk.Select((at, axis) => at * header.Chunks[axis])];
        int[] inside = [.. start.Select((at, axis) => Math.Min(header.Chunks[axis], header.Shape[axis] - at))];
        int[] index = new int[rank];
        for (bool more = true; more;)
        {
            (int from, int to) = (0, 0);
            for (int axis = 0; axis < rank; axis++)
            {
                from = (from * header.Chunks[axis]) + index[axis];
                to = (to * header.Shape[axis]) + start[axis] + index[axis];
            }

            elements.AsSpan(from * size, inside[^1] * size).CopyTo(result.AsSpan(to * size));
            more = false;
            for (int axis = rank - 2; axis >= 0 && !more; axis--)
            {
                more = ++index[axis] < inside[axis];
                index[axis] = more ? index[axis] : 0;
            }
        }
    }

    private static byte[] Compressed(ReadOnlyMemory<byte> elements)
    {
        using MemoryStream content = new();
        using (ZLibStream zlib = new(content, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(elements.Span);
        }

        return content.ToArray();
    }
}
