using Microsoft.Win32.SafeHandles;

namespace Lae.Host.Data;

/// <summary>Temporary files for rows that stay on disk: in the system's temporary folder (TMPDIR), and gone when the program ends, however it ends.</summary>
internal static class SpoolFile
{
    /// <summary>An empty file, open for reading and writing.</summary>
    /// <exception cref="IOException">There can be none.</exception>
    /// <exception cref="UnauthorizedAccessException">There may be none.</exception>
    public static SafeFileHandle Create()
    {
        string path = Path.Combine(Path.GetTempPath(), $"lae-rows-{Path.GetRandomFileName()}");
        SafeFileHandle handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            // An open file without a name lives as long as the process, so that not even a kill leaves it behind.
            File.Delete(path);
        }

        return handle;
    }
}
