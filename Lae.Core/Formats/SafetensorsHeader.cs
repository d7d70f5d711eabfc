using System.Text.Json;

namespace Lae.Formats;

/// <summary>The checked JSON header of a safetensors file.</summary>
internal sealed record SafetensorsHeader(
    IReadOnlyList<SafetensorsHeader.Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    private const string WholeHeader = "header";

    /// <summary>Where one array lies: bytes Begin to End of the data, End excluded.</summary>
    internal sealed record Tensor(string Name, SafetensorsType Type, IReadOnlyList<int> Shape, long Begin, long End)
    {
        public string Place => PlaceOf(Name);
    }

    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, string sourceName)
    {
        if (json.Span[0] != (byte)'{')
        {
            throw new DataFormatException(sourceName, "byte 8", "expected the header to begin with \"{\"");
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            var tensors = new List<Tensor>();
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name == Safetensors.MetadataKey)
                {
                    ReadMetadata(property.Value, metadata, sourceName);
                }
                else
                {
                    tensors.Add(ReadTensor(property.Name, property.Value, sourceName));
                }
            }

            return new SafetensorsHeader(tensors, metadata);
        }
        catch (JsonException exception)
        {
            throw new DataFormatException(sourceName, $"byte {8 + (exception.BytePositionInLine ?? 0)}",
                $"expected a JSON header without repeated names ({exception.Message})", exception);
        }
        catch (InvalidOperationException exception)
        {
            // The JSON reader's answer to a text with half a surrogate pair.
            throw new DataFormatException(sourceName, WholeHeader, "expected well-formed texts in the JSON header", exception);
        }
    }

    private static string PlaceOf(string name) => $"{WholeHeader}, tensor {DataFormatException.Quote(name)}";

    private static void ReadMetadata(JsonElement element, Dictionary<string, string> metadata, string sourceName)
    {
        const string Place = $"{WholeHeader}, {Safetensors.MetadataKey}";
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new DataFormatException(sourceName, Place, $"expected a map of texts, found {element.ValueKind}");
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
            {
                throw new DataFormatException(sourceName, Place,
                    $"expected a text for {DataFormatException.Quote(property.Name)}, found {property.Value.ValueKind}");
            }

            metadata.Add(property.Name, property.Value.GetString()!);
        }
    }

    private static Tensor ReadTensor(string name, JsonElement element, string sourceName)
    {
        DataFormatException Fault(string problem) => new(sourceName, PlaceOf(name), problem);

        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("dtype", out JsonElement typeElement)
            || !element.TryGetProperty("shape", out JsonElement shapeElement)
            || !element.TryGetProperty("data_offsets", out JsonElement offsetsElement)
            || element.GetPropertyCount() != 3)
        {
            throw Fault("expected exactly dtype, shape and data_offsets");
        }

        string typeName = typeElement.ValueKind == JsonValueKind.String ? typeElement.GetString()! : typeElement.ValueKind.ToString();
        SafetensorsType type = typeName switch
        {
            "F32" => SafetensorsType.F32,
            "F64" => SafetensorsType.F64,
            "I32" => SafetensorsType.I32,
            "I64" => SafetensorsType.I64,
            "U8" => SafetensorsType.U8,
            _ => throw Fault($"expected dtype F32, F64, I32, I64 or U8, found {DataFormatException.Quote(typeName)}"),
        };

        int[] shape = ReadNumbers(shapeElement, int.MaxValue) is { } dimensions
            ? Array.ConvertAll(dimensions, dimension => (int)dimension)
            : throw Fault($"expected a shape of whole numbers from 0 to {int.MaxValue}");
        if (ReadNumbers(offsetsElement, long.MaxValue) is not [var begin, var end] || begin > end)
        {
            throw Fault("expected data_offsets [begin, end] with 0 <= begin <= end");
        }

        long? count = ArrayShape.Count(shape);
        int size = SafetensorsEntry.SizeOf(type);
        if (count is null || count > long.MaxValue / size || count * size != end - begin)
        {
            throw Fault($"expected data_offsets that span the shape {ArrayShape.Text(shape)} of {type}, found {end - begin} bytes");
        }

        return new Tensor(name, type, shape, begin, end);
    }

    private static long[]? ReadNumbers(JsonElement element, long most)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var numbers = new long[element.GetArrayLength()];
        int index = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0 || number > most)
            {
                return null;
            }

            numbers[index++] = number;
        }

        return numbers;
    }
}
