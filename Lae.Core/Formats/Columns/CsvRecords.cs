using System.Globalization;

namespace Lae.Formats;

/// <summary>The records of a table in text form: blank lines only at the end, fields by number, runs of blanks as one delimiter where that is the delimiter.</summary>
internal sealed class CsvRecords(CsvTokenizer records, string sourceName, bool mergesBlanks)
{
    private readonly List<int> filled = [];

    /// <summary>The line on which the record begins, from 1.</summary>
    public long Line => records.Line;

    private int FieldCount => mergesBlanks ? filled.Count : records.FieldCount;

    /// <summary>The text of a field.</summary>
    public ReadOnlySpan<char> Field(int index) => records.Field(mergesBlanks ? filled[index] : index);

    /// <summary>Reads the first record, which names the columns or is the first row.</summary>
    public string[] ReadNames(bool hasHeader)
    {
        if (!records.MoveNext() || records.IsBlank)
        {
            throw new DataFormatException(sourceName, "line 1", hasHeader ? "expected a header, found no text" : "expected a row, found no text");
        }

        FindFilled();
        string[] names = new string[FieldCount];
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int column = 0; column < names.Length; column++)
        {
            names[column] = hasHeader ? Field(column).ToString() : (column + 1).ToString(CultureInfo.InvariantCulture);
            if (names[column].Length == 0)
            {
                throw new DataFormatException(sourceName, $"line 1, column {column + 1}", "expected a column name, found none");
            }

            if (!seen.Add(names[column]))
            {
                throw new DataFormatException(sourceName, $"line 1, column {column + 1}", $"expected every column name once, found {DataFormatException.Quote(names[column])} again");
            }
        }

        return names;
    }

    /// <summary>Goes to the next row; false at the end of the text.</summary>
    public bool MoveNext()
    {
        if (!records.MoveNext())
        {
            return false;
        }

        long line = records.Line;
        if (records.IsBlank)
        {
            while (records.MoveNext())
            {
                if (!records.IsBlank)
                {
                    throw new DataFormatException(sourceName, $"line {line}", "expected a row, found a blank line before further rows");
                }
            }

            return false;
        }

        FindFilled();
        return true;
    }

    /// <summary>Refuses a row of another length.</summary>
    public void Require(int fields)
    {
        if (FieldCount != fields)
        {
            throw new DataFormatException(sourceName, $"line {records.Line}", $"expected {fields} fields, found {FieldCount}");
        }
    }

    private void FindFilled()
    {
        if (!mergesBlanks)
        {
            return;
        }

        filled.Clear();
        for (int i = 0; i < records.FieldCount; i++)
        {
            if (!records.Field(i).IsEmpty)
            {
                filled.Add(i);
            }
        }
    }
}
