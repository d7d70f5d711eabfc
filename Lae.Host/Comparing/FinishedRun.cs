using System.Text.Json;
using System.Text.Json.Nodes;
using Lae.Host.Runs;
using Lae.Models;

namespace Lae.Host.Comparing;

/// <summary>What a finished training run left for a comparison; neither its model nor its data are loaded.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="Name">The name of the run.</param>
/// <param name="Model">What its model is called.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Settings">What decides its figures but the seed, by key and in the order of the keys.</param>
/// <param name="Figures">Test figures and <see cref="FigureNames.TrainingSeconds"/>.</param>
/// <param name="Log">Entries of <c>metrics.jsonl</c>.</param>
/// <param name="TestLog">Entries of <c>test.jsonl</c>; empty where there are none.</param>
/// <param name="StepsPerEpoch">Steps of an epoch; 0 for a run of none.</param>
/// <param name="SecondsPerStep">Seconds of a training step; 0 for a run of none.</param>
internal sealed record FinishedRun(
    string Folder,
    string Name,
    string Model,
    ulong Seed,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyDictionary<string, double> Figures,
    IReadOnlyList<TrainingLogEntry> Log,
    IReadOnlyList<TrainingLogEntry> TestLog,
    double StepsPerEpoch,
    double SecondsPerStep)
{
    private static readonly string[] NoMatter = ["Seed", "Name", "Threads", "Versions", "Output", "Plugins", "Training:CheckpointEverySeconds", "Training:LogEvery", "Evaluation:EveryEpochs", "Evaluation:CurveObservations"];

    /// <summary>Reads a run folder.</summary>
    /// <param name="path">Its full path.</param>
    /// <exception cref="RunFolderException">It is not that of a finished training run.</exception>
    public static FinishedRun Read(string path)
    {
        RunFolder run = TrainedRun.RequireTrained(path);
        if (!File.Exists(run.Metrics) || !File.Exists(run.Timing))
        {
            throw new RunFolderException($"run folder {run.Path}: it is not finished; finish the run with: lae --resume {run.Path}");
        }

        try
        {
            JsonObject configuration = JsonNode.Parse(File.ReadAllText(run.Configuration))!.AsObject();
            JsonObject metrics = JsonNode.Parse(File.ReadAllText(run.Metrics))!.AsObject();
            JsonObject timing = JsonNode.Parse(File.ReadAllText(run.Timing))!.AsObject();
            SortedDictionary<string, string> settings = new(StringComparer.Ordinal);
            Flatten(settings, string.Empty, configuration);
            SortedDictionary<string, double> figures = new(StringComparer.Ordinal);
            foreach ((string name, JsonNode? value) in metrics["test"]!.AsObject())
            {
                figures[name] = FigureJson.Read(value!);
            }

            long steps = metrics["step"]!.GetValue<long>();
            long timed = timing["steps"]!.GetValue<long>();
            double perStep = timed > 0 ? timing["trainingSeconds"]!.GetValue<double>() / timed : 0;
            figures[FigureNames.TrainingSeconds] = perStep * steps;
            return new FinishedRun(
                run.Path,
                configuration[nameof(RunConfiguration.Name)]?.GetValue<string>() ?? Path.GetFileName(run.Path),
                metrics["model"]!.GetValue<string>(),
                configuration[nameof(RunConfiguration.Seed)]!.GetValue<ulong>(),
                settings,
                figures,
                MetricsLog.ReadAll(run.Log),
                MetricsLog.ReadAll(run.TestLog),
                metrics["epochs"]!.GetValue<int>() is > 0 and int epochs ? (double)steps / epochs : 0,
                perStep);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or NullReferenceException or IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"run folder {run.Path}: config.json, metrics.json or timing.json is damaged: {exception.Message}", exception);
        }
    }

    private static void Flatten(SortedDictionary<string, string> settings, string path, JsonNode? node)
    {
        if (NoMatter.Contains(path, StringComparer.Ordinal))
        {
            return;
        }

        switch (node)
        {
            case JsonObject section:
                foreach ((string key, JsonNode? child) in section)
                {
                    Flatten(settings, path.Length == 0 ? key : $"{path}:{key}", child);
                }

                break;
            default:
                settings[path] = node?.ToJsonString() ?? "null";
                break;
        }
    }
}
