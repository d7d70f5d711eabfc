namespace Lae.Host.Configuration;

/// <summary>Finds the files that a configuration names.</summary>
/// <param name="ConfigurationFolder">The folder of the configuration file, if it was a file.</param>
/// <param name="WorkingFolder">The working directory.</param>
internal sealed record InputFiles(string? ConfigurationFolder, string WorkingFolder)
{
    /// <summary>The full path of a file that exists.</summary>
    /// <param name="node">The value that names it.</param>
    /// <param name="path">The path as given.</param>
    /// <exception cref="ConfigurationException">There is no such file.</exception>
    public string Find(ConfigurationNode node, string path)
    {
        string[] folders = node.Origin?.Kind == LayerKind.File && ConfigurationFolder is not null ? [ConfigurationFolder, WorkingFolder] : [WorkingFolder, ConfigurationFolder ?? WorkingFolder];
        string[] candidates = [.. folders.Select(folder => Path.GetFullPath(path, folder)).Distinct(StringComparer.Ordinal)];
        return Array.Find(candidates, File.Exists)
            ?? throw new ConfigurationException(node.Origin?.Name, node.Path, $"there is no file {string.Join(" and no file ", candidates)}");
    }
}
