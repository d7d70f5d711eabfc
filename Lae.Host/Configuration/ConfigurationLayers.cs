using System.Collections;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Lae.Host.Configuration;

/// <summary>Reads the layers of a configuration from their sources.</summary>
internal static class ConfigurationLayers
{
    /// <summary>The prefix of environment variables that Lae reads.</summary>
    public const string EnvironmentPrefix = "LAE_";

    /// <summary>The keys of a JSON document; comments and trailing commas are allowed.</summary>
    /// <param name="stream">The document.</param>
    /// <param name="name">What messages call it.</param>
    public static ConfigurationLayer FromJson(Stream stream, string name)
    {
        try
        {
            Origin origin = new(LayerKind.File, name);
            IConfigurationRoot root = new ConfigurationBuilder().AddJsonStream(stream).Build();
            KeyValuePair<string, string?>[] all = [.. root.AsEnumerable()];
            HashSet<string> parents = [.. all.Select(pair => ParentOf(pair.Key)).OfType<string>()];
            return new ConfigurationLayer([.. all.Where(pair => pair.Value is not null || !parents.Contains(pair.Key)).Select(pair => new LayerEntry(pair.Key, pair.Value, origin))]);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidDataException)
        {
            throw Malformed(name, exception);
        }
    }

    /// <summary>The variables with the prefix; two underscores separate sections.</summary>
    /// <param name="variables">All variables.</param>
    public static ConfigurationLayer FromEnvironment(IDictionary variables) => new([.. variables
        .Cast<DictionaryEntry>()
        .Select(entry => (Name: (string)entry.Key, Value: (string?)entry.Value ?? string.Empty))
        .Where(variable => variable.Name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
        .OrderBy(variable => variable.Name, StringComparer.Ordinal)
        .Select(variable => new LayerEntry(
            variable.Name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal),
            variable.Value,
            new Origin(LayerKind.Environment, $"environment variable {variable.Name}")))]);

    /// <summary>Settings of the command line.</summary>
    /// <param name="settings">Key and value of each.</param>
    public static ConfigurationLayer FromCommandLine(IEnumerable<KeyValuePair<string, string>> settings)
    {
        Origin origin = new(LayerKind.CommandLine, "command line");
        return new ConfigurationLayer([.. settings.Select(setting => new LayerEntry(setting.Key, setting.Value, origin))]);
    }

    private static string? ParentOf(string key)
    {
        int colon = key.LastIndexOf(':');
        return colon < 0 ? null : key[..colon];
    }

    private static ConfigurationException Malformed(string name, Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is JsonException { LineNumber: { } line, BytePositionInLine: { } column } json)
            {
                // The reader's sentence ends with its own, zero-based form of the place.
                int end = json.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
                string sentence = end < 0 ? json.Message : json.Message[..end];
                return new ConfigurationException(name, $"line {line + 1}, column {column + 1}", $"malformed JSON: {sentence}", exception);
            }
        }

        return new ConfigurationException(name, string.Empty, $"malformed JSON: {exception.Message}", exception);
    }
}
