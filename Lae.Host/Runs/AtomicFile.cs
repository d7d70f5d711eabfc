using System.Text;

namespace Lae.Host.Runs;

/// <summary>Files that appear whole or not at all: written under a temporary name in the same folder, brought to the disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>The ending of temporary names.</summary>
    public const string TemporaryEnding = ".partial";

    /// <summary>Writes a file, or replaces it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = path + TemporaryEnding;
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a text file in UTF-8, or replaces it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">The content.</param>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
