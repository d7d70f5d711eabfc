namespace Lae.Datasets;

/// <summary>Images in memory, brought from levels to [−1, 1] as they are asked for: level ↦ 2 level / (levels − 1) − 1, rounded once from double precision.</summary>
internal sealed class LevelRows : IRowSource
{
    private readonly ReadOnlyMemory<float> values;
    private readonly ReadOnlyMemory<byte> pixels;
    private readonly float[] units;

    /// <summary>Rows of a dataset.</summary>
    /// <param name="data">Images in memory.</param>
    public LevelRows(Dataset data)
    {
        (values, pixels) = data.Kept;
        Rows = data.Rows;
        Columns = data.Columns;
        double top = data.Levels!.Value - 1;
        units = [.. Enumerable.Range(0, data.Levels.Value).Select(level => (float)((2.0 * level / top) - 1.0))];
    }

    /// <inheritdoc/>
    public int Rows { get; }

    /// <inheritdoc/>
    public int Columns { get; }

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<int> rows, Span<float> destination)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            Copy(checked(rows[i] * Columns), destination.Slice(i * Columns, Columns));
        }
    }

    /// <summary>Copies pixels that follow each other.</summary>
    /// <param name="start">The first of them, in row-major order.</param>
    /// <param name="destination">Filled.</param>
    public void Copy(int start, Span<float> destination)
    {
        float[] table = units;
        if (pixels.IsEmpty)
        {
            ReadOnlySpan<float> levels = values.Span.Slice(start, destination.Length);
            for (int i = 0; i < destination.Length; i++)
            {
                destination[i] = table[(int)levels[i]];
            }

            return;
        }

        ReadOnlySpan<byte> bytes = pixels.Span.Slice(start, destination.Length);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = table[bytes[i]];
        }
    }
}
