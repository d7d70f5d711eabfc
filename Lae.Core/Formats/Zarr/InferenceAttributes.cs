using System.Text.Json;

namespace Lae.Formats.Zarr;

/// <summary>What each group says of its origin, under the names of ArviZ's InferenceData schema. The caller gives the time; the format reads no clock.</summary>
/// <param name="CreatedAt">When the run began, ISO 8601.</param>
/// <param name="LibraryVersion">Version of Lae.</param>
/// <param name="TuningSteps">Warm-up transitions; null if not known.</param>
/// <param name="SamplingTime">Seconds of sampling, 0 or more; null if not known (yet).</param>
/// <param name="More">Further texts by name, such as the kernel's; null for none.</param>
public sealed record InferenceAttributes(
    string CreatedAt,
    string LibraryVersion,
    long? TuningSteps = null,
    double? SamplingTime = null,
    IReadOnlyDictionary<string, string>? More = null)
{
    private const string Library = "lae";

    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("created_at", CreatedAt);
        json.WriteString("creation_library", Library);
        json.WriteString("creation_library_language", "C#");
        json.WriteString("creation_library_version", LibraryVersion);
        json.WriteString("inference_library", Library);
        json.WriteString("inference_library_version", LibraryVersion);
        if (SamplingTime is { } seconds)
        {
            json.WriteNumber("sampling_time", seconds);
        }

        if (TuningSteps is { } steps)
        {
            json.WriteNumber("tuning_steps", steps);
        }

        foreach ((string name, string text) in (More ?? new Dictionary<string, string>()).OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, text);
        }

        json.WriteEndObject();
    }
}
