using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Lae.Formats;

/// <summary>
/// The safetensors format: arrays by name, without code, readable by numpy, PyTorch and JAX.
/// Layout: header length n (64-bit little-endian); n bytes of JSON, padded with spaces to a multiple of 8, mapping each name to
/// <c>{"dtype", "shape", "data_offsets": [begin, end]}</c> and <c>__metadata__</c> to a map of texts; the data, little-endian,
/// which the offsets cover without gap or overlap. Lae writes names in ordinal order, so that equal content gives equal bytes.
/// Source: Hugging Face, safetensors format description.
/// </summary>
public static class Safetensors
{
    /// <summary>The header key that the format reserves for the map of texts.</summary>
    internal const string MetadataKey = "__metadata__";

    private const long LongestHeader = 100_000_000;

    /// <summary>Writes the arrays and the metadata.</summary>
    public static void Write(Stream stream, SafetensorsFile file)
    {
        var header = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            WriteMetadata(json, file);
            long offset = 0;
            foreach (SafetensorsEntry entry in file.Entries)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.Type.ToString());
                json.WriteStartArray("shape");
                foreach (int dimension in entry.Shape)
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += entry.Data.Length;
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        int padding = (8 - header.WrittenCount % 8) % 8;
        header.GetSpan(padding)[..padding].Fill((byte)' ');
        header.Advance(padding);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.WrittenCount);
        stream.Write(length);
        stream.Write(header.WrittenSpan);
        foreach (SafetensorsEntry entry in file.Entries)
        {
            stream.Write(entry.Data.Span);
        }
    }

    /// <summary>Reads a file up to the end of the stream and checks all of it.</summary>
    /// <param name="stream">The data; it stays open and need not be able to seek.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <exception cref="DataFormatException">
    /// Cut off or trailing bytes, a header that is not what the format says, an element type other than F32, F64, I32, I64
    /// and U8, a name twice, sizes that do not fit, gaps or overlaps.
    /// </exception>
    public static SafetensorsFile Read(Stream stream, string sourceName)
    {
        var reader = new ByteReader(stream, sourceName);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(reader.Read(8, "the header length"));
        if (length is < 2 or > LongestHeader)
        {
            throw reader.Fault(0, $"expected a header length from 2 to {LongestHeader}, found {length}");
        }

        byte[] header = reader.Read((long)length, "the header");
        SafetensorsHeader parsed = SafetensorsHeader.Parse(header, sourceName);
        var entries = new List<SafetensorsEntry>(parsed.Tensors.Count);
        long end = 0;
        foreach (SafetensorsHeader.Tensor tensor in parsed.Tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.Begin != end)
            {
                throw new DataFormatException(sourceName, tensor.Place,
                    $"expected data that begin at offset {end}, where the data before them end, found {tensor.Begin}");
            }

            byte[] data = reader.Read(tensor.End - tensor.Begin, $"the data of {DataFormatException.Quote(tensor.Name)}");
            entries.Add(new SafetensorsEntry(tensor.Name, tensor.Type, tensor.Shape, data));
            end = tensor.End;
        }

        reader.ExpectEnd();
        return new SafetensorsFile(entries, parsed.Metadata);
    }

    private static void WriteMetadata(Utf8JsonWriter json, SafetensorsFile file)
    {
        if (file.Metadata.Count == 0)
        {
            return;
        }

        json.WriteStartObject(MetadataKey);
        foreach (var (key, value) in file.Metadata)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
