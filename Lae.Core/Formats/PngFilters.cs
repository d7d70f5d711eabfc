namespace Lae.Formats;

/// <summary>How a row of samples x was filtered, from its left neighbour a, the one above b, and the one above left c.</summary>
internal enum PngFilter : byte
{
    /// <summary>x.</summary>
    None,

    /// <summary>x − a.</summary>
    Sub,

    /// <summary>x − b.</summary>
    Up,

    /// <summary>x − ⌊(a + b) / 2⌋.</summary>
    Average,

    /// <summary>x − whichever of a, b, c is nearest to a + b − c; a before b before c on a tie.</summary>
    Paeth,
}

/// <summary>The five row filters of PNG, modulo 256; neighbours outside the image are 0.</summary>
internal static class PngFilters
{
    /// <summary>Turns a filtered row into samples, in place. Left means the same channel of the pixel before.</summary>
    public static void Undo(PngFilter filter, Span<byte> row, ReadOnlySpan<byte> above, int channels)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int left = i >= channels ? row[i - channels] : 0;
            int aboveLeft = i >= channels ? above[i - channels] : 0;
            row[i] += filter switch
            {
                PngFilter.Sub => (byte)left,
                PngFilter.Up => above[i],
                PngFilter.Average => (byte)((left + above[i]) / 2),
                PngFilter.Paeth => (byte)Nearest(left, above[i], aboveLeft),
                _ => 0,
            };
        }
    }

    private static int Nearest(int left, int above, int aboveLeft)
    {
        int estimate = left + above - aboveLeft;
        int toLeft = Math.Abs(estimate - left);
        int toAbove = Math.Abs(estimate - above);
        int toAboveLeft = Math.Abs(estimate - aboveLeft);
        if (toLeft <= toAbove && toLeft <= toAboveLeft)
        {
            return left;
        }

        return toAbove <= toAboveLeft ? above : aboveLeft;
    }
}
