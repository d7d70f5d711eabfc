namespace Lae.Formats;

/// <summary>A table of finite numbers with named columns and, if known, a class for each row. Immutable.</summary>
public sealed class CsvTable
{
    /// <summary>Takes the memory as it is, without a copy: the caller hands it over and does not write to it again.</summary>
    /// <param name="columnNames">The names of the columns of numbers, 1 or more, none twice.</param>
    /// <param name="rows">Number of rows, 1 or more.</param>
    /// <param name="values">[rows, columns] finite values, row-major.</param>
    /// <param name="labels">[rows] indices into <paramref name="labelNames"/>, if the rows have classes.</param>
    /// <param name="labelNames">The texts of the classes.</param>
    /// <param name="sourceName">What later messages call the data.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other, or a value is not finite.</exception>
    public CsvTable(
        IReadOnlyList<string> columnNames,
        int rows,
        ReadOnlyMemory<double> values,
        ReadOnlyMemory<int>? labels = null,
        IReadOnlyList<string>? labelNames = null,
        string sourceName = "memory")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (columnNames.Count == 0 || columnNames.Distinct(StringComparer.Ordinal).Count() != columnNames.Count)
        {
            throw new ArgumentException("A table has at least one column, and no column name twice.", nameof(columnNames));
        }

        if ((long)rows * columnNames.Count != values.Length)
        {
            throw new ArgumentException($"{rows} rows of {columnNames.Count} do not have {values.Length} values.", nameof(values));
        }

        foreach (double value in values.Span)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(nameof(values), value, "The values of a table are finite.");
            }
        }

        if (labels is { } given && given.Length != rows)
        {
            throw new ArgumentException($"{given.Length} labels do not label {rows} rows.", nameof(labels));
        }

        int classes = labelNames?.Count ?? 0;
        foreach (int label in (labels ?? default).Span)
        {
            if (label < 0 || label >= classes)
            {
                throw new ArgumentOutOfRangeException(nameof(labels), label, $"A label is an index into the {classes} label names.");
            }
        }

        ColumnNames = [.. columnNames];
        Rows = rows;
        Values = values;
        Labels = labels;
        LabelNames = labelNames is null ? [] : [.. labelNames];
        SourceName = sourceName;
    }

    /// <summary>The names of the columns of numbers.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns of numbers; the label column is none of them.</summary>
    public int Columns => ColumnNames.Count;

    /// <summary>[rows, columns] finite values, row-major.</summary>
    public ReadOnlyMemory<double> Values { get; }

    /// <summary>[rows] indices into <see cref="LabelNames"/>, if the rows have classes.</summary>
    public ReadOnlyMemory<int>? Labels { get; }

    /// <summary>The texts of the classes; empty without labels.</summary>
    public IReadOnlyList<string> LabelNames { get; }

    /// <summary>What messages call the data.</summary>
    public string SourceName { get; }

    /// <summary>The table without some columns, for instance constant ones.</summary>
    /// <exception cref="ArgumentException">There is no column of such a name, or none would be left.</exception>
    public CsvTable WithoutColumns(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (!ColumnNames.Contains(name))
            {
                throw new ArgumentException($"There is no column {DataFormatException.Quote(name)}.", nameof(names));
            }
        }

        int[] kept = [.. Enumerable.Range(0, Columns).Where(column => !names.Contains(ColumnNames[column]))];
        var values = new double[Rows * kept.Length];
        ReadOnlySpan<double> source = Values.Span;
        for (int row = 0; row < Rows; row++)
        {
            for (int i = 0; i < kept.Length; i++)
            {
                values[row * kept.Length + i] = source[row * Columns + kept[i]];
            }
        }

        return new CsvTable([.. kept.Select(column => ColumnNames[column])], Rows, values, Labels, LabelNames, SourceName);
    }
}
