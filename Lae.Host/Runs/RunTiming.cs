using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lae.Host.Runs;

/// <summary>Times by the clock on the wall of the process that finished a run.</summary>
/// <param name="Started">When the process began.</param>
/// <param name="Finished">When the report was written.</param>
/// <param name="FirstStep">Steps that an earlier process had done.</param>
/// <param name="Steps">Steps that this process did.</param>
/// <param name="Training">Time of these steps.</param>
/// <param name="Evaluation">Time of the evaluation.</param>
/// <param name="Threads">Threads of the engine.</param>
internal sealed record RunTiming(
    DateTimeOffset Started, DateTimeOffset Finished, long FirstStep, long Steps, TimeSpan Training, TimeSpan Evaluation, int Threads)
{
    /// <summary>Steps a second; 0 if there was none.</summary>
    public double Rate => Training > TimeSpan.Zero ? Steps / Training.TotalSeconds : 0;

    /// <summary>The times of a finished run.</summary>
    /// <param name="path">Its <c>timing.json</c>.</param>
    /// <exception cref="RunFolderException">The file is damaged.</exception>
    public static RunTiming Read(string path)
    {
        try
        {
            JsonNode root = JsonNode.Parse(File.ReadAllText(path))!;
            return new RunTiming(
                DateTimeOffset.Parse(root["started"]!.GetValue<string>(), CultureInfo.InvariantCulture),
                DateTimeOffset.Parse(root["finished"]!.GetValue<string>(), CultureInfo.InvariantCulture),
                root["resumedAtStep"]!.GetValue<long>(),
                root["steps"]!.GetValue<long>(),
                TimeSpan.FromSeconds(root["trainingSeconds"]!.GetValue<double>()),
                TimeSpan.FromSeconds(root["evaluationSeconds"]!.GetValue<double>()),
                root["threads"]!.GetValue<int>());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new RunFolderException($"{path}: it is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>The content of <c>timing.json</c>.</summary>
    public string ToJson() => new JsonObject
    {
        ["started"] = Started.ToString("O", CultureInfo.InvariantCulture),
        ["finished"] = Finished.ToString("O", CultureInfo.InvariantCulture),
        ["resumedAtStep"] = FirstStep,
        ["steps"] = Steps,
        ["trainingSeconds"] = Training.TotalSeconds,
        ["stepsPerSecond"] = Rate,
        ["evaluationSeconds"] = Evaluation.TotalSeconds,
        ["threads"] = Threads,
    }.ToJsonString(FigureJson.Indented) + "\n";
}
