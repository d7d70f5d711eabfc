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
        private readonly byte[] last = new byte[TrailerSizeBytes];
        private ReadOnlyMemory<byte> prefix = prefix;

        public uint LastNumber => BinaryPrimitives.ReadUInt32LittleEndian(last);

        public override int Read(Span<byte> buffer)
        {
            int count;
            if (this.prefix.IsEmpty)
            {
                count = rest.Read(buffer);
            }
            else
            {
                count = Math.Min(this.prefix.Length, buffer.Length);
                this.prefix.Span[..count].CopyTo(buffer);
                this.prefix = this.prefix[count..];
            }

            int keep = Math.Min(count, TrailerSizeBytes);
            last.AsSpan(keep).CopyTo(last);
            buffer.Slice(count - keep, keep).CopyTo(last.AsSpan(TrailerSizeBytes - keep));
            return count;
        }
    }

    /// <summary>
    /// The runtime's decompressor does not mind a trailer that is cut off. The last four bytes of a gzip file are the size of
    /// its content modulo 2^32, so they tell.
    /// </summary>
    private sealed class Decompressed(Source source) : ForwardStream
    {
        private readonly GZipStream inner = new(source, CompressionMode.Decompress);
        private uint size;

        public override int Read(Span<byte> buffer)
        {
            int count = inner.Read(buffer);
            size += (uint)count;
            if (count == 0 && !buffer.IsEmpty && source.LastNumber != size)
            {
                throw new InvalidDataException("The trailer of the gzip data is cut off or gives another size.");
            }

            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
