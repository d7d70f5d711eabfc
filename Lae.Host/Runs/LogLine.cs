using System.Text.Json;
using System.Text.Json.Nodes;
using Lae.Models;

namespace Lae.Host.Runs;

/// <summary>One entry of the log as one line of JSON: step, epoch and the figures by name. Figures only, no times, so that equal runs have equal logs.</summary>
internal static class LogLine
{
    /// <summary>The line, without its end.</summary>
    /// <param name="entry">The entry.</param>
    public static string Write(TrainingLogEntry entry)
    {
        JsonObject line = new() { ["step"] = entry.Step, ["epoch"] = entry.Epoch };
        foreach ((string name, double value) in entry.Figures.OrderBy(figure => figure.Key, StringComparer.Ordinal))
        {
            line[name] = FigureJson.Write(value);
        }

        return line.ToJsonString();
    }

    /// <summary>The entry of a line; null if the line is not one.</summary>
    /// <param name="line">The line, without its end.</param>
    public static TrainingLogEntry? TryParse(string line)
    {
        try
        {
            if (JsonNode.Parse(line) is not JsonObject parsed || parsed["step"] is not { } step || parsed["epoch"] is not { } epoch)
            {
                return null;
            }

            SortedDictionary<string, double> figures = new(StringComparer.Ordinal);
            foreach ((string name, JsonNode? value) in parsed)
            {
                if (name is not ("step" or "epoch") && value is not null)
                {
                    figures[name] = FigureJson.Read(value);
                }
            }

            return new TrainingLogEntry(step.GetValue<long>(), epoch.GetValue<int>(), figures);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
