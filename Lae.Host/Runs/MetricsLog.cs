using System.Text;
using Lae.Models;

namespace Lae.Host.Runs;

/// <summary>The log file of a run, held open for appending.</summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly FileStream stream;
    private readonly List<TrainingLogEntry> entries;

    private MetricsLog(FileStream stream, List<TrainingLogEntry> entries)
    {
        this.stream = stream;
        this.entries = entries;
    }

    /// <summary>All entries of the run so far.</summary>
    public IReadOnlyList<TrainingLogEntry> Entries => entries;

    /// <summary>The entries of the log of a finished run.</summary>
    /// <param name="path">The file; none for no entry.</param>
    public static IReadOnlyList<TrainingLogEntry> ReadAll(string path) => File.Exists(path) ? [.. File.ReadLines(path).Select(LogLine.TryParse).OfType<TrainingLogEntry>()] : [];

    /// <summary>Opens the log, and cuts off what lies beyond a step: a line of a later step, or half a line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="step">The step from which the run goes on.</param>
    /// <exception cref="RunFolderException">It cannot be opened.</exception>
    public static MetricsLog Open(string path, long step)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"{path}: it cannot be opened for writing: {exception.Message}", exception);
        }

        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        List<TrainingLogEntry> entries = [];
        int kept = 0;
        while (kept < content.Length)
        {
            int length = Array.IndexOf(content, (byte)'\n', kept) - kept;
            if (length < 0 || LogLine.TryParse(Encoding.UTF8.GetString(content, kept, length)) is not { } entry || entry.Step > step)
            {
                break;
            }

            entries.Add(entry);
            kept += length + 1;
        }

        stream.SetLength(kept);
        stream.Seek(0, SeekOrigin.End);
        return new MetricsLog(stream, entries);
    }

    /// <summary>Adds an entry; after this call it survives the end of the process.</summary>
    /// <param name="entry">The entry.</param>
    public void Append(TrainingLogEntry entry)
    {
        stream.Write(Encoding.UTF8.GetBytes(LogLine.Write(entry) + "\n"));
        stream.Flush();
        entries.Add(entry);
    }

    /// <summary>Brings the log to the disk: before a checkpoint that relies on it.</summary>
    public void Flush() => stream.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
