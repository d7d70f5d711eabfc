using Lae.Formats;

namespace Lae.Datasets;

/// <summary>
/// The map that gives every column mean 0 and standard deviation 1: x ↦ (x − mean) / deviation, with the sample standard
/// deviation (divisor n − 1). Immutable.
/// </summary>
public sealed class Standardization
{
    /// <param name="means">[columns] finite means.</param>
    /// <param name="deviations">[columns] finite standard deviations above 0.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a number is out of range.</exception>
    public Standardization(IReadOnlyList<double> means, IReadOnlyList<double> deviations)
    {
        if (means.Count == 0 || means.Count != deviations.Count)
        {
            throw new ArgumentException($"{means.Count} means and {deviations.Count} deviations do not fit.", nameof(deviations));
        }

        for (int column = 0; column < means.Count; column++)
        {
            if (!double.IsFinite(means[column]))
            {
                throw new ArgumentOutOfRangeException(nameof(means), means[column], $"The mean of column {column + 1} must be finite.");
            }

            if (!double.IsFinite(deviations[column]) || deviations[column] <= 0)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(deviations), deviations[column], $"The deviation of column {column + 1} must be finite and above 0.");
            }
        }

        Means = [.. means];
        Deviations = [.. deviations];
    }

    /// <summary>[columns] means.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>[columns] sample standard deviations.</summary>
    public IReadOnlyList<double> Deviations { get; }

    /// <summary>Takes means and deviations from data.</summary>
    /// <param name="values">[rows, columns] finite values, row-major.</param>
    /// <param name="rows">Number of rows, 1 or more.</param>
    /// <param name="columns">Number of columns, 1 or more.</param>
    /// <param name="columnNames">The names of the columns, for messages.</param>
    /// <param name="sourceName">What messages call the data.</param>
    /// <exception cref="DataFormatException">Fewer than two rows, a constant column, or one whose spread exceeds double precision.</exception>
    /// <exception cref="ArgumentException">The sizes do not fit, or a value is not finite.</exception>
    public static Standardization Fit(
        ReadOnlySpan<double> values, int rows, int columns, IReadOnlyList<string>? columnNames = null, string sourceName = "memory")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if ((long)rows * columns != values.Length || (columnNames is not null && columnNames.Count != columns))
        {
            throw new ArgumentException($"{rows} rows of {columns} columns do not fit {values.Length} values and "
                + $"{columnNames?.Count ?? columns} names.", nameof(values));
        }

        if (rows < 2)
        {
            throw new DataFormatException(sourceName, "row 1", "expected at least two rows to standardise by, found one");
        }

        var means = new double[columns];
        var deviations = new double[columns];
        for (int column = 0; column < columns; column++)
        {
            (means[column], deviations[column]) = Moments(values, rows, columns, column);
            if (deviations[column] == 0 || !double.IsFinite(deviations[column]))
            {
                string name = columnNames is null ? "" : $" ({DataFormatException.Quote(columnNames[column])})";
                throw new DataFormatException(sourceName, $"column {column + 1}{name}", deviations[column] == 0
                    ? FormattableString.Invariant($"expected values that differ, found {values[column]} in all {rows} rows; a constant column cannot be standardised, leave it out")
                    : "expected values whose spread double precision can hold");
            }
        }

        return new Standardization(means, deviations);
    }

    /// <summary>Standardises rows of the same columns; a new array.</summary>
    /// <param name="values">[rows, columns] values, row-major.</param>
    /// <exception cref="ArgumentException">The values fill no whole number of rows.</exception>
    public double[] Apply(ReadOnlySpan<double> values)
    {
        double[] result = CopyRows(values);
        for (int i = 0; i < result.Length; i++)
        {
            int column = i % Means.Count;
            result[i] = (result[i] - Means[column]) / Deviations[column];
        }

        return result;
    }

    /// <summary>The way back: z ↦ z · deviation + mean; a new array.</summary>
    /// <param name="values">[rows, columns] standardised values, row-major.</param>
    /// <exception cref="ArgumentException">The values fill no whole number of rows.</exception>
    public double[] Invert(ReadOnlySpan<double> values)
    {
        double[] result = CopyRows(values);
        for (int i = 0; i < result.Length; i++)
        {
            int column = i % Means.Count;
            result[i] = result[i] * Deviations[column] + Means[column];
        }

        return result;
    }

    private double[] CopyRows(ReadOnlySpan<double> values) =>
        values.Length % Means.Count == 0
            ? values.ToArray()
            : throw new ArgumentException($"{values.Length} values do not fill rows of {Means.Count} columns.", nameof(values));

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<double> values, int rows, int columns, int column)
    {
        // Sums relative to the first value: exact for a constant column, and no cancellation for a large common offset.
        double origin = values[column];
        double sum = 0;
        for (int i = column; i < values.Length; i += columns)
        {
            if (!double.IsFinite(values[i]))
            {
                throw new ArgumentOutOfRangeException(nameof(values), values[i], $"Row {i / columns + 1}, column {column + 1} must be finite.");
            }

            sum += values[i] - origin;
        }

        double shift = sum / rows;
        double largest = 0;
        for (int i = column; i < values.Length; i += columns)
        {
            largest = Math.Max(largest, Math.Abs(values[i] - origin - shift));
        }

        if (largest == 0)
        {
            return (origin, 0);
        }

        // Squares relative to the largest distance neither overflow nor vanish.
        double squares = 0;
        for (int i = column; i < values.Length; i += columns)
        {
            double distance = (values[i] - origin - shift) / largest;
            squares += distance * distance;
        }

        return (origin + shift, largest * Math.Sqrt(squares / (rows - 1)));
    }
}
