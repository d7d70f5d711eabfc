using Lae.Formats.Zarr;

namespace Lae.Host.Runs;

/// <summary>A Zarr hierarchy in a folder: a file for each key, which appears whole or not at all.</summary>
/// <param name="path">The full path of the folder; it is made with the first write.</param>
public sealed class ZarrFolder(string path) : IZarrStore
{
    /// <inheritdoc/>
    public string Name => path;

    /// <inheritdoc/>
    public void Write(string key, ReadOnlyMemory<byte> content)
    {
        string file = Locate(key);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        AtomicFile.Write(file, stream => stream.Write(content.Span));
    }

    /// <inheritdoc/>
    public byte[]? Read(string key) => File.Exists(Locate(key)) ? File.ReadAllBytes(Locate(key)) : null;

    private string Locate(string key) => key.Split('/').All(part => part is not ("" or "." or ".."))
        ? Path.Combine([path, .. key.Split('/')])
        : throw new ArgumentException($"\"{key}\" is not a key.", nameof(key));
}
