namespace Lae.Host.Configuration;

/// <summary>A section or a value of the merged configuration. Keys are found without regard to case.</summary>
internal sealed class ConfigurationNode(string path)
{
    private readonly Dictionary<string, ConfigurationNode> children = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Keys from the root, separated by colons; empty at the root.</summary>
    public string Path { get; } = path;

    /// <summary>The last key of the path.</summary>
    public string Key => Path[(Path.LastIndexOf(':') + 1)..];

    /// <summary>The value, if this is one.</summary>
    public string? Value { get; private set; }

    /// <summary>Where the value came from, or for a section the first of its values.</summary>
    public Origin? Origin { get; private set; }

    /// <summary>The keys of the section.</summary>
    public IReadOnlyCollection<ConfigurationNode> Children => children.Values;

    /// <summary>Whether nothing is here: no value and no section.</summary>
    public bool IsEmpty => Value is null && children.Count == 0;

    /// <summary>The path of a key below.</summary>
    /// <param name="key">The key.</param>
    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}:{key}";

    /// <summary>The node of a key below, if it is there.</summary>
    /// <param name="key">The key.</param>
    public ConfigurationNode? Find(string key) => children.GetValueOrDefault(key);

    /// <summary>The same section with some of its keys only.</summary>
    /// <param name="keys">The keys that are kept.</param>
    public ConfigurationNode Part(params IReadOnlyList<string> keys)
    {
        ConfigurationNode part = new(Path) { Origin = Origin };
        foreach (ConfigurationNode child in Children.Where(child => keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            part.children.Add(child.Key, child);
        }

        return part;
    }

    /// <summary>A section that chooses a component and gives no other key, as a default does.</summary>
    /// <param name="path">The path of the section.</param>
    /// <param name="type">The component.</param>
    public static ConfigurationNode Of(string path, string type)
    {
        ConfigurationNode section = new(path);
        section.children.Add(LayerMerge.TypeKey, new ConfigurationNode(section.PathOf(LayerMerge.TypeKey)) { Value = type });
        return section;
    }

    /// <summary>A tree of entries.</summary>
    /// <param name="entries">Entries with distinct keys.</param>
    public static ConfigurationNode Of(IEnumerable<LayerEntry> entries)
    {
        ConfigurationNode root = new(string.Empty);
        foreach (LayerEntry entry in entries)
        {
            ConfigurationNode node = root;
            foreach (string key in entry.Key.Split(':'))
            {
                if (!node.children.TryGetValue(key, out ConfigurationNode? next))
                {
                    next = new ConfigurationNode(node.PathOf(key)) { Origin = entry.Origin };
                    node.children.Add(key, next);
                }

                node = next;
            }

            node.Value = entry.Value;
            node.Origin = entry.Origin;
        }

        return root;
    }
}
