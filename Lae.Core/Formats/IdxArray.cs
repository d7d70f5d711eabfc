namespace Lae.Formats;

/// <summary>An array of unsigned bytes with its dimensions, as an IDX file holds it. Immutable.</summary>
public sealed class IdxArray
{
    /// <summary>Takes the bytes as they are, without a copy: the caller hands them over and does not write to them again.</summary>
    /// <param name="dimensions">1 to 255 dimensions, each 0 or more, outermost first.</param>
    /// <param name="values">The elements in row-major order.</param>
    /// <param name="sourceName">What later messages call the data.</param>
    /// <exception cref="ArgumentException">The dimensions do not hold exactly the values.</exception>
    public IdxArray(IReadOnlyList<int> dimensions, ReadOnlyMemory<byte> values, string sourceName = "memory")
    {
        if (dimensions.Count is < 1 or > 255)
        {
            throw new ArgumentOutOfRangeException(nameof(dimensions), dimensions.Count, "An IDX array has 1 to 255 dimensions.");
        }

        ArrayShape.Check(dimensions, values.Length, nameof(dimensions));
        Dimensions = [.. dimensions];
        Values = values;
        SourceName = sourceName;
    }

    /// <summary>The dimensions, outermost first; [count, height, width] for images, [count] for labels.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>The elements in row-major order.</summary>
    public ReadOnlyMemory<byte> Values { get; }

    /// <summary>What messages call the data.</summary>
    public string SourceName { get; }
}
