using System.Globalization;

namespace Lae.Host.Configuration;

/// <summary>Arrays in one line, as the command line and the environment give them: <c>--Model:HiddenSizes=128,64</c>.</summary>
internal static class ArrayText
{
    /// <summary>The elements as nodes; none for empty text.</summary>
    /// <param name="node">A node with a value.</param>
    public static ConfigurationNode[] Split(ConfigurationNode node)
    {
        string text = node.Value ?? string.Empty;
        string[] parts = text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);
        Origin origin = node.Origin ?? new Origin(LayerKind.File, string.Empty);
        ConfigurationNode root = ConfigurationNode.Of(parts.Select((part, i) => new LayerEntry(node.PathOf(i.ToString(CultureInfo.InvariantCulture)), part, origin)));
        ConfigurationNode? array = root;
        foreach (string key in node.Path.Split(':'))
        {
            array = array?.Find(key);
        }

        return [.. array?.Children ?? []];
    }
}
