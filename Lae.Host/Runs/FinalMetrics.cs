using System.Text.Json;
using System.Text.Json.Nodes;
using Lae.Models;

namespace Lae.Host.Runs;

/// <summary>The final figures of a run; the seed and the configuration decide all of them.</summary>
/// <param name="Model">What the model is called.</param>
/// <param name="LatentSize">Dimension of the latent variable.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Epochs">Passes over the data.</param>
/// <param name="ParameterCount">Learned numbers.</param>
/// <param name="Test">Test figures.</param>
/// <param name="Training">Figures of the last log entry.</param>
/// <param name="Warnings">Warnings that arose.</param>
/// <param name="LogEntries">Entries of the log.</param>
/// <param name="EvaluationOptions">The options by which <c>lae evaluate</c> took test figures; null where it was not called.</param>
internal sealed record FinalMetrics(
    string Model,
    int LatentSize,
    long Step,
    int Epochs,
    long ParameterCount,
    IReadOnlyDictionary<string, double> Test,
    IReadOnlyDictionary<string, double> Training,
    IReadOnlyList<RunWarning> Warnings,
    int LogEntries,
    JsonNode? EvaluationOptions = null)
{
    /// <summary>Gathers the figures.</summary>
    /// <param name="run">The run.</param>
    /// <param name="state">The last state.</param>
    /// <param name="log">All log entries.</param>
    /// <param name="evaluation">The evaluation.</param>
    public static FinalMetrics Of(PreparedRun run, TrainingState state, IReadOnlyList<TrainingLogEntry> log, FinalEvaluation evaluation) => new(
        run.Model.Name,
        run.Model.LatentSize,
        state.Step,
        run.Configuration.Training.Epochs,
        state.Parameters.ElementCount,
        evaluation.Figures,
        log.Count == 0 ? new Dictionary<string, double>() : log[^1].Figures,
        RunWarning.Of(log),
        log.Count);

    /// <summary>The figures of a finished run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="logEntries">Entries of its log.</param>
    /// <exception cref="RunFolderException">The file is damaged.</exception>
    public static FinalMetrics Read(RunFolder folder, int logEntries)
    {
        try
        {
            JsonNode root = JsonNode.Parse(File.ReadAllText(folder.Metrics))!;
            return new FinalMetrics(
                root["model"]!.GetValue<string>(),
                root["latentSize"]!.GetValue<int>(),
                root["step"]!.GetValue<long>(),
                root["epochs"]!.GetValue<int>(),
                root["parameterCount"]!.GetValue<long>(),
                Figures(root["test"]!),
                Figures(root["training"]!),
                [.. root["warnings"]!.AsArray().Select(warning => RunWarning.FromJson(warning!))],
                logEntries,
                root["evaluation"]?.DeepClone());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new RunFolderException($"{folder.Metrics}: it is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>The same with more or newer test figures.</summary>
    /// <param name="figures">Test figures by name.</param>
    /// <param name="options">The options by which they were taken.</param>
    public FinalMetrics With(IReadOnlyDictionary<string, double> figures, JsonNode options)
    {
        SortedDictionary<string, double> test = new(StringComparer.Ordinal);
        foreach ((string name, double value) in Test.Concat(figures))
        {
            test[name] = value;
        }

        return this with { Test = test, EvaluationOptions = options.DeepClone() };
    }

    /// <summary>The content of <c>metrics.json</c>.</summary>
    public string ToJson()
    {
        JsonObject root = new()
        {
            ["model"] = Model,
            ["latentSize"] = LatentSize,
            ["step"] = Step,
            ["epochs"] = Epochs,
            ["parameterCount"] = ParameterCount,
            ["test"] = FigureJson.Write(Test),
            ["training"] = FigureJson.Write(Training),
            ["warnings"] = new JsonArray([.. Warnings.Select(warning => warning.ToJson())]),
        };
        if (EvaluationOptions is not null)
        {
            root["evaluation"] = EvaluationOptions.DeepClone();
        }

        return root.ToJsonString(FigureJson.Indented) + "\n";
    }

    private static SortedDictionary<string, double> Figures(JsonNode node) =>
        new(node.AsObject().ToDictionary(figure => figure.Key, figure => FigureJson.Read(figure.Value!), StringComparer.Ordinal), StringComparer.Ordinal);
}
