using System.Text.Json.Nodes;
using Lae.Models;

namespace Lae.Host.Runs;

/// <summary>A warning that arose in a run.</summary>
/// <param name="Name">Its stable name.</param>
/// <param name="Message">The sentence of the last time.</param>
/// <param name="FirstStep">The step of the first log entry that called for it.</param>
/// <param name="LastStep">The step of the last.</param>
/// <param name="Entries">How many log entries called for it.</param>
internal sealed record RunWarning(string Name, string Message, long FirstStep, long LastStep, int Entries)
{
    /// <summary>The warnings that the log of a run calls for, by name; a pure function, so that a resumed run has the same.</summary>
    /// <param name="log">All entries, in order.</param>
    public static IReadOnlyList<RunWarning> Of(IReadOnlyList<TrainingLogEntry> log)
    {
        SortedDictionary<string, RunWarning> warnings = new(StringComparer.Ordinal);
        foreach (TrainingLogEntry entry in log)
        {
            foreach ((string name, string message) in TrainingWarnings.Of(entry.Figures, log[0].Figures))
            {
                warnings[name] = warnings.TryGetValue(name, out RunWarning? known)
                    ? known with { Message = message, LastStep = entry.Step, Entries = known.Entries + 1 }
                    : new RunWarning(name, message, entry.Step, entry.Step, 1);
            }
        }

        return [.. warnings.Values];
    }

    /// <summary>The warning that <see cref="ToJson"/> wrote.</summary>
    /// <param name="node">An element of <c>warnings</c>.</param>
    public static RunWarning FromJson(JsonNode node) => new(
        node["name"]!.GetValue<string>(), node["message"]!.GetValue<string>(), node["firstStep"]!.GetValue<long>(), node["lastStep"]!.GetValue<long>(), node["entries"]!.GetValue<int>());

    /// <summary>The warning in one line.</summary>
    /// <param name="entries">Log entries of the run.</param>
    public string Describe(int entries) => $"{Name}: {Message} (in {Entries} of {entries} log entries, steps {FirstStep} to {LastStep})";

    /// <summary>The warning for <c>metrics.json</c>.</summary>
    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["message"] = Message,
        ["firstStep"] = FirstStep,
        ["lastStep"] = LastStep,
        ["entries"] = Entries,
    };
}
