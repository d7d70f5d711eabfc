namespace Lae.Formats;

/// <summary>One array of a .npy file, in row-major order. Immutable.</summary>
public sealed class NpyArray
{
    private const long LargestExactInDouble = 1L << 53;

    /// <summary>Takes the bytes as they are, without a copy: the caller hands them over and does not write to them again.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The dimensions, outermost first, each 0 or more; empty for a scalar.</param>
    /// <param name="data">The elements in row-major order, little-endian.</param>
    /// <param name="sourceName">What later messages call the data.</param>
    /// <exception cref="ArgumentException">The shape does not hold exactly the data.</exception>
    public NpyArray(NpyType type, IReadOnlyList<int> shape, ReadOnlyMemory<byte> data, string sourceName = "memory")
    {
        int size = SizeOf(type);
        if (data.Length % size != 0)
        {
            throw new ArgumentException($"{data.Length} bytes are no whole number of {type} elements.", nameof(data));
        }

        ArrayShape.Check(shape, data.Length / size, nameof(shape));
        Type = type;
        Shape = [.. shape];
        Data = data;
        SourceName = sourceName;
    }

    /// <summary>The element type.</summary>
    public NpyType Type { get; }

    /// <summary>The dimensions, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The elements in row-major order, little-endian.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>What messages call the data.</summary>
    public string SourceName { get; }

    /// <summary>An array of 32-bit floats from a copy of the values.</summary>
    public static NpyArray FromFloat32(IReadOnlyList<int> shape, ReadOnlySpan<float> values) =>
        new(NpyType.Float32, shape, LittleEndian.ToBytes(values));

    /// <summary>An array of 64-bit floats from a copy of the values.</summary>
    public static NpyArray FromFloat64(IReadOnlyList<int> shape, ReadOnlySpan<double> values) =>
        new(NpyType.Float64, shape, LittleEndian.ToBytes(values));

    /// <summary>An array of 32-bit integers from a copy of the values.</summary>
    public static NpyArray FromInt32(IReadOnlyList<int> shape, ReadOnlySpan<int> values) =>
        new(NpyType.Int32, shape, LittleEndian.ToBytes(values));

    /// <summary>An array of 64-bit integers from a copy of the values.</summary>
    public static NpyArray FromInt64(IReadOnlyList<int> shape, ReadOnlySpan<long> values) =>
        new(NpyType.Int64, shape, LittleEndian.ToBytes(values));

    /// <summary>The elements as 64-bit floats, from any type.</summary>
    /// <exception cref="DataFormatException">A 64-bit integer is beyond 2^53, where a float would round it.</exception>
    public double[] ToFloat64() => Type switch
    {
        NpyType.Float64 => LittleEndian.FromBytes<double>(Data.Span),
        NpyType.Float32 => Array.ConvertAll(LittleEndian.FromBytes<float>(Data.Span), value => (double)value),
        NpyType.Int32 => Array.ConvertAll(LittleEndian.FromBytes<int>(Data.Span), value => (double)value),
        NpyType.Int64 => Convert(LittleEndian.FromBytes<long>(Data.Span), -LargestExactInDouble, LargestExactInDouble, value => (double)value),
        _ => Array.ConvertAll(Data.ToArray(), value => (double)value),
    };

    /// <summary>The elements as 32-bit floats, from the types that fit into them: 32-bit floats, bytes and truth values.</summary>
    /// <exception cref="DataFormatException">The element type is wider.</exception>
    public float[] ToFloat32() => Type switch
    {
        NpyType.Float32 => LittleEndian.FromBytes<float>(Data.Span),
        NpyType.UInt8 or NpyType.Boolean => Array.ConvertAll(Data.ToArray(), value => (float)value),
        _ => throw Unfit("32-bit floats"),
    };

    /// <summary>The elements as 32-bit integers, from any integer type.</summary>
    /// <exception cref="DataFormatException">The elements are floats, or a 64-bit integer is out of range.</exception>
    public int[] ToInt32() => Type switch
    {
        NpyType.Int32 => LittleEndian.FromBytes<int>(Data.Span),
        NpyType.Int64 => Convert(LittleEndian.FromBytes<long>(Data.Span), int.MinValue, int.MaxValue, value => (int)value),
        NpyType.UInt8 or NpyType.Boolean => Array.ConvertAll(Data.ToArray(), value => (int)value),
        _ => throw Unfit("32-bit integers"),
    };

    /// <summary>The elements as 64-bit integers, from any integer type.</summary>
    /// <exception cref="DataFormatException">The elements are floats.</exception>
    public long[] ToInt64() => Type switch
    {
        NpyType.Int64 => LittleEndian.FromBytes<long>(Data.Span),
        NpyType.Float32 or NpyType.Float64 => throw Unfit("64-bit integers"),
        _ => Array.ConvertAll(ToInt32(), value => (long)value),
    };

    internal static int SizeOf(NpyType type) => type switch
    {
        NpyType.Float32 or NpyType.Int32 => 4,
        NpyType.Float64 or NpyType.Int64 => 8,
        NpyType.UInt8 or NpyType.Boolean => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a .npy element type that Lae knows."),
    };

    private T[] Convert<T>(long[] values, long least, long most, Converter<long, T> convert)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] < least || values[i] > most)
            {
                throw new DataFormatException(SourceName, $"element {i + 1}", $"expected an integer from {least} to {most}, found {values[i]}");
            }
        }

        return Array.ConvertAll(values, convert);
    }

    private DataFormatException Unfit(string wanted) =>
        new(SourceName, "header", $"expected elements that fit into {wanted}, found {Type}");
}
