using System.Text;

namespace Lae.Formats;

/// <summary>One named array of a safetensors file. Immutable.</summary>
public sealed class SafetensorsEntry
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Takes the bytes as they are, without a copy: the caller hands them over and does not write to them again.</summary>
    /// <param name="name">The name: well-formed text, not <c>__metadata__</c>, which the format reserves.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The dimensions, outermost first, each 0 or more; empty for a scalar.</param>
    /// <param name="data">The elements in row-major order, little-endian.</param>
    /// <exception cref="ArgumentException">The name is not allowed, or the shape does not hold exactly the data.</exception>
    public SafetensorsEntry(string name, SafetensorsType type, IReadOnlyList<int> shape, ReadOnlyMemory<byte> data)
    {
        CheckText(name, nameof(name));
        if (name == Safetensors.MetadataKey)
        {
            throw new ArgumentException($"The name {Safetensors.MetadataKey} is reserved by the format.", nameof(name));
        }

        int size = SizeOf(type);
        if (data.Length % size != 0)
        {
            throw new ArgumentException($"{data.Length} bytes are no whole number of {type} elements.", nameof(data));
        }

        ArrayShape.Check(shape, data.Length / size, nameof(shape));
        Name = name;
        Type = type;
        Shape = [.. shape];
        Data = data;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public SafetensorsType Type { get; }

    /// <summary>The dimensions, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The elements in row-major order, little-endian.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>An entry of type <see cref="SafetensorsType.F32"/> from a copy of the values.</summary>
    public static SafetensorsEntry FromFloat32(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> values) =>
        new(name, SafetensorsType.F32, shape, LittleEndian.ToBytes(values));

    /// <summary>An entry of type <see cref="SafetensorsType.F64"/> from a copy of the values.</summary>
    public static SafetensorsEntry FromFloat64(string name, IReadOnlyList<int> shape, ReadOnlySpan<double> values) =>
        new(name, SafetensorsType.F64, shape, LittleEndian.ToBytes(values));

    /// <summary>An entry of type <see cref="SafetensorsType.I32"/> from a copy of the values.</summary>
    public static SafetensorsEntry FromInt32(string name, IReadOnlyList<int> shape, ReadOnlySpan<int> values) =>
        new(name, SafetensorsType.I32, shape, LittleEndian.ToBytes(values));

    /// <summary>An entry of type <see cref="SafetensorsType.I64"/> from a copy of the values.</summary>
    public static SafetensorsEntry FromInt64(string name, IReadOnlyList<int> shape, ReadOnlySpan<long> values) =>
        new(name, SafetensorsType.I64, shape, LittleEndian.ToBytes(values));

    /// <summary>A copy of the elements, bit for bit.</summary>
    /// <exception cref="InvalidOperationException">The entry has another element type.</exception>
    public float[] ToFloat32() => Elements<float>(SafetensorsType.F32);

    /// <summary>A copy of the elements, bit for bit.</summary>
    /// <exception cref="InvalidOperationException">The entry has another element type.</exception>
    public double[] ToFloat64() => Elements<double>(SafetensorsType.F64);

    /// <summary>A copy of the elements.</summary>
    /// <exception cref="InvalidOperationException">The entry has another element type.</exception>
    public int[] ToInt32() => Elements<int>(SafetensorsType.I32);

    /// <summary>A copy of the elements.</summary>
    /// <exception cref="InvalidOperationException">The entry has another element type.</exception>
    public long[] ToInt64() => Elements<long>(SafetensorsType.I64);

    internal static int SizeOf(SafetensorsType type) => type switch
    {
        SafetensorsType.F32 or SafetensorsType.I32 => 4,
        SafetensorsType.F64 or SafetensorsType.I64 => 8,
        SafetensorsType.U8 => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a safetensors element type that Lae knows."),
    };

    /// <summary>Half a surrogate pair has no UTF-8 form and would come back as another name.</summary>
    internal static void CheckText(string text, string parameter)
    {
        try
        {
            StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException("The text is not well-formed Unicode.", parameter, exception);
        }
    }

    private T[] Elements<T>(SafetensorsType type)
        where T : unmanaged =>
        Type == type
            ? LittleEndian.FromBytes<T>(Data.Span)
            : throw new InvalidOperationException($"The entry {DataFormatException.Quote(Name)} holds {Type}, not {type}.");
}
