using System.Buffers.Binary;
using System.IO.Compression;

namespace Lae.Formats;

/// <summary>Sees by the first two bytes whether a stream is gzip data, without asking the stream to seek.</summary>
internal static class Gzip
{
    private const int TrailerSizeBytes = 4;

    /// <summary>
    /// A stream of the plain bytes. Disposing it leaves <paramref name="stream"/> open. Damaged or truncated gzip data end in an
    /// <see cref="InvalidDataException"/>.
    /// </summary>
    public static Stream OpenPlain(Stream stream, out bool compressed)
    {
        var prefix = new byte[2];
        int count = stream.ReadAtLeast(prefix, 2, throwOnEndOfStream: false);
        var source = new Source(prefix.AsMemory(0, count), stream);
        compressed = count == 2 && prefix[0] == 0x1F && prefix[1] == 0x8B;
        return compressed ? new Decompressed(source) : source;
    }

    /// <summary>Gives bytes that were already read once more, then the rest, and remembers the last four.</summary>
    private sealed class Source(ReadOnlyMemory<byte> prefix, Stream rest) : ForwardStream
    {
        private readonly byte[] _last = new byte[TrailerSizeBytes];
        private ReadOnlyMemory<byte> _prefix = prefix;

        public uint LastNumber => BinaryPrimitives.ReadUInt32LittleEndian(_last);

        public override int Read(Span<byte> buffer)
        {
            int count;
            if (_prefix.IsEmpty)
            {
                count = rest.Read(buffer);
            }
            else
            {
                count = Math.Min(_prefix.Length, buffer.Length);
                _prefix.Span[..count].CopyTo(buffer);
                _prefix = _prefix[count..];
            }

            int keep = Math.Min(count, TrailerSizeBytes);
            _last.AsSpan(keep).CopyTo(_last);
            buffer.Slice(count - keep, keep).CopyTo(_last.AsSpan(TrailerSizeBytes - keep));
            return count;
        }
    }

    /// <summary>
    /// The runtime's decompressor does not mind a trailer that is cut off. The last four bytes of a gzip file are the size of
    /// its content modulo 2^32, so they tell.
    /// </summary>
    private sealed class Decompressed(Source source) : ForwardStream
    {
        private readonly GZipStream _inner = new(source, CompressionMode.Decompress);
        private uint _size;

        public override int Read(Span<byte> buffer)
        {
            int count = _inner.Read(buffer);
            _size += (uint)count;
            if (count == 0 && !buffer.IsEmpty && source.LastNumber != _size)
            {
                throw new InvalidDataException("The trailer of the gzip data is cut off or gives another size.");
            }

            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
