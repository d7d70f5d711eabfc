using System.Globalization;
using System.Text;

namespace Lae.Formats;

/// <summary>
/// Tables of numbers as comma-separated text in UTF-8, plain or gzip.
/// Rules: RFC 4180, with LF or CR as line ends too, spaces around fields without quotes ignored, blank lines allowed only at
/// the end. Numbers have a decimal point and never depend on the culture; every field must be a finite number.
/// </summary>
public static class Csv
{
    /// <summary>Reads a table up to the end of the stream.</summary>
    /// <param name="stream">The data; it stays open and need not be able to seek.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <param name="options">The form of the text; the defaults of <see cref="CsvOptions"/> when absent.</param>
    /// <returns>The numbers, and the classes as indices into their texts, which are sorted (ordinal).</returns>
    /// <exception cref="DataFormatException">
    /// A missing, non-numeric or non-finite value, a row of another length, a header with an empty or repeated name, a missing
    /// label, no row, no column of numbers, a named column that does not exist, text that is not UTF-8, damaged gzip data.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The delimiter is a character that a number, a quote or a line end needs.</exception>
    public static CsvTable Read(Stream stream, string sourceName, CsvOptions? options = null)
    {
        List<double> values = [];
        CsvFrame frame = ReadRows(stream, sourceName, row => values.AddRange(row), options);
        return new CsvTable(frame.ColumnNames, frame.Rows, values.ToArray(), frame.Labels is null ? default(ReadOnlyMemory<int>?) : frame.Labels.AsMemory(), frame.LabelNames, sourceName);
    }

    /// <summary>Reads a table up to the end of the stream and hands it out row by row, so that it need not fit into memory.</summary>
    /// <param name="stream">The data; it stays open and need not be able to seek.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <param name="take">Takes the numbers of the next row.</param>
    /// <param name="options">The form of the text; the defaults of <see cref="CsvOptions"/> when absent.</param>
    /// <returns>All but the numbers.</returns>
    /// <exception cref="DataFormatException">As <see cref="Read"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The delimiter is a character that a number, a quote or a line end needs.</exception>
    public static CsvFrame ReadRows(Stream stream, string sourceName, RowTaker take, CsvOptions? options = null)
    {
        options ??= new CsvOptions();
        CheckDelimiter(options.Delimiter);
        using Stream plain = Gzip.OpenPlain(stream, out _);
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
        using var text = new StreamReader(plain, encoding, detectEncodingFromByteOrderMarks: false, 1 << 16, leaveOpen: true);
        return new CsvReading(new CsvTokenizer(text, sourceName, options.Delimiter), sourceName, options, take).Read();
    }

    /// <summary>Writes a header and rows with LF line ends, so that reading gives the same numbers bit for bit.</summary>
    /// <param name="stream">Where to write; it stays open.</param>
    /// <param name="columnNames">The names of the columns, 1 or more.</param>
    /// <param name="values">[rows, columns] finite values, row-major.</param>
    /// <param name="delimiter">What stands between fields.</param>
    /// <exception cref="ArgumentException">No column, values that fill no whole number of rows, or a value that is not finite.</exception>
    public static void Write(Stream stream, IReadOnlyList<string> columnNames, ReadOnlySpan<double> values, char delimiter = ',')
    {
        CheckDelimiter(delimiter);
        int columns = columnNames.Count;
        if (columns == 0 || values.Length % columns != 0)
        {
            throw new ArgumentException($"{values.Length} values do not fill rows of {columns} columns.", nameof(values));
        }

        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(delimiter, columnNames.Select(name => Quoted(name, delimiter))));
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                throw new ArgumentOutOfRangeException(nameof(values), values[i], "The values of a table are finite.");
            }

            writer.Write(values[i].ToString("R", CultureInfo.InvariantCulture));
            writer.Write((i + 1) % columns == 0 ? '\n' : delimiter);
        }
    }

    private static string Quoted(string name, char delimiter) =>
        name.AsSpan().IndexOfAny([delimiter, '"', '\n', '\r']) >= 0 || name.Trim().Length != name.Length
            ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : name;

    internal static void CheckDelimiter(char delimiter)
    {
        if (char.IsAsciiLetterOrDigit(delimiter) || delimiter is '"' or '\n' or '\r' or '.' or '+' or '-')
        {
            throw new ArgumentOutOfRangeException(
                nameof(delimiter), delimiter, "A delimiter is not a letter, a digit, a point, a sign, a quote or a line end.");
        }
    }
}
