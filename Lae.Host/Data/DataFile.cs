using Lae.Host.Configuration;

namespace Lae.Host.Data;

/// <summary>Reads a data file by one of the readers of Lae.Formats.</summary>
internal static class DataFile
{
    /// <summary>What a reader makes of a file.</summary>
    /// <typeparam name="T">What it makes.</typeparam>
    /// <param name="path">The full path.</param>
    /// <param name="read">A reader of a stream with a name for messages.</param>
    /// <exception cref="BadInputException">The file cannot be opened or read.</exception>
    public static T Read<T>(string path, Func<Stream, string, T> read)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return read(stream, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: {exception.Message}", exception);
        }
    }
}
