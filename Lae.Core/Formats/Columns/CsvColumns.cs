using System.Globalization;
using System.Text;

namespace Lae.Formats;

/// <summary>
/// Some columns of a text in the form of <see cref="Csv"/>, plain or gzip: only what is asked for is read, so that other columns may hold anything. With a blank as the delimiter, any run of blanks
/// stands between fields.
/// </summary>
public static class CsvColumns
{
    private static readonly string[] Missing = ["NA", "N/A", "NaN", "NULL", "NONE", "?", ".", "-"];

    /// <summary>Reads to the end of the stream.</summary>
    /// <param name="stream">The data; it stays open and need not be able to seek.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <param name="choose">From the names of all columns to those that are wanted, one or more, none twice.</param>
    /// <param name="delimiter">What stands between fields.</param>
    /// <param name="hasHeader">Whether the first line names the columns; else they are named 1, 2, 3, ….</param>
    /// <returns>The columns.</returns>
    /// <exception cref="DataFormatException">As for <see cref="Csv.Read"/>, in a wanted column.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The delimiter is a character that a number, a quote or a line end needs.</exception>
    public static ColumnTable Read(
        Stream stream, string sourceName, Func<IReadOnlyList<string>, IReadOnlyList<WantedColumn>> choose, char delimiter = ',', bool hasHeader = true)
    {
        Csv.CheckDelimiter(delimiter);
        using Stream plain = Gzip.OpenPlain(stream, out _);
        using StreamReader text = new(plain, new UTF8Encoding(true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, 1 << 16, leaveOpen: true);
        CsvRecords records = new(new CsvTokenizer(text, sourceName, delimiter), sourceName, mergesBlanks: delimiter == ' ');
        string[] names = records.ReadNames(hasHeader);
        (Column Column, int Field)[] columns = [.. choose(names).Select(wanted => (new Column(wanted), IndexOf(names, wanted.Name)))];
        List<int> lines = [];
        for (bool more = !hasHeader || records.MoveNext(); more; more = records.MoveNext())
        {
            records.Require(names.Length);
            foreach ((Column column, int field) in columns)
            {
                if (column.Add(records.Field(field)) is { } problem)
                {
                    throw new DataFormatException(sourceName, Place((int)records.Line, field, column.Wanted.Name), problem);
                }
            }

            lines.Add((int)records.Line);
        }

        if (lines.Count == 0)
        {
            throw new DataFormatException(sourceName, $"line {records.Line}", "expected at least one row after the header, found the end of the data");
        }

        Dictionary<string, int> fields = columns.ToDictionary(column => column.Column.Wanted.Name, column => column.Field, StringComparer.Ordinal);
        int[] places = [.. lines];
        return new ColumnTable(
            sourceName,
            places.Length,
            columns.Where(column => !column.Column.Wanted.IsText).ToDictionary(column => column.Column.Wanted.Name, column => column.Column.ToNumbers(), StringComparer.Ordinal),
            columns.Where(column => column.Column.Wanted.IsText).ToDictionary(column => column.Column.Wanted.Name, column => column.Column.ToTexts(), StringComparer.Ordinal),
            (name, row) => Place(places[row], fields[name], name));
    }

    private static string Place(int line, int field, string name) => $"line {line}, column {field + 1} ({DataFormatException.Quote(name)})";

    private static int IndexOf(string[] names, string name) =>
        Array.IndexOf(names, name) is var index and >= 0 ? index : throw new ArgumentException($"There is no column \"{name}\".", nameof(name));

    /// <summary>What was read of a column so far.</summary>
    private sealed class Column(WantedColumn wanted)
    {
        private readonly List<double> numbers = [];
        private readonly List<int> codes = [];
        private readonly Dictionary<string, int> levels = new(StringComparer.Ordinal);

        public WantedColumn Wanted => wanted;

        /// <summary>Takes a field; what is wrong with it, or null.</summary>
        public string? Add(ReadOnlySpan<char> field)
        {
            if (!wanted.IsText && double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
            {
                numbers.Add(value);
                return null;
            }

            if (field.IsEmpty || IsMissing(field))
            {
                return $"expected a {(wanted.IsText ? "text" : "number")}, found {(field.IsEmpty ? "nothing" : DataFormatException.Quote(field))}: a missing value; fill it in, or leave the row out";
            }

            if (wanted.IsText)
            {
                codes.Add(Code(field));
                return null;
            }

            bool isNumber = double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
            return $"expected a {(isNumber ? "finite number" : "number")}, found {DataFormatException.Quote(field)}{(isNumber ? string.Empty : wanted.Hint)}";
        }

        public double[] ToNumbers() => [.. numbers];

        public TextColumn ToTexts() => new([.. levels.OrderBy(level => level.Value).Select(level => level.Key)], [.. codes]);

        private int Code(ReadOnlySpan<char> text)
        {
            var lookup = levels.GetAlternateLookup<ReadOnlySpan<char>>();
            if (!lookup.TryGetValue(text, out int code))
            {
                code = levels.Count;
                levels.Add(text.ToString(), code);
            }

            return code;
        }

        private static bool IsMissing(ReadOnlySpan<char> field)
        {
            foreach (string text in Missing)
            {
                if (field.Equals(text, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
