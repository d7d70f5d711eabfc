using System.Diagnostics;
using System.Text.Json.Nodes;
using Lae.Host.Commands;

namespace Lae.Tests.Host;

/// <summary><c>lae evaluate</c>: figures under stable names in <c>metrics.json</c> and the report, the same for any threads, before and after a kill.</summary>
public class EvaluateTests
{
    /// <summary>Names that files of users and scripts rely on: this list may grow, and nothing in it may change.</summary>
    private static readonly string[] Golden =
    [
        "negativeElboPerDimension", "negativeElboBestWidthPerDimension", "bestWidth", "reconstructionError", "posteriorSquaredError", "refinementGain", "refinementAcceptance", "auroc", "averagePrecision",
        "frechetDistance", "precision", "recall", "classifierAccuracy",
        "importanceWeightedBoundPerDimension", "importanceWeightedBoundStandardError", "importanceWeightedBoundEffectiveSampleSize",
        "importanceWeightedBoundOwnPerDimension", "importanceWeightedBoundOwnStandardError", "importanceWeightedBoundOwnEffectiveSampleSize",
        "logLikelihoodAis", "logLikelihoodAisStandardError", "logLikelihoodAisEffectiveSampleSize", "logLikelihoodAisGap", "logLikelihoodAisGapStandardError",
        "posteriorMeanError", "posteriorDeviationError", "posteriorMeanErrorFloor", "posteriorDeviationErrorFloor", "approximationGap", "amortizationGap", "inferenceGap",
    ];

    internal static double Test(string run, string figure) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, "metrics.json")))!["test"]![figure]!.GetValue<double>();

    [Fact]
    public void NamesOfFiguresAreStable()
    {
        Assert.Equal(Golden, EvaluateCommand.Parts.SelectMany(part => part.Figures).Where(Golden.Contains));
        Assert.All(EvaluateCommand.Parts.SelectMany(part => part.Figures), name => Assert.Contains(Lae.Host.Runs.FigureNames.Known, known => known.Name == name));
    }

    [Fact]
    public void AllFiguresAreWrittenAndThoseOfTrainingStayAsTheyWere()
    {
        using HostRun host = Trained();
        JsonObject before = Metrics(host.OutFolder);
        string configuration = File.ReadAllText(host.Path("out/config.json"));
        Assert.True(host.Run("evaluate", "--run", "out") == 0, host.Error);
        JsonObject after = Metrics(host.OutFolder);
        foreach (string name in new[] { "auroc", "averagePrecision", "refinementGain", "refinementAcceptance", "reconstructionError", "posteriorSquaredError", "frechetDistance", "importanceWeightedBoundPerDimension", "logLikelihoodAis", "posteriorMeanError" })
        {
            Assert.True(double.IsFinite(after["test"]![name]!.GetValue<double>()), name);
            Assert.Contains($"  {name}  ", host.Output, StringComparison.Ordinal);
            Assert.Contains($"<td>{name}</td>", File.ReadAllText(host.Path("out/report.html")), StringComparison.Ordinal);
        }

        foreach ((string name, JsonNode? value) in before["test"]!.AsObject())
        {
            Assert.Equal(value!.GetValue<double>(), after["test"]![name]!.GetValue<double>());
        }

        Assert.Equal(2, after["evaluation"]!["PosteriorDraws"]!.GetValue<int>());
        after.Remove("evaluation");
        after["test"] = before["test"]!.DeepClone();
        Assert.Equal(before.ToJsonString(), after.ToJsonString());
        Assert.Equal(configuration, File.ReadAllText(host.Path("out/config.json")));
        Assert.False(File.Exists(host.Path("out/evaluation.jsonl")));

        byte[] once = HostRun.Bytes(host.OutFolder, "metrics.json");
        byte[] page = HostRun.Bytes(host.OutFolder, "report.html");
        Assert.Equal(0, host.Run("evaluate", "--run", "out"));
        Assert.Equal(once, HostRun.Bytes(host.OutFolder, "metrics.json"));
        Assert.Equal(page, HostRun.Bytes(host.OutFolder, "report.html"));
    }

    [Fact]
    public void TheReportIsThatOfTrainingButForTheFigures()
    {
        using HostRun host = Trained();
        string before = File.ReadAllText(host.Path("out/report.html"));
        Assert.Equal(0, host.Run("evaluate", "--run", "out", "--only", "reconstructionError"));
        Assert.Equal(before, File.ReadAllText(host.Path("out/report.html")));
    }

    [Fact]
    public void SameBytesWithOneAndTwoThreads()
    {
        using HostRun host = Trained("--Engine:Type=Managed");
        Assert.Equal(0, host.Run("evaluate", "--run", "out", "--threads", "1"));
        byte[] one = HostRun.Bytes(host.OutFolder, "metrics.json");
        Assert.Equal(0, host.Run("evaluate", "--run", "out", "--threads", "2"));
        Assert.Equal(one, HostRun.Bytes(host.OutFolder, "metrics.json"));
    }

    [Fact]
    public void WhatAJournalHoldsIsNotDoneAgainAndTheEndHasTheSameBytes()
    {
        using HostRun host = Trained();
        Assert.Equal(0, host.Run("evaluate", "--run", "out", "--only", "auroc"));
        string start = File.ReadAllText(host.Path("out/metrics.json"));
        Assert.Equal(0, host.Run("evaluate", "--run", "out"));
        byte[] whole = HostRun.Bytes(host.OutFolder, "metrics.json");

        // A process that is killed while it keeps blocks: the first is whole, of the second there is half a line.
        File.WriteAllText(host.Path("out/metrics.json"), start);
        string[] lines = Killed(host);
        Assert.True(lines.Length >= 2);
        File.WriteAllText(host.Path("out/evaluation.jsonl"), lines[0] + "\n" + lines[1] + "\n" + "{\"part\":\"reconstr");
        Assert.Equal(0, host.Run("evaluate", "--run", "out"));
        Assert.Equal(whole, HostRun.Bytes(host.OutFolder, "metrics.json"));

        // What is in the journal is taken as it stands: another number there is another figure.
        File.WriteAllText(host.Path("out/evaluation.jsonl"), lines[0] + "\n{\"part\":\"refinement\",\"number\":0,\"values\":{\"refinementGain\":[0.125],\"refinementAcceptance\":[0.5]}}\n");
        Assert.Equal(0, host.Run("evaluate", "--run", "out"));
        Assert.Equal(0.125, Test(host.OutFolder, "refinementGain"));

        // Of other options it is not.
        File.WriteAllText(host.Path("out/evaluation.jsonl"), lines[0] + "\n{\"part\":\"refinement\",\"number\":0,\"values\":{\"refinementGain\":[0.125],\"refinementAcceptance\":[0.5]}}\n");
        Assert.Equal(0, host.Run("evaluate", "--run", "out", "--Evaluation:PosteriorDraws=3"));
        Assert.NotEqual(0.125, Test(host.OutFolder, "refinementGain"));
        Assert.Equal(3, Metrics(host.OutFolder)["evaluation"]!["PosteriorDraws"]!.GetValue<int>());
    }

    [Fact]
    public void WhatCannotBeEvaluated()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run(["--out", "out", "--Training:Epochs=1", .. Small]));
        Assert.Equal(2, host.Run("evaluate", "--run", "out", "--only", "aurok"));
        Assert.StartsWith("command line: --only: unknown figure \"aurok\" (did you mean \"auroc\"?); known figures: negativeElboPerDimension, ", host.OneLine(), StringComparison.Ordinal);
        Assert.Equal(2, host.Run("evaluate", "--run", "out", "--only", "auroc"));
        Assert.Equal($"run folder {host.OutFolder}: auroc, averagePrecision: no class was held out of training (Data:HoldOut)", host.OneLine());
        Assert.Equal(2, host.Run("evaluate", "--run", "out", "--only", "bestWidth"));
        Assert.Equal($"run folder {host.OutFolder}: bestWidth: Fake has no such figure", host.OneLine());
        Assert.Equal(0, host.Run("evaluate", "--run", "out"));
        Assert.Contains("auroc, averagePrecision: left out, since no class was held out", host.Output, StringComparison.Ordinal);
        Assert.Equal(2, host.Run("evaluate", "--run", "out", "--Training:Epochs=2"));
        Assert.Equal("command line: --Training:Epochs cannot go with evaluate, which judges a run by its own configuration; only --threads and settings of the section Evaluation can", host.OneLine());
        Assert.Equal(2, host.Run("evaluate", "--run", "out", "--Evaluation:PosteriorDraws=0"));
        Assert.Equal("command line: Evaluation:PosteriorDraws: 0 is out of range: it must be from 1 to 10000", host.OneLine());
        Assert.Equal(2, host.Run("evaluate", "--run", "nowhere"));
        Assert.Contains("it is not the folder of a run", host.OneLine(), StringComparison.Ordinal);
        Assert.Equal(130, host.RunUntil(20, "--out", "begun"));
        Assert.Equal(2, host.Run("evaluate", "--run", "begun"));
        Assert.Contains("finish the run with: lae --resume", host.OneLine(), StringComparison.Ordinal);
    }

    /// <summary>As few observations and chains as show that a figure is there.</summary>
    private static string[] Small =>
    [
        "--Evaluation:ImportanceObservations=8", "--Evaluation:AnnealedObservations=8", "--Evaluation:AnnealedSimulations=4", "--Evaluation:AnnealedChains=2", "--Evaluation:AnnealedTemperatures=20",
        "--Evaluation:PosteriorObservations=2",
    ];

    private static HostRun Trained(params string[] settings)
    {
        HostRun host = new();
        Assert.True(host.Run(["--out", "out", "--Data:HoldOut=3", "--Training:Epochs=1", .. Small, .. settings]) == 0, host.Error);
        return host;
    }

    private static JsonObject Metrics(string run) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, "metrics.json")))!.AsObject();

    /// <summary>The journal of a process of its own that was killed as soon as it had kept a block.</summary>
    private static string[] Killed(HostRun host)
    {
        string configuration = File.ReadAllText(host.Path("out/config.json"));
        host.Write("out/config.json", configuration.Replace("\"Delay\": 0", "\"Delay\": 1000", StringComparison.Ordinal)); // a second between the first block and the next
        ProcessStartInfo start = new("dotnet", [typeof(EvaluateTests).Assembly.Location, "evaluate", "--run", "out"]) { WorkingDirectory = host.Folder, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string journal = host.Path("out/evaluation.jsonl");
        string[] lines = [];
        while (!process.HasExited)
        {
            string text = File.Exists(journal) ? Shared(journal) : string.Empty;
            string[] whole = text.Split('\n')[..^1];
            lines = whole.Length > lines.Length ? whole : lines;
            if (lines.Length >= 2)
            {
                process.Kill();
            }

            Thread.Sleep(1);
        }

        process.WaitForExit();
        host.Write("out/config.json", configuration);
        return lines;
    }

    private static string Shared(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(stream);
            return reader.ReadToEnd();
        }
        catch (FileNotFoundException)
        {
            return string.Empty;
        }
    }
}
