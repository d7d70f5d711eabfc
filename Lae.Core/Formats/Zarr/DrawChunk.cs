namespace Lae.Formats.Zarr;

/// <summary>Some draws of a variable, one after another.</summary>
public sealed class DrawChunk
{
    private readonly int stride;
    private readonly int size;
    private readonly double[] values;

    /// <param name="first">The number of the first draw.</param>
    /// <param name="count">How many draws.</param>
    /// <param name="stride">Places for draws in a chain, padding included.</param>
    /// <param name="size">Numbers of a chain at a draw.</param>
    /// <param name="values">[chains, stride, size].</param>
    internal DrawChunk(int first, int count, int stride, int size, double[] values)
    {
        First = first;
        Count = count;
        this.stride = stride;
        this.size = size;
        this.values = values;
    }

    /// <summary>The number of the first draw.</summary>
    public int First { get; }

    /// <summary>How many draws there are.</summary>
    public int Count { get; }

    /// <summary>The numbers of a chain at a draw.</summary>
    /// <param name="chain">In [0, chains).</param>
    /// <param name="draw">In [0, <see cref="Count"/>), counted from <see cref="First"/>.</param>
    /// <returns>[size] row by row.</returns>
    public ReadOnlySpan<double> Row(int chain, int draw)
    {
        if (draw < 0 || draw >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(draw), draw, $"Must be in [0, {Count}).");
        }

        return this.values.AsSpan(((chain * this.stride) + draw) * this.size, this.size);
    }
}
