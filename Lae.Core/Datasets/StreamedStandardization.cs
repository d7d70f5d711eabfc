using Lae.Formats;

namespace Lae.Datasets;

/// <summary>
/// <see cref="Standardization"/> of rows that stay on disk, in three passes over them: sums about the first row, the largest distance from the mean, squares relative to it. The sums run in the order
/// that <see cref="Standardization.Fit"/> has, so the outcome is the same bit for bit.
/// </summary>
public static class StreamedStandardization
{
    private const int RowsAtOnce = 1024;

    /// <summary>Takes means and deviations from rows of a file.</summary>
    /// <param name="source">The rows, not standardised.</param>
    /// <param name="rows">Numbers of the rows that count, in order; two or more.</param>
    /// <param name="columnNames">The names of the columns, for messages.</param>
    /// <param name="sourceName">What messages call the data.</param>
    /// <exception cref="DataFormatException">Fewer than two rows, a constant column, or one whose spread exceeds double precision.</exception>
    public static Standardization Fit(FileRows source, ReadOnlySpan<int> rows, IReadOnlyList<string> columnNames, string sourceName)
    {
        if (rows.Length < 2)
        {
            throw new DataFormatException(sourceName, "row 1", "expected at least two rows to standardise by, found one");
        }

        int columns = source.Columns;
        double[] buffer = new double[RowsAtOnce * columns];
        double[] origin = new double[columns];
        source.GatherRaw(rows[..1], origin);
        double[] shift = Pass(source, rows, buffer, (sum, column, value) => sum + (value - origin[column]));
        for (int column = 0; column < columns; column++)
        {
            shift[column] /= rows.Length;
        }

        double[] largest = Pass(source, rows, buffer, (most, column, value) => Math.Max(most, Math.Abs(value - origin[column] - shift[column])));
        double[] squares = Pass(source, rows, buffer, (sum, column, value) =>
        {
            double distance = (value - origin[column] - shift[column]) / largest[column];
            return sum + (distance * distance);
        });
        double[] means = new double[columns];
        double[] deviations = new double[columns];
        for (int column = 0; column < columns; column++)
        {
            means[column] = origin[column] + shift[column];
            deviations[column] = largest[column] == 0 ? 0 : largest[column] * Math.Sqrt(squares[column] / (rows.Length - 1));
            if (deviations[column] == 0 || !double.IsFinite(deviations[column]))
            {
                throw new DataFormatException(sourceName, $"column {column + 1} ({DataFormatException.Quote(columnNames[column])})", deviations[column] == 0
                    ? FormattableString.Invariant($"expected values that differ, found {origin[column]} in all {rows.Length} rows; a constant column cannot be standardised, leave it out")
                    : "expected values whose spread double precision can hold");
            }
        }

        return new Standardization(means, deviations);
    }

    private static double[] Pass(FileRows source, ReadOnlySpan<int> rows, double[] buffer, Func<double, int, double, double> fold)
    {
        double[] state = new double[source.Columns];
        for (int start = 0; start < rows.Length; start += RowsAtOnce)
        {
            ReadOnlySpan<int> part = rows.Slice(start, Math.Min(RowsAtOnce, rows.Length - start));
            source.GatherRaw(part, buffer);
            for (int i = 0; i < part.Length * source.Columns; i++)
            {
                int column = i % source.Columns;
                state[column] = fold(state[column], column, buffer[i]);
            }
        }

        return state;
    }
}
