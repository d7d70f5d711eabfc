using System.Buffers;
using System.Text;

namespace Lae.Formats;

/// <summary>
/// Cuts a text into records of fields, by the rules of RFC 4180: a field in quotes may hold delimiters, line ends and doubled
/// quotes; a record ends with CRLF, LF or CR. One pass over a buffer of characters; a record is valid until the next.
/// </summary>
internal sealed class CsvTokenizer(TextReader reader, string sourceName, char delimiter)
{
    private const int End = -1;

    private readonly SearchValues<char> plainEnds = SearchValues.Create([delimiter, '"', '\n', '\r']);
    private readonly char[] buffer = new char[1 << 16];
    private int position;
    private int filled;
    private char[] record = new char[1 << 10];
    private int length;
    private readonly List<(int End, bool Quoted)> fields = [];
    private long nextLine = 1;

    /// <summary>The line on which the record begins, from 1.</summary>
    public long Line { get; private set; }

    public int FieldCount => fields.Count;

    /// <summary>Whether the record is a line with nothing on it.</summary>
    public bool IsBlank => fields is [{ End: 0, Quoted: false }];

    /// <summary>The text of a field; spaces around it count only inside quotes.</summary>
    public ReadOnlySpan<char> Field(int index)
    {
        int start = index == 0 ? 0 : fields[index - 1].End;
        ReadOnlySpan<char> text = record.AsSpan(start, fields[index].End - start);
        return fields[index].Quoted ? text : text.Trim();
    }

    /// <summary>Goes to the next record; false at the end of the text.</summary>
    public bool MoveNext()
    {
        Line = nextLine;
        length = 0;
        fields.Clear();
        int character = Read();
        if (character == End)
        {
            return false;
        }

        while (true)
        {
            bool quoted = character == '"';
            character = quoted ? ReadQuoted() : ReadPlain(character);
            fields.Add((length, quoted));
            if (character != delimiter)
            {
                break;
            }

            character = Read();
        }

        if (character == '\r' && Peek() == '\n')
        {
            position++;
        }

        nextLine++;
        return true;
    }

    /// <summary>Reads up to what ends the field, and returns it. The first character was taken from the buffer already.</summary>
    private int ReadPlain(int character)
    {
        if (character == End)
        {
            return End;
        }

        position--;
        do
        {
            ReadOnlySpan<char> rest = buffer.AsSpan(position, filled - position);
            int end = rest.IndexOfAny(plainEnds);
            Append(end < 0 ? rest : rest[..end]);
            if (end >= 0)
            {
                position += end + 1;
                return rest[end] == '"'
                    ? throw Fault(nextLine, "expected no quote inside a field that does not begin with one")
                    : rest[end];
            }
        }
        while (Fill());
        return End;
    }

    private int ReadQuoted()
    {
        long openLine = nextLine;
        while (true)
        {
            int character = Read();
            if (character == '"')
            {
                character = Read();
                if (character == delimiter || character is '\n' or '\r' or End)
                {
                    return character;
                }

                if (character != '"')
                {
                    throw Fault(nextLine, "expected a delimiter or a line end after a closing quote");
                }
            }
            else if (character == End)
            {
                throw Fault(openLine, $"expected a closing quote for field {fields.Count + 1}, found the end of the data");
            }
            else if (character == '\n')
            {
                nextLine++;
            }

            Append((char)character);
        }
    }

    private void Append(params ReadOnlySpan<char> text)
    {
        if (text.Length > record.Length - length)
        {
            Array.Resize(ref record, Math.Max(2 * record.Length, length + text.Length));
        }

        text.CopyTo(record.AsSpan(length));
        length += text.Length;
    }

    private int Read() => position < filled || Fill() ? buffer[position++] : End;

    private int Peek() => position < filled || Fill() ? buffer[position] : End;

    private bool Fill()
    {
        try
        {
            filled = reader.Read(buffer, 0, buffer.Length);
            position = 0;
            return filled > 0;
        }
        catch (DecoderFallbackException exception)
        {
            throw Fault(nextLine, "expected UTF-8 text from here on, found bytes that are none", exception);
        }
        catch (InvalidDataException exception)
        {
            throw Fault(nextLine, $"expected sound compressed data from here on ({exception.Message})", exception);
        }
    }

    private DataFormatException Fault(long line, string problem, Exception? innerException = null) =>
        new(sourceName, $"line {line}", problem, innerException);
}
