namespace Lae.Host.Configuration;

/// <summary>
/// Marks a text property of an options record as the path of a file that is read, or an array of texts as paths. A relative path is looked for beside the configuration file, then
/// in the working directory (the other way round where the command line or the environment named it); the property receives the full path of a file (or folder) that exists.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputFileAttribute : Attribute
{
    /// <summary>The files that people usually mean, told where there is none; null where any name will do.</summary>
    public string? Expected { get; init; }

    /// <summary>Whether the path is that of a folder. Default false.</summary>
    public bool IsFolder { get; init; }
}
