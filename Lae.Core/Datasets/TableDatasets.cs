using System.Globalization;
using Lae.Formats;

namespace Lae.Datasets;

/// <summary>Datasets of standardised rows from tables. Standardising is done in double precision, then stored in single.</summary>
public static class TableDatasets
{
    /// <summary>The whole table, standardised by its own statistics, as unsupervised anomaly detection uses it.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="table">The table; no constant column.</param>
    /// <exception cref="DataFormatException">A column is constant, or there is one row only.</exception>
    public static StandardizedTable Standardize(string name, CsvTable table)
    {
        int[] rows = [.. Enumerable.Range(0, table.Rows)];
        Standardization standardization = Fit(table, rows);
        return new StandardizedTable(Rows(name, table, rows, standardization), standardization);
    }

    /// <summary>The table divided by <see cref="StratifiedSplit"/>, both parts standardised by the training rows.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="table">The table; no column constant over the training rows.</param>
    /// <param name="testFraction">The fraction of the test part, above 0 and below 1.</param>
    /// <param name="heldOut">A class whose rows are left out of the training part, so that they have no share in the statistics; null for none.</param>
    /// <exception cref="DataFormatException">A column is constant over the training rows, or there is one such row only.</exception>
    /// <exception cref="ArgumentException">The fraction is out of range, or one part would be empty.</exception>
    public static StandardizedSplit StandardizeAndSplit(string name, CsvTable table, double testFraction, int? heldOut = null)
    {
        StratifiedSplit split = StratifiedSplit.Of(table.Rows, table.Labels, testFraction);
        int[] training = [.. split.Training.Where(row => heldOut is null || table.Labels is not { } labels || labels.Span[row] != heldOut)];
        if (training.Length == 0)
        {
            throw new ArgumentException("All training rows are of the class that is held out.", nameof(heldOut));
        }

        Standardization standardization = Fit(table, training);
        return new StandardizedSplit(
            Rows($"{name} (training)", table, training, standardization),
            Rows($"{name} (test)", table, split.Test, standardization),
            standardization);
    }

    /// <summary>Rows of new data, standardised as a model's data were.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="table">The table, with the columns that the map was taken from, in their order.</param>
    /// <param name="standardization">The map.</param>
    /// <exception cref="DataFormatException">A value that single precision cannot hold after standardising.</exception>
    /// <exception cref="ArgumentException">The table has another number of columns.</exception>
    public static Dataset Standardize(string name, CsvTable table, Standardization standardization) => table.Columns == standardization.Means.Count
        ? Rows(name, table, [.. Enumerable.Range(0, table.Rows)], standardization)
        : throw new ArgumentException($"A map of {standardization.Means.Count} columns does not standardise {table.Columns}.", nameof(table));

    /// <summary>A table from arrays, such as <c>X</c> and <c>y</c> of an npz file. Columns are named 1, 2, 3, …</summary>
    /// <param name="features">[rows, columns] numbers of any type.</param>
    /// <param name="labels">[rows] whole numbers, which become classes named by their decimal form, sorted (ordinal); absent where unknown.</param>
    /// <exception cref="DataFormatException">The shapes are others, a value is not finite, or the labels are not whole numbers.</exception>
    public static CsvTable FromNpy(NpyArray features, NpyArray? labels = null)
    {
        if (features.Shape is not [var rows, var columns] || rows == 0 || columns == 0)
        {
            throw new DataFormatException(features.SourceName, "header", $"expected the shape [rows, columns], none 0, found [{string.Join(", ", features.Shape)}]");
        }

        double[] values = features.ToFloat64();
        int wrong = Array.FindIndex(values, value => !double.IsFinite(value));
        if (wrong >= 0)
        {
            throw new DataFormatException(features.SourceName, Place(wrong / columns, wrong % columns, null),
                FormattableString.Invariant($"expected a finite number, found {values[wrong]}"));
        }

        string[] names = [.. Enumerable.Range(1, columns).Select(column => column.ToString(CultureInfo.InvariantCulture))];
        if (labels is null)
        {
            return new CsvTable(names, rows, values, sourceName: features.SourceName);
        }

        CsvFrame classes = ClassesOf(labels, rows);
        return new CsvTable(names, rows, values, classes.Labels.AsMemory(), classes.LabelNames, features.SourceName);
    }

    /// <summary>Whole numbers as classes named by their decimal form, sorted (ordinal).</summary>
    internal static CsvFrame ClassesOf(NpyArray labels, int rows)
    {
        if (labels.Shape is not [var count] || count != rows)
        {
            throw new DataFormatException(labels.SourceName, "header", $"expected the shape [{rows}], found [{string.Join(", ", labels.Shape)}]");
        }

        long[] numbers = labels.ToInt64();
        (long Number, string Text)[] sorted = [.. numbers.Distinct().Select(label => (label, label.ToString(CultureInfo.InvariantCulture))).OrderBy(label => label.Item2, StringComparer.Ordinal)];
        Dictionary<long, int> places = sorted.Select((label, place) => (label.Number, place)).ToDictionary();
        return new CsvFrame([], rows, Array.ConvertAll(numbers, label => places[label]), [.. sorted.Select(label => label.Text)]);
    }

    private static Standardization Fit(CsvTable table, int[] rows) =>
        Standardization.Fit(Gather(table, rows), rows.Length, table.Columns, table.ColumnNames, table.SourceName);

    private static double[] Gather(CsvTable table, IReadOnlyList<int> rows)
    {
        var values = new double[rows.Count * table.Columns];
        for (int i = 0; i < rows.Count; i++)
        {
            table.Values.Span.Slice(rows[i] * table.Columns, table.Columns).CopyTo(values.AsSpan(i * table.Columns));
        }

        return values;
    }

    private static Dataset Rows(string name, CsvTable table, IReadOnlyList<int> rows, Standardization standardization)
    {
        double[] values = standardization.Apply(Gather(table, rows));
        float[] stored = Array.ConvertAll(values, value => (float)value);
        int wrong = Array.FindIndex(stored, value => !float.IsFinite(value));
        if (wrong >= 0)
        {
            int column = wrong % table.Columns;
            throw new DataFormatException(table.SourceName, Place(rows[wrong / table.Columns], column, table.ColumnNames[column]),
                FormattableString.Invariant($"expected a value that single precision can hold after standardising, found {values[wrong]}"));
        }

        int[]? labels = table.Labels is { } all ? [.. rows.Select(row => all.Span[row])] : null;
        return new Dataset(
            name, rows.Count, table.Columns, stored, Dataset.AsMemory(labels), table.LabelNames, columnNames: table.ColumnNames);
    }

    private static string Place(int row, int column, string? name) =>
        $"row {row + 1}, column {column + 1}{(name is null ? "" : $" ({DataFormatException.Quote(name)})")}";
}
