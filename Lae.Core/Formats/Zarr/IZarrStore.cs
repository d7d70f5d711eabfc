namespace Lae.Formats.Zarr;

/// <summary>Where a Zarr hierarchy lives: contents by key, such as <c>posterior/theta/0.3.0</c>. A folder, an archive or memory; the format does not know which.</summary>
public interface IZarrStore
{
    /// <summary>What messages call the store, often a folder's name.</summary>
    string Name { get; }

    /// <summary>Writes or replaces a content, whole or not at all: whoever reads at any moment, or after a crash, finds the old content or the new one.</summary>
    /// <param name="key">Names between slashes, without a slash at either end.</param>
    /// <param name="content">The bytes; they are not kept after the call.</param>
    void Write(string key, ReadOnlyMemory<byte> content);

    /// <summary>Reads a content.</summary>
    /// <param name="key">Names between slashes.</param>
    /// <returns>The bytes; null if there is nothing under the key.</returns>
    byte[]? Read(string key);
}
