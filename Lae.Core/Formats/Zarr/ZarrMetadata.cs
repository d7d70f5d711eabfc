using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Lae.Formats.Zarr;

/// <summary>
/// The JSON documents of a hierarchy (<c>.zgroup</c>, <c>.zattrs</c>, <c>.zarray</c>), each under its own key, and all of them together in <c>.zmetadata</c>, which readers of consolidated metadata open first.
/// Source: Zarr storage specification, version 2; consolidated metadata of zarr-python.
/// </summary>
internal sealed class ZarrMetadata
{
    public const string ConsolidatedKey = ".zmetadata";

    /// <summary>Characters such as the &lt; of a type stay as they are: the documents are files, never a part of a page.</summary>
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Documents by key, in ordinal order, so that equal content gives equal bytes.</summary>
    private readonly SortedDictionary<string, byte[]> documents = new(StringComparer.Ordinal);

    public IEnumerable<string> Keys => this.documents.Keys;

    public void Write(IZarrStore store, string key, Action<Utf8JsonWriter> write)
    {
        // also where nothing changed: a killed process may have left a document ahead of what was committed
        byte[] document = Document(write);
        store.Write(key, document);
        this.documents[key] = document;
    }

    public void WriteGroup(IZarrStore store, string path) => Write(store, Join(path, ".zgroup"), json =>
    {
        json.WriteStartObject();
        json.WriteNumber("zarr_format", 2);
        json.WriteEndObject();
    });

    public void WriteArray(IZarrStore store, string path, ZarrHeader header, IReadOnlyList<string> dimensions)
    {
        WriteHeader(store, path, header);
        Write(store, Join(path, ".zattrs"), json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("_ARRAY_DIMENSIONS");
            foreach (string dimension in dimensions)
            {
                json.WriteStringValue(dimension);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    public void WriteHeader(IZarrStore store, string path, ZarrHeader header) => Write(store, Join(path, ".zarray"), header.WriteTo);

    /// <summary>Makes all documents count, in one write.</summary>
    public void Commit(IZarrStore store) => store.Write(ConsolidatedKey, Document(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("metadata");
        foreach ((string key, byte[] document) in this.documents)
        {
            json.WritePropertyName(key);
            using JsonDocument parsed = JsonDocument.Parse(document);
            parsed.RootElement.WriteTo(json);
        }

        json.WriteEndObject();
        json.WriteNumber("zarr_consolidated_format", 1);
        json.WriteEndObject();
    }));

    /// <summary>What was last committed.</summary>
    /// <exception cref="DataFormatException">Nothing was, or it is damaged.</exception>
    public static ZarrMetadata Read(IZarrStore store)
    {
        byte[] content = store.Read(ConsolidatedKey) ?? throw new DataFormatException(store.Name, ConsolidatedKey, "expected consolidated metadata, found nothing");
        ZarrMetadata metadata = new();
        return Parse(content, store.Name, ConsolidatedKey, json =>
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("metadata", out JsonElement all) || all.ValueKind != JsonValueKind.Object)
            {
                throw new DataFormatException(store.Name, ConsolidatedKey, "expected an object with metadata");
            }

            foreach (JsonProperty property in all.EnumerateObject())
            {
                metadata.documents[property.Name] = Document(property.Value.WriteTo);
            }

            return metadata;
        });
    }

    /// <exception cref="DataFormatException">There is no such array, or it is not one that Lae can read.</exception>
    public ZarrHeader Header(IZarrStore store, string path)
    {
        string key = Join(path, ".zarray");
        return Parse(Find(store, key), store.Name, key, json => ZarrHeader.Parse(json, store.Name, key));
    }

    /// <exception cref="DataFormatException">The names are missing.</exception>
    public IReadOnlyList<string> Dimensions(IZarrStore store, string path)
    {
        string key = Join(path, ".zattrs");
        return Parse<IReadOnlyList<string>>(Find(store, key), store.Name, key, json => json.ValueKind == JsonValueKind.Object && json.TryGetProperty("_ARRAY_DIMENSIONS", out JsonElement names)
            && names.ValueKind == JsonValueKind.Array && names.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
            ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
            : throw new DataFormatException(store.Name, key, "expected _ARRAY_DIMENSIONS, a list of names"));
    }

    /// <summary>A group's attributes as texts: numbers and truth values as JSON writes them.</summary>
    public IReadOnlyDictionary<string, string> Attributes(IZarrStore store, string path)
    {
        string key = Join(path, ".zattrs");
        return Parse(Find(store, key), store.Name, key, json => json.ValueKind == JsonValueKind.Object
            ? json.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.ValueKind == JsonValueKind.String ? one.Value.GetString()! : one.Value.GetRawText(), StringComparer.Ordinal)
            : throw new DataFormatException(store.Name, key, "expected an object"));
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";

    private byte[] Find(IZarrStore store, string key) => this.documents.TryGetValue(key, out byte[]? document) ? document : throw new DataFormatException(store.Name, key, "expected this document, found nothing");

    private static byte[] Document(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Indented))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static T Parse<T>(byte[] content, string sourceName, string place, Func<JsonElement, T> read)
    {
        if (!Utf8.IsValid(content))
        {
            throw new DataFormatException(sourceName, place, "expected JSON in UTF-8");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            return read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new DataFormatException(sourceName, place, $"expected JSON without repeated names ({exception.Message})", exception);
        }
        catch (InvalidOperationException exception)
        {
            // The JSON reader's answer to a text with half a surrogate pair.
            throw new DataFormatException(sourceName, place, "expected well-formed texts in the JSON", exception);
        }
    }
}
