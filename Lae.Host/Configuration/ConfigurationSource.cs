using System.Collections;

namespace Lae.Host.Configuration;

/// <summary>A configuration put together from its layers, with the folders in which the files that it names are looked for.</summary>
/// <param name="Root">The merged configuration.</param>
/// <param name="Files">Finds files.</param>
internal sealed record ConfigurationSource(ConfigurationNode Root, InputFiles Files)
{
    /// <summary>The section of a run's own configuration that says what computed it; it is not a setting.</summary>
    public const string VersionsSection = "Versions";

    private const string DefaultName = "appsettings.json";

    /// <summary>The configuration of a new run: file, environment, command line, each over the one before.</summary>
    /// <param name="file">The file that the command line names; null for appsettings.json in the working directory, beside the program, or embedded in it.</param>
    /// <param name="workingFolder">The working directory.</param>
    /// <param name="variables">Environment variables.</param>
    /// <param name="settings">Settings of the command line.</param>
    /// <exception cref="BadInputException">The file cannot be read.</exception>
    public static ConfigurationSource OfNewRun(string? file, string workingFolder, IDictionary variables, IEnumerable<KeyValuePair<string, string>> settings)
    {
        string? path = file is null
            ? Array.Find([Path.Combine(workingFolder, DefaultName), Path.Combine(AppContext.BaseDirectory, DefaultName)], File.Exists)
            : Path.GetFullPath(file, workingFolder);
        ConfigurationNode root = LayerMerge.Merge(
            WithoutVersions(path is null ? Embedded() : FromFile(path)),
            ConfigurationLayers.FromEnvironment(variables),
            ConfigurationLayers.FromCommandLine(settings));
        return new ConfigurationSource(root, new InputFiles(Path.GetDirectoryName(path), workingFolder));
    }

    /// <summary>The configuration of sampling: file, if one is named, environment, command line, each over the one before.</summary>
    /// <param name="file">The file that the command line names; null for none.</param>
    /// <param name="workingFolder">The working directory.</param>
    /// <param name="variables">Environment variables.</param>
    /// <param name="settings">Settings of the command line.</param>
    /// <exception cref="BadInputException">The file cannot be read.</exception>
    public static ConfigurationSource OfSampling(string? file, string workingFolder, IDictionary variables, IEnumerable<KeyValuePair<string, string>> settings)
    {
        string? path = file is null ? null : Path.GetFullPath(file, workingFolder);
        ConfigurationNode root = LayerMerge.Merge(
            path is null ? new ConfigurationLayer([]) : WithoutVersions(FromFile(path)),
            ConfigurationLayers.FromEnvironment(variables),
            ConfigurationLayers.FromCommandLine(settings));
        return new ConfigurationSource(root, new InputFiles(Path.GetDirectoryName(path), workingFolder));
    }

    /// <summary>The configuration of a run that was begun.</summary>
    /// <param name="file">Its <c>config.json</c>.</param>
    /// <param name="settings">Settings of the command line, over it.</param>
    /// <exception cref="BadInputException">The file cannot be read.</exception>
    public static ConfigurationSource OfRun(string file, IEnumerable<KeyValuePair<string, string>> settings)
    {
        ConfigurationNode root = LayerMerge.Merge(WithoutVersions(FromFile(file)), ConfigurationLayers.FromCommandLine(settings));
        string folder = Path.GetDirectoryName(file)!;
        return new ConfigurationSource(root, new InputFiles(folder, folder));
    }

    /// <summary>Some sections of the configuration of a run that was begun.</summary>
    /// <param name="file">Its <c>config.json</c>.</param>
    /// <param name="settings">Settings of the command line, over it.</param>
    /// <param name="keys">The keys of the root that are kept.</param>
    /// <exception cref="BadInputException">The file cannot be read.</exception>
    public static ConfigurationSource PartOfRun(string file, IEnumerable<KeyValuePair<string, string>> settings, params string[] keys)
    {
        ConfigurationLayer whole = FromFile(file);
        ConfigurationLayer part = new([.. whole.Entries.Where(entry => keys.Contains(entry.Key.Split(':')[0], StringComparer.OrdinalIgnoreCase))]);
        string folder = Path.GetDirectoryName(file)!;
        return new ConfigurationSource(LayerMerge.Merge(part, ConfigurationLayers.FromCommandLine(settings)), new InputFiles(folder, folder));
    }

    private static ConfigurationLayer WithoutVersions(ConfigurationLayer layer) =>
        new([.. layer.Entries.Where(entry => !string.Equals(entry.Key.Split(':')[0], VersionsSection, StringComparison.OrdinalIgnoreCase))]);

    private static ConfigurationLayer Embedded()
    {
        using Stream stream = typeof(ConfigurationSource).Assembly.GetManifestResourceStream(DefaultName)!;
        return ConfigurationLayers.FromJson(stream, DefaultName);
    }

    private static ConfigurationLayer FromFile(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return ConfigurationLayers.FromJson(stream, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"configuration file {path}: {exception.Message}", exception);
        }
    }
}
