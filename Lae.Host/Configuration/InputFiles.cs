namespace Lae.Host.Configuration;

/// <summary>Finds the files that a configuration names.</summary>
/// <param name="ConfigurationFolder">The folder of the configuration file, if it was a file.</param>
/// <param name="WorkingFolder">The working directory.</param>
internal sealed record InputFiles(string? ConfigurationFolder, string WorkingFolder)
{
    /// <summary>The full path of a file that exists.</summary>
    /// <param name="node">The value that names it.</param>
    /// <param name="path">The path as given.</param>
    /// <param name="input">What the path is to be.</param>
    /// <exception cref="ConfigurationException">There is no such file.</exception>
    public string Find(ConfigurationNode node, string path, InputFileAttribute input)
    {
        string[] folders = node.Origin?.Kind == LayerKind.File && ConfigurationFolder is not null ? [ConfigurationFolder, WorkingFolder] : [WorkingFolder, ConfigurationFolder ?? WorkingFolder];
        string[] candidates = [.. folders.Select(folder => Path.GetFullPath(path, folder)).Distinct(StringComparer.Ordinal)];
        string kind = input.IsFolder ? "folder" : "file";
        string expected = input.Expected is null ? string.Empty : $"; {input.Expected}";
        return Array.Find(candidates, input.IsFolder ? Directory.Exists : File.Exists)
            ?? throw new ConfigurationException(node.Origin?.Name, node.Path, $"there is no {kind} {string.Join($" and no {kind} ", candidates)}{expected}");
    }
}
