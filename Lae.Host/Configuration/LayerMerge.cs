namespace Lae.Host.Configuration;

/// <summary>
/// Puts layers on top of each other, by three rules. A value of a higher layer replaces that of a lower one. A higher layer that chooses another
/// <c>Type</c> for a section drops the lower layers' keys of that section, which belong to the old type. A value replaces a section or an array
/// below it, and the other way round.
/// </summary>
internal static class LayerMerge
{
    /// <summary>The key by which a section chooses its component.</summary>
    public const string TypeKey = "Type";

    private const string TypeEnding = ":" + TypeKey;

    /// <summary>The merged configuration.</summary>
    /// <param name="layers">Layers, lowest precedence first.</param>
    public static ConfigurationNode Merge(params IEnumerable<ConfigurationLayer> layers)
    {
        OrderedDictionary<string, LayerEntry> merged = new(StringComparer.OrdinalIgnoreCase);
        foreach (ConfigurationLayer layer in layers)
        {
            foreach (LayerEntry choice in layer.Entries.Where(entry => entry.Key.EndsWith(TypeEnding, StringComparison.OrdinalIgnoreCase)))
            {
                if (merged.TryGetValue(choice.Key, out LayerEntry? old) && !string.Equals(old.Value, choice.Value, StringComparison.OrdinalIgnoreCase))
                {
                    RemoveBelow(merged, choice.Key[..^TypeEnding.Length]);
                }
            }

            foreach (LayerEntry entry in layer.Entries.Where(entry => entry.Value is not null))
            {
                RemoveBelow(merged, entry.Key);
                RemoveValuesAbove(merged, entry.Key);
            }

            foreach (LayerEntry entry in layer.Entries)
            {
                merged[entry.Key] = entry;
            }
        }

        return ConfigurationNode.Of(merged.Values);
    }

    private static void RemoveBelow(OrderedDictionary<string, LayerEntry> merged, string path)
    {
        string start = path + ":";
        foreach (string key in merged.Keys.Where(key => key.StartsWith(start, StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            merged.Remove(key);
        }
    }

    private static void RemoveValuesAbove(OrderedDictionary<string, LayerEntry> merged, string path)
    {
        for (int colon = path.LastIndexOf(':'); colon > 0; colon = path.LastIndexOf(':', colon - 1))
        {
            merged.Remove(path[..colon]);
        }
    }
}
