using System.Globalization;
using System.Text.Json;

namespace Lae.Formats;

/// <summary>
/// Columns in a JSON object of arrays, as posteriordb and Stan write their data: <c>{ "N": 3, "y": [ 1, 2, 3 ], "X": [ [ 1, 2 ], [ 3, 4 ], [ 5, 6 ] ] }</c>. An array of arrays gives the columns
/// <c>X[1]</c>, <c>X[2]</c>, …; single numbers are passed over.
/// </summary>
public static class JsonColumns
{
    /// <summary>Reads the columns that are asked for.</summary>
    /// <param name="stream">The data in UTF-8, plain or gzip; it stays open.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <param name="choose">From the names of all columns to those that are wanted, one or more, none twice.</param>
    /// <returns>The columns.</returns>
    /// <exception cref="DataFormatException">No JSON object, or a wanted column that is not of finite numbers (or texts), is ragged, or has not the length of the others.</exception>
    public static ColumnTable Read(Stream stream, string sourceName, Func<IReadOnlyList<string>, IReadOnlyList<WantedColumn>> choose)
    {
        using JsonDocument document = Parse(stream, sourceName);
        Dictionary<string, Source> sources = new(StringComparer.Ordinal);
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Array)
            {
                bool isMatrix = property.Value.GetArrayLength() > 0 && property.Value[0].ValueKind == JsonValueKind.Array;
                int width = isMatrix ? property.Value[0].GetArrayLength() : 1;
                for (int column = 0; column < width; column++)
                {
                    sources[isMatrix ? string.Create(CultureInfo.InvariantCulture, $"{property.Name}[{column + 1}]") : property.Name] =
                        new Source(sourceName, property.Name, property.Value, isMatrix ? column : -1, width);
                }
            }
        }

        WantedColumn[] wanted = [.. choose([.. sources.Keys])];
        Dictionary<string, double[]> numbers = wanted.Where(column => !column.IsText)
            .ToDictionary(column => column.Name, column => sources[column.Name].Numbers(column.Hint), StringComparer.Ordinal);
        Dictionary<string, TextColumn> texts = wanted.Where(column => column.IsText).ToDictionary(column => column.Name, column => sources[column.Name].Texts(), StringComparer.Ordinal);
        (string first, int rows) = (wanted[0].Name, sources[wanted[0].Name].Rows);
        foreach (WantedColumn column in wanted)
        {
            if (sources[column.Name].Rows != rows || rows == 0)
            {
                throw new DataFormatException(sourceName, column.Name, rows == 0 ? "expected at least one element, found none" : $"expected {rows} elements as {first} has, found {sources[column.Name].Rows}");
            }
        }

        Dictionary<string, Func<int, string>> places = wanted.ToDictionary(column => column.Name, column => sources[column.Name].Place, StringComparer.Ordinal);
        return new ColumnTable(sourceName, rows, numbers, texts, (name, row) => places[name](row));
    }

    private static JsonDocument Parse(Stream stream, string sourceName)
    {
        try
        {
            using Stream plain = Gzip.OpenPlain(stream, out _);
            JsonDocument document = JsonDocument.Parse(plain, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            throw new DataFormatException(sourceName, "line 1", "expected an object of arrays, { \"name\": [ numbers ], … }");
        }
        catch (JsonException exception)
        {
            throw new DataFormatException(sourceName, $"line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}", "expected JSON, found what is none", exception);
        }
    }

    /// <summary>An array, or a column of an array of arrays.</summary>
    private sealed record Source(string File, string Name, JsonElement Array, int Column, int Width)
    {
        public int Rows => Array.GetArrayLength();

        /// <summary>The JSON path of an element, which counts from 0.</summary>
        public Func<int, string> Place => Column < 0 ? Whole : row => $"{Whole(row)}[{Column}]";

        public double[] Numbers(string hint) => [.. Elements().Select((element, row) => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) && double.IsFinite(value)
            ? value
            : throw Fault(Place(row), "a number", element, element.ValueKind == JsonValueKind.String ? hint : string.Empty))];

        public TextColumn Texts()
        {
            Dictionary<string, int> levels = new(StringComparer.Ordinal);
            int[] codes = [.. Elements().Select((element, row) =>
            {
                if (element.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False))
                {
                    throw Fault(Place(row), "a text", element, string.Empty);
                }

                string level = element.ToString();
                return levels.TryGetValue(level, out int code) ? code : levels[level] = levels.Count;
            })];
            return new TextColumn([.. levels.OrderBy(level => level.Value).Select(level => level.Key)], codes);
        }

        private string Whole(int row) => string.Create(CultureInfo.InvariantCulture, $"{Name}[{row}]");

        private IEnumerable<JsonElement> Elements() => Column < 0
            ? Array.EnumerateArray()
            : Array.EnumerateArray().Select((line, row) => line.ValueKind == JsonValueKind.Array && line.GetArrayLength() == Width
                ? line[Column]
                : throw new DataFormatException(File, Whole(row), $"expected an array of {Width} numbers, as the first is"));

        private DataFormatException Fault(string place, string expected, JsonElement found, string hint) => new(
            File, place, found.ValueKind == JsonValueKind.Null
                ? $"expected {expected}, found null: a missing value; fill it in, or leave the row out"
                : $"expected {expected}, found {DataFormatException.Quote(found.GetRawText())}{hint}");
    }
}
