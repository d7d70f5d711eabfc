using System.Globalization;
using System.Text.Json.Nodes;
using Lae.Host.Configuration;
using Lae.Host.Runs;

namespace Lae.Host.Sampling;

/// <summary>Writes what a run ends with. The summary comes last: that it says the run is completed tells that all the rest is there.</summary>
/// <param name="run">The run.</param>
/// <param name="folder">Its folder.</param>
/// <param name="state">Where it stands.</param>
/// <param name="started">When the process began.</param>
/// <param name="clock">Times.</param>
internal sealed class SamplingResults(PreparedSampling run, RunFolder folder, SamplingState state, DateTimeOffset started, TimeProvider clock)
{
    private const string CompletedKey = "completed";
    private const string CreatedKey = "created_at";

    /// <summary>Whether the run in a folder is done.</summary>
    /// <param name="folder">The folder.</param>
    public static bool AreIn(RunFolder folder) => File.Exists(folder.Summary) && JsonNode.Parse(File.ReadAllText(folder.Summary))?[CompletedKey]?.GetValue<bool>() == true;

    /// <summary>Notes in the run's own configuration where it stopped, so that it can be done again.</summary>
    /// <param name="transitions">Transitions after the warm-up.</param>
    public void NoteStop(long transitions)
    {
        JsonObject configuration = JsonNode.Parse(File.ReadAllText(folder.Configuration))!.AsObject();
        JsonObject stopping = configuration[nameof(SamplingConfiguration.Stopping)]!.AsObject();
        stopping.Remove(nameof(StoppingOptions.StoppedAt));
        stopping[nameof(StoppingOptions.StoppedAt)] = transitions;
        AtomicFile.WriteText(folder.Configuration, configuration.ToJsonString(FigureJson.Indented) + "\n");
    }

    /// <summary>Writes what there is of a run that did not come to its end; nothing if no draw was taken.</summary>
    /// <returns>The figures.</returns>
    public SamplingSummary WritePart()
    {
        SamplingSummary summary = new(run, state, completed: false);
        if (summary.Count > 0)
        {
            WriteTiming();
            AtomicFile.WriteText(folder.Summary, summary.ToJson());
        }

        return summary;
    }

    /// <summary>Writes all that a run ends with, but the summary.</summary>
    /// <returns>The figures, to be given to <see cref="Complete"/>.</returns>
    public SamplingSummary Write()
    {
        SamplingSummary summary = new(run, state, completed: true);
        if (state.Keeper is StoreKeeper store && summary.Stored is { } stored)
        {
            store.Finish(SamplingStart.Attributes(run, stored.Reader.Attributes(string.Empty)[CreatedKey], state.Seconds));
            if (run.Configuration.Keep == KeptDraws.Draws)
            {
                new CmdStanFiles(run, stored, state.Warmup).Write(folder.CsvDraws);
            }
        }

        WriteTiming();
        return summary;
    }

    /// <summary>Writes the summary.</summary>
    /// <param name="summary">The figures.</param>
    public void Complete(SamplingSummary summary) => AtomicFile.WriteText(folder.Summary, summary.ToJson());

    private void WriteTiming() => AtomicFile.WriteText(folder.Timing, new JsonObject
    {
        ["started"] = started.ToString("O", CultureInfo.InvariantCulture),
        ["finished"] = clock.GetLocalNow().ToString("O", CultureInfo.InvariantCulture),
        ["warmupSeconds"] = state.Warmup.Seconds,
        ["samplingSeconds"] = state.Seconds,
        ["threads"] = run.Engine.Threads,
    }.ToJsonString(FigureJson.Indented) + "\n");
}
