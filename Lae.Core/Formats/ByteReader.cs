namespace Lae.Formats;

/// <summary>
/// Reads counted bytes and knows where it is. Memory grows with the bytes that arrive, never with the number that a header
/// claims, so a damaged header costs nothing.
/// </summary>
internal sealed class ByteReader(Stream stream, string sourceName, string unit = "byte")
{
    private const int FirstChunk = 1 << 20;

    public long Position { get; private set; }

    /// <summary>Reads exactly <paramref name="count"/> bytes of what the message calls <paramref name="part"/>.</summary>
    public byte[] Read(long count, string part)
    {
        if (count > Array.MaxLength)
        {
            throw Fault(Position, $"{part} claims {count} bytes, more than the {Array.MaxLength} that one array holds");
        }

        var buffer = new byte[Math.Min(count, FirstChunk)];
        int filled = 0;
        while (filled < count)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(count, 2L * buffer.Length));
            }

            int got = ReadSome(buffer.AsSpan(filled));
            if (got == 0)
            {
                throw Fault(Position, $"the data end inside {part}: expected {count} bytes, found {filled}");
            }

            filled += got;
            Position += got;
        }

        return buffer;
    }

    public void ExpectEnd()
    {
        Span<byte> one = stackalloc byte[1];
        if (ReadSome(one) != 0)
        {
            throw Fault(Position, "expected the end of the data, found more bytes");
        }
    }

    public DataFormatException Fault(long position, string problem, Exception? innerException = null) =>
        new(sourceName, $"{unit} {position}", problem, innerException);

    private int ReadSome(Span<byte> destination)
    {
        try
        {
            return stream.Read(destination);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw Fault(Position, $"expected sound compressed data ({exception.Message})", exception);
        }
    }
}
