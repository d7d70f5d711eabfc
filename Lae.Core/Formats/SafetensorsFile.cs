using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace Lae.Formats;

/// <summary>The content of a safetensors file: named arrays and a map of texts. Immutable.</summary>
public sealed class SafetensorsFile
{
    private readonly SortedDictionary<string, SafetensorsEntry> byName = new(StringComparer.Ordinal);

    /// <summary>Sorts entries and metadata by name (ordinal), so that equal content gives equal bytes.</summary>
    /// <param name="entries">The arrays; no name twice.</param>
    /// <param name="metadata">Texts that travel with the arrays; absent means none.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or a metadata text is not well-formed.</exception>
    public SafetensorsFile(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata = null)
    {
        foreach (SafetensorsEntry entry in entries)
        {
            if (!byName.TryAdd(entry.Name, entry))
            {
                throw new ArgumentException($"The name {DataFormatException.Quote(entry.Name)} occurs twice.", nameof(entries));
            }
        }

        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata ?? ReadOnlyDictionary<string, string>.Empty)
        {
            SafetensorsEntry.CheckText(key, nameof(metadata));
            SafetensorsEntry.CheckText(value, nameof(metadata));
            texts.Add(key, value);
        }

        Entries = [.. byName.Values];
        Metadata = new ReadOnlyDictionary<string, string>(texts);
    }

    /// <summary>The arrays, sorted by name (ordinal).</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Texts that travel with the arrays, sorted by key (ordinal).</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Looks an entry up by its name.</summary>
    public bool TryGetEntry(string name, [NotNullWhen(true)] out SafetensorsEntry? entry) => byName.TryGetValue(name, out entry);
}
