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
internal sealed record FinalMetrics(
    string Model,
    int LatentSize,
    long Step,
    int Epochs,
    long ParameterCount,
    IReadOnlyDictionary<string, double> Test,
    IReadOnlyDictionary<string, double> Training,
    IReadOnlyList<RunWarning> Warnings,
    int LogEntries)
{
    /// <summary>Gathers the figures.</summary>
    /// <param name="run">The run.</param>
    /// <param name="state">The last state.</param>
    /// <param name="log">All log entries.</param>
    /// <param name="evaluation">The evaluation.</param>
    public static FinalMetrics Of(PreparedRun run, TrainingState state, IReadOnlyList<TrainingLogEntry> log, Evaluation evaluation) => new(
        run.Model.Name,
        run.Model.LatentSize,
        state.Step,
        run.Configuration.Training.Epochs,
        state.Parameters.ElementCount,
        evaluation.Figures,
        log.Count == 0 ? new Dictionary<string, double>() : log[^1].Figures,
        RunWarning.Of(log),
        log.Count);

    /// <summary>The content of <c>metrics.json</c>.</summary>
    public string ToJson() => new JsonObject
    {
        ["model"] = Model,
        ["latentSize"] = LatentSize,
        ["step"] = Step,
        ["epochs"] = Epochs,
        ["parameterCount"] = ParameterCount,
        ["test"] = FigureJson.Write(Test),
        ["training"] = FigureJson.Write(Training),
        ["warnings"] = new JsonArray([.. Warnings.Select(warning => warning.ToJson())]),
    }.ToJsonString(FigureJson.Indented) + "\n";
}
