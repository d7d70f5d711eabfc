using System.Text.Json;

namespace Lae.Formats.Zarr;

/// <summary>
/// The <c>.zarray</c> of an array: its shape, the shape of a chunk, the type of an element as numpy writes it, and whether chunks are zlib streams. Row-major order, no filters.
/// The fill value is NaN for floats and null for all else: xarray takes a number there for a missing value and would turn integers into floats.
/// Source: Zarr storage specification, version 2.
/// </summary>
internal sealed record ZarrHeader(IReadOnlyList<int> Shape, IReadOnlyList<int> Chunks, string Descriptor, bool Compressed)
{
    /// <summary>zlib's fastest level; the level is a note to writers, readers need none.</summary>
    private const int Level = 1;

    /// <summary>Bytes of an element.</summary>
    public int ElementSize => SizeOf(Descriptor) ?? throw new InvalidOperationException($"{Descriptor} is not a type of elements.");

    /// <summary>Bytes of a chunk before compression; every chunk is stored whole, those at the edge with padding.</summary>
    public int ChunkBytes => checked((int)(ArrayShape.Count(Chunks) ?? long.MaxValue) * ElementSize);

    /// <summary>Where a chunk is, counted in chunks along each axis: <c>0.3.0</c>, and <c>0</c> for a scalar.</summary>
    public static string ChunkName(IReadOnlyList<int> chunk) => chunk.Count == 0 ? "0" : string.Join('.', chunk);

    /// <summary>The same array with another length along one axis.</summary>
    public ZarrHeader WithLength(int axis, int length) => this with { Shape = [.. Shape.Select((size, i) => i == axis ? length : size)] };

    /// <summary>Whether the two differ at most in the length along an axis.</summary>
    public bool IsAlike(ZarrHeader other, int axis) => Descriptor == other.Descriptor && Compressed == other.Compressed && Chunks.SequenceEqual(other.Chunks)
        && Shape.Count == other.Shape.Count && Shape.Select((size, i) => i == axis || size == other.Shape[i]).All(same => same);

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteNumbers(json, "chunks", Chunks);
        if (Compressed)
        {
            json.WriteStartObject("compressor");
            json.WriteString("id", "zlib");
            json.WriteNumber("level", Level);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("compressor");
        }

        json.WriteString("dtype", Descriptor);
        if (Descriptor.StartsWith("<f", StringComparison.Ordinal))
        {
            json.WriteString("fill_value", "NaN");
        }
        else
        {
            json.WriteNull("fill_value");
        }

        json.WriteNull("filters");
        json.WriteString("order", "C");
        WriteNumbers(json, "shape", Shape);
        json.WriteNumber("zarr_format", 2);
        json.WriteEndObject();
    }

    /// <exception cref="DataFormatException">It is not the header of an array that Lae can read.</exception>
    public static ZarrHeader Parse(JsonElement json, string sourceName, string place)
    {
        DataFormatException Fault(string problem) => new(sourceName, place, problem);
        JsonElement Part(string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement part) ? part : throw Fault($"expected an object with {name}");
        int[] Numbers(string name, int least) => Part(name) is { ValueKind: JsonValueKind.Array } array
            ? [.. array.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.Number && one.TryGetInt32(out int number) && number >= least
                ? number
                : throw Fault($"expected whole numbers of {least} or more in {name}, found {one.GetRawText()}"))]
            : throw Fault($"expected a list of whole numbers as {name}");

        if (Part("zarr_format") is not { ValueKind: JsonValueKind.Number } version || !version.TryGetInt32(out int number) || number != 2)
        {
            throw Fault("expected zarr_format 2");
        }

        if (Part("order") is not { ValueKind: JsonValueKind.String } order || order.GetString() != "C" || Part("filters").ValueKind != JsonValueKind.Null)
        {
            throw Fault("expected order C and no filters");
        }

        JsonElement compressor = Part("compressor");
        bool compressed = compressor.ValueKind != JsonValueKind.Null;
        if (compressed && (compressor.ValueKind != JsonValueKind.Object || !compressor.TryGetProperty("id", out JsonElement id) || id.ValueKind != JsonValueKind.String || id.GetString() != "zlib"))
        {
            throw Fault($"expected no compressor or zlib, found {DataFormatException.Quote(compressor.GetRawText())}");
        }

        string descriptor = Part("dtype") is { ValueKind: JsonValueKind.String } type ? type.GetString()! : "";
        if (SizeOf(descriptor) is not { } size)
        {
            throw Fault($"expected dtype <f4, <f8, <i4, <i8, |u1, |b1 or <U and a length, found {DataFormatException.Quote(Part("dtype").GetRawText())}");
        }

        int[] shape = Numbers("shape", 0);
        int[] chunks = Numbers("chunks", 1);
        if (shape.Length != chunks.Length || !(ArrayShape.Count(chunks) <= Array.MaxLength / size) || ArrayShape.Count(shape) is null)
        {
            throw Fault($"expected as many chunk lengths as axes, and sizes that fit, found shape {ArrayShape.Text(shape)} and chunks {ArrayShape.Text(chunks)}");
        }

        return new ZarrHeader(shape, chunks, descriptor, compressed);
    }

    private static int? SizeOf(string descriptor) =>
        Npy.TypeOf(descriptor) is { } type ? NpyArray.SizeOf(type)
        : descriptor.StartsWith("<U", StringComparison.Ordinal) && int.TryParse(descriptor.AsSpan(2), System.Globalization.NumberStyles.None, null, out int length) && length is > 0 and < 1 << 20 ? 4 * length
        : null;

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
