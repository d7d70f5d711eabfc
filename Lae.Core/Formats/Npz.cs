using System.Collections.ObjectModel;
using System.IO.Compression;

namespace Lae.Formats;

/// <summary>
/// The .npz format of numpy: a zip archive of .npy files, one for each named array. Lae writes names in ordinal order and no
/// clock time, so that equal content gives equal bytes.
/// Source: numpy.savez and numpy.savez_compressed.
/// </summary>
public static class Npz
{
    private const string Extension = ".npy";

    /// <summary>The zip format's earliest time, in place of the clock.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads all arrays, by name, sorted (ordinal).</summary>
    /// <param name="stream">The data; it stays open. A stream that cannot seek is first read into memory.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <exception cref="DataFormatException">No sound zip archive, an entry that is no sound .npy file, or a name twice.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(Stream stream, string sourceName)
    {
        var arrays = new SortedDictionary<string, NpyArray>(StringComparer.Ordinal);
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                string place = $"entry {DataFormatException.Quote(entry.FullName)}";
                if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
                {
                    throw new DataFormatException(sourceName, place, $"expected a name that ends in {Extension}");
                }

                if (!arrays.TryAdd(entry.FullName[..^Extension.Length], ReadEntry(entry, sourceName)))
                {
                    throw new DataFormatException(sourceName, place, "expected every name once, found it again");
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new DataFormatException(sourceName, "zip archive", $"expected a sound zip archive ({exception.Message})", exception);
        }

        return new ReadOnlyDictionary<string, NpyArray>(arrays);
    }

    /// <summary>Reads one array by a reader of its .npy content, from a stream, so that it need not fit into memory.</summary>
    /// <typeparam name="T">What the reader makes.</typeparam>
    /// <param name="stream">The data, which can seek; it stays open.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <param name="name">The name of the array.</param>
    /// <param name="read">A reader of a stream with a name for messages; it reads up to the end.</param>
    /// <returns>What the reader makes; the default of <typeparamref name="T"/> where there is no such array.</returns>
    /// <exception cref="DataFormatException">No sound zip archive, or what the reader finds.</exception>
    public static T? ReadOne<T>(Stream stream, string sourceName, string name, Func<Stream, string, T> read)
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.GetEntry(name + Extension) is not { } entry)
            {
                return default;
            }

            using var content = new CheckedStream(entry.Open(), entry.Crc32);
            return read(content, $"{sourceName}/{entry.FullName}");
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new DataFormatException(sourceName, "zip archive", $"expected a sound zip archive ({exception.Message})", exception);
        }
    }

    /// <summary>Writes the arrays, compressed.</summary>
    /// <param name="stream">Where to write; it stays open and need not be able to seek.</param>
    /// <param name="arrays">The arrays by name, without the extension.</param>
    public static void Write(Stream stream, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (string name in arrays.Keys.Order(StringComparer.Ordinal))
        {
            ZipArchiveEntry entry = archive.CreateEntry(name + Extension, CompressionLevel.Optimal);
            entry.LastWriteTime = NoTime;
            using Stream content = entry.Open();
            Npy.Write(content, arrays[name]);
        }
    }

    private static NpyArray ReadEntry(ZipArchiveEntry entry, string sourceName)
    {
        using var content = new CheckedStream(entry.Open(), entry.Crc32);
        return Npy.Read(content, $"{sourceName}/{entry.FullName}");
    }

    /// <summary>Compares the check value that the archive gives at the end of the content.</summary>
    private sealed class CheckedStream(Stream inner, uint expected) : ForwardStream
    {
        private uint register = Crc32.Start;

        public override int Read(Span<byte> buffer)
        {
            int count = inner.Read(buffer);
            register = Crc32.Append(register, buffer[..count]);
            if (count == 0 && !buffer.IsEmpty && ~register != expected)
            {
                throw new InvalidDataException("The check value of the zip entry is another.");
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
