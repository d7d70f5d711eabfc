namespace Lae.Datasets;

/// <summary>Rows that are in memory.</summary>
/// <param name="values">[rows, columns], row-major, in the form that models take.</param>
/// <param name="columns">Numbers in a row, 1 or more.</param>
public sealed class ResidentRows(ReadOnlyMemory<float> values, int columns) : IRowSource
{
    /// <inheritdoc/>
    public int Rows { get; } = columns > 0 && values.Length > 0 && values.Length % columns == 0
        ? values.Length / columns
        : throw new ArgumentException($"{values.Length} values do not fill one row or more of {columns} columns.", nameof(values));

    /// <inheritdoc/>
    public int Columns => columns;

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<int> rows, Span<float> destination)
    {
        ReadOnlySpan<float> all = values.Span;
        for (int i = 0; i < rows.Length; i++)
        {
            all.Slice(checked(rows[i] * columns), columns).CopyTo(destination[(i * columns)..]);
        }
    }
}
