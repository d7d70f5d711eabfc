namespace Lae.Host.Runs;

/// <summary>
/// Holds a run folder for one process, so that two never continue the same run. The lock is that of the operating system on a file which
/// disappears with it; a killed process leaves the file, but not the lock.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream file;

    private RunLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="folder">The run folder.</param>
    /// <exception cref="RunFolderException">Another process has it.</exception>
    public static RunLock Take(RunFolder folder)
    {
        try
        {
            return new RunLock(new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"run folder {folder.Path}: it cannot be locked; is another process at work on this run? {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
