namespace Lae.Formats;

/// <summary>What the formats share about shapes.</summary>
internal static class ArrayShape
{
    /// <summary>The number of elements, or null where it exceeds a 63-bit integer; 1 for no dimensions.</summary>
    public static long? Count(IReadOnlyList<int> shape)
    {
        long count = 1;
        foreach (int dimension in shape)
        {
            // A zero makes the array empty, whatever the other dimensions claim.
            if (dimension == 0)
            {
                return 0;
            }
        }

        foreach (int dimension in shape)
        {
            if (count > long.MaxValue / dimension)
            {
                return null;
            }

            count *= dimension;
        }

        return count;
    }

    /// <summary>Refuses a negative dimension, or a shape that does not hold <paramref name="count"/> elements.</summary>
    public static void Check(IReadOnlyList<int> shape, long count, string parameter)
    {
        foreach (int dimension in shape)
        {
            if (dimension < 0)
            {
                throw new ArgumentOutOfRangeException(parameter, dimension, "A dimension must be 0 or more.");
            }
        }

        if (Count(shape) != count)
        {
            throw new ArgumentException($"The shape {Text(shape)} does not hold {count} elements.", parameter);
        }
    }

    public static string Text(IReadOnlyList<int> shape) => $"[{string.Join(", ", shape)}]";
}
