namespace Lae.Host.Configuration;

/// <summary>The kinds of source that a value can come from, lowest precedence first.</summary>
internal enum LayerKind
{
    /// <summary>The JSON file.</summary>
    File,

    /// <summary>Environment variables.</summary>
    Environment,

    /// <summary>The command line.</summary>
    CommandLine,
}

/// <summary>Where a value came from.</summary>
/// <param name="Kind">The kind of source.</param>
/// <param name="Name">What messages call it: a file name, an environment variable, the command line.</param>
internal sealed record Origin(LayerKind Kind, string Name);

/// <summary>A key of a layer, with sections separated by colons.</summary>
/// <param name="Key">Such as <c>Model:LatentSize</c>.</param>
/// <param name="Value">The value as text; null for an empty section and for JSON's null.</param>
/// <param name="Origin">Where it came from.</param>
internal sealed record LayerEntry(string Key, string? Value, Origin Origin);

/// <summary>The keys of one source.</summary>
/// <param name="Entries">No key twice, without regard to case.</param>
internal sealed record ConfigurationLayer(IReadOnlyList<LayerEntry> Entries);
