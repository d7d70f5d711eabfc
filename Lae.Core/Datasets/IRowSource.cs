namespace Lae.Datasets;

/// <summary>
/// Observations by their numbers, in memory or on disk, in the form that models take: pixels in [−1, 1], the rows of a table standardised. The same numbers give the same bits at any time, from any
/// thread, and wherever the rows are kept.
/// </summary>
public interface IRowSource
{
    /// <summary>Number of rows, 1 or more.</summary>
    int Rows { get; }

    /// <summary>Numbers in a row, 1 or more.</summary>
    int Columns { get; }

    /// <summary>Copies rows.</summary>
    /// <param name="rows">Which, each in [0, Rows), in any order.</param>
    /// <param name="destination">[rows.Length, Columns], filled.</param>
    /// <exception cref="Formats.DataFormatException">A value is not what the data promise; the message names the file and the place.</exception>
    void Gather(ReadOnlySpan<int> rows, Span<float> destination);
}

/// <summary>Rows of another source, chosen and ordered by their numbers: the part of a division.</summary>
/// <param name="source">The other source.</param>
/// <param name="chosen">Numbers of its rows; one or more. Not written to afterwards.</param>
public sealed class ChosenRows(IRowSource source, int[] chosen) : IRowSource
{
    /// <inheritdoc/>
    public int Rows { get; } = chosen.Length > 0 ? chosen.Length : throw new ArgumentException("A source has at least one row.", nameof(chosen));

    /// <inheritdoc/>
    public int Columns => source.Columns;

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<int> rows, Span<float> destination)
    {
        int[] inner = new int[rows.Length];
        for (int i = 0; i < inner.Length; i++)
        {
            inner[i] = chosen[rows[i]];
        }

        source.Gather(inner, destination);
    }
}
