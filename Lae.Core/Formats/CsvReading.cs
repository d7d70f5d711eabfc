using System.Globalization;
using System.Runtime.InteropServices;

namespace Lae.Formats;

/// <summary>Takes the numbers of the next row of a table.</summary>
/// <param name="row">The numbers, valid during the call.</param>
public delegate void RowTaker(ReadOnlySpan<double> row);

/// <summary>A table whose numbers went elsewhere.</summary>
/// <param name="ColumnNames">The names of the columns of numbers.</param>
/// <param name="Rows">Number of rows, 1 or more.</param>
/// <param name="Labels">[rows] indices into the label names; null where no column has classes.</param>
/// <param name="LabelNames">The texts of the classes, sorted (ordinal).</param>
public sealed record CsvFrame(IReadOnlyList<string> ColumnNames, int Rows, int[]? Labels, IReadOnlyList<string> LabelNames);

/// <summary>One reading of a table: what each column is for, the labels so far, and who takes the rows.</summary>
internal sealed class CsvReading(CsvTokenizer records, string sourceName, CsvOptions options, RowTaker take)
{
    private enum Role
    {
        Number,
        Label,
        Ignored,
    }

    private readonly List<double> row = [];
    private readonly List<int> labels = [];
    private readonly Dictionary<string, int> labelNumbers = new(StringComparer.Ordinal);
    private string[] names = [];
    private Role[] roles = [];

    public CsvFrame Read()
    {
        if (!records.MoveNext() || records.IsBlank)
        {
            throw new DataFormatException(sourceName, "line 1", options.HasHeader ? "expected a header, found no text" : "expected a row, found no text");
        }

        ReadNames();
        bool more = !options.HasHeader || records.MoveNext();
        long? blankLine = null;
        int rows = 0;
        for (; more; more = records.MoveNext())
        {
            if (records.IsBlank)
            {
                blankLine ??= records.Line;
                continue;
            }

            if (blankLine is { } line)
            {
                throw new DataFormatException(sourceName, $"line {line}", "expected a row, found a blank line before further rows");
            }

            ReadRow();
            rows++;
        }

        if (rows == 0)
        {
            throw new DataFormatException(sourceName, $"line {records.Line}", "expected at least one row after the header, found the end of the data");
        }

        string[] names = [.. this.names.Where((_, column) => roles[column] == Role.Number)];
        if (options.LabelColumn is null)
        {
            return new CsvFrame(names, rows, null, []);
        }

        string[] labelNames = [.. labelNumbers.Keys.Order(StringComparer.Ordinal)];
        // Labels were numbered as they came; renumber them in the order of their texts.
        var sorted = new int[labelNames.Length];
        for (int i = 0; i < labelNames.Length; i++)
        {
            sorted[labelNumbers[labelNames[i]]] = i;
        }

        int[] labels = [.. this.labels.Select(number => sorted[number])];
        return new CsvFrame(names, rows, labels, labelNames);
    }

    private void ReadNames()
    {
        names = new string[records.FieldCount];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int column = 0; column < this.names.Length; column++)
        {
            string name = options.HasHeader ? records.Field(column).ToString() : (column + 1).ToString(CultureInfo.InvariantCulture);
            if (name.Length == 0)
            {
                throw new DataFormatException(sourceName, $"line 1, column {column + 1}", "expected a column name, found none");
            }

            if (!seen.Add(name))
            {
                throw new DataFormatException(sourceName, $"line 1, column {column + 1}",
                    $"expected every column name once, found {DataFormatException.Quote(name)} again");
            }

            this.names[column] = name;
        }

        roles = new Role[this.names.Length];
        foreach (string ignored in options.IgnoredColumns ?? [])
        {
            roles[Find(ignored)] = Role.Ignored;
        }

        if (options.LabelColumn is { } label)
        {
            roles[Find(label)] = Role.Label;
        }

        if (!roles.Contains(Role.Number))
        {
            throw new DataFormatException(sourceName, "line 1", "expected at least one column of numbers, found none");
        }
    }

    private int Find(string name)
    {
        int column = Array.IndexOf(this.names, name);
        return column >= 0
            ? column
            : throw new DataFormatException(sourceName, "line 1", $"expected a column {DataFormatException.Quote(name)}, found "
                + $"{this.names.Length} columns from {DataFormatException.Quote(this.names[0])} to {DataFormatException.Quote(this.names[^1])}");
    }

    private void ReadRow()
    {
        if (records.FieldCount != this.names.Length)
        {
            throw new DataFormatException(sourceName, $"line {records.Line}", $"expected {this.names.Length} fields, found {records.FieldCount}");
        }

        for (int column = 0; column < this.names.Length; column++)
        {
            if (roles[column] == Role.Ignored)
            {
                continue;
            }

            ReadOnlySpan<char> field = records.Field(column);
            if (field.IsEmpty)
            {
                throw Fault(column, roles[column] == Role.Label ? "expected a label, found nothing" : "expected a number, found nothing");
            }

            if (roles[column] == Role.Label)
            {
                this.labels.Add(LabelNumber(field));
                continue;
            }

            if (!double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                throw Fault(column, $"expected a number, found {DataFormatException.Quote(field)}");
            }

            if (!double.IsFinite(value))
            {
                throw Fault(column, $"expected a finite number, found {DataFormatException.Quote(field)}");
            }

            row.Add(value);
        }

        take(CollectionsMarshal.AsSpan(row));
        row.Clear();
    }

    private int LabelNumber(ReadOnlySpan<char> text)
    {
        var lookup = labelNumbers.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(text, out int number))
        {
            number = labelNumbers.Count;
            labelNumbers.Add(text.ToString(), number);
        }

        return number;
    }

    private DataFormatException Fault(int column, string problem) =>
        new(sourceName, $"line {records.Line}, column {column + 1} ({DataFormatException.Quote(this.names[column])})", problem);
}
