using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Lae.Tests.Host;

/// <summary><c>lae compare</c>: runs that differ in the seed alone are one row, with mean and sample standard deviation.</summary>
public class CompareTests
{
    private const string Figure = "reconstructionError";

    [Fact]
    public void SeedsAreOneRowAndOtherSettingsAnother()
    {
        using HostRun host = new();
        foreach (string seed in new[] { "1", "2", "3" })
        {
            Assert.Equal(0, host.Run("--out", $"a{seed}", "--seed", seed, "--threads", seed, "--Evaluation:EveryEpochs=2"));
        }

        Assert.Equal(0, host.Run("--out", "b", "--seed", "1", "--Model:LatentSize=2"));
        Assert.Equal(0, host.Run("compare", "a1", "b", "a2", "a3", "--out", "table"));
        string[] rows = [.. host.Output.Split('\n').Where(line => line.StartsWith("Fake", StringComparison.Ordinal))];
        Assert.Equal(2, rows.Length);
        Assert.Contains("Fake [Model:LatentSize=3]      3", rows[0], StringComparison.Ordinal);
        Assert.Contains("Fake [Model:LatentSize=2]      1", rows[1], StringComparison.Ordinal);

        double[] values = [.. new[] { "a1", "a2", "a3" }.Select(run => Test(host.Path(run), Figure))];
        double mean = values.Average();
        double deviation = Math.Sqrt(values.Sum(value => Math.Pow(value - mean, 2)) / 2);
        string[] csv = File.ReadAllLines(host.Path("table/comparison.csv"));
        string[] cells = csv.Single(line => line.StartsWith($"\"Fake [Model:LatentSize=3]\",{Figure},", StringComparison.Ordinal)).Split(',');
        Assert.Equal(mean, double.Parse(cells[2], CultureInfo.InvariantCulture), 1e-12);
        Assert.Equal(deviation, double.Parse(cells[3], CultureInfo.InvariantCulture), 1e-12);
        Assert.Equal("3", cells[4]);
        Assert.Contains($"\"Fake [Model:LatentSize=2]\",{Figure},{Test(host.Path("b"), Figure).ToString("R", CultureInfo.InvariantCulture)},,1", csv);

        Assert.Equal(
            ["comparison.csv", "comparison.html", "curves-epochs.svg", "curves-seconds.svg", "figures.svg"],
            Directory.GetFiles(host.Path("table")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        foreach (string picture in Directory.GetFiles(host.Path("table"), "*.svg"))
        {
            Assert.Equal("svg", XDocument.Load(picture).Root!.Name.LocalName);
            Assert.Contains("Fake [Model:LatentSize=2]", File.ReadAllText(picture), StringComparison.Ordinal);
        }

        Assert.Contains("test: reconstructionError", File.ReadAllText(host.Path("table/curves-epochs.svg")), StringComparison.Ordinal);
        Assert.DoesNotContain("http", File.ReadAllText(host.Path("table/comparison.html")).Replace("http://www.w3.org/2000/svg", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void RunsWithNamesOfTheirOwnAreCalledByThem()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "a", "--Name=wide", "--Training:Epochs=1"));
        Assert.Equal(0, host.Run("--out", "b", "--Name=narrow", "--Training:Epochs=1", "--Model:LatentSize=2", "--Data:HoldOut=3"));
        Assert.Equal(0, host.Run("compare", "a", "b"));
        Assert.Matches(@"(?m)^wide +1 ", host.Output);
        Assert.Matches(@"(?m)^narrow +1 ", host.Output);
        Assert.Contains("note: wide and narrow have other data: their figures are not comparable", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TestFiguresByEpochEndInThoseOfTheRunAndGoOnAfterAnInterruption()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "whole", "--Evaluation:EveryEpochs=1"));
        JsonNode[] lines = [.. File.ReadLines(host.Path("whole/test.jsonl")).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal([1, 2, 3, 4], lines.Select(line => line["epoch"]!.GetValue<int>()));
        Assert.Equal(Test(host.Path("whole"), Figure), lines[^1][Figure]!.GetValue<double>());
        Assert.True(lines[^1][Figure]!.GetValue<double>() < lines[0][Figure]!.GetValue<double>());

        Assert.Equal(130, host.RunUntil(33, "--out", "out", "--Evaluation:EveryEpochs=1"));
        File.AppendAllText(host.Path("out/test.jsonl"), "{\"step\":42,\"ep");
        Assert.Equal(0, host.Run("--resume", "out"));
        HostRun.AssertEqualRuns(host.Path("whole"), host.OutFolder);
        Assert.Equal(HostRun.Bytes(host.Path("whole"), "test.jsonl"), HostRun.Bytes(host.OutFolder, "test.jsonl"));
        Assert.Equal(0, host.Run("--out", "plain"));
        HostRun.AssertEqualRuns(host.Path("whole"), host.Path("plain"));
    }

    [Fact]
    public void WhatCannotBeCompared()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "a", "--Training:Epochs=1"));
        Assert.Equal(0, host.Run("--out", "b", "--Training:Epochs=1", "--Name=other"));
        Assert.Equal(2, host.Run("compare", "a", "nowhere"));
        Assert.Contains("it is not the folder of a run", host.OneLine(), StringComparison.Ordinal);
        Assert.Equal(2, host.Run("compare", "a", "b"));
        Assert.Equal($"run folders {host.Path("a")} and {host.Path("b")}: they have the same configuration and the same seed 5, so one of them would count twice", host.OneLine());
        Assert.Equal(130, host.RunUntil(20, "--out", "out"));
        Assert.Equal(2, host.Run("compare", "a", "out"));
        Assert.Contains("finish the run with: lae --resume", host.OneLine(), StringComparison.Ordinal);
        Assert.Equal(2, host.Run("compare", "a", "--out", "a"));
        Assert.Contains("it is not empty", host.OneLine(), StringComparison.Ordinal);
        host.Write("b/metrics.json", "{}");
        Assert.Equal(2, host.Run("compare", "a", "b"));
        Assert.Contains("is damaged", host.OneLine(), StringComparison.Ordinal);
        Assert.Equal(2, host.Run("compare"));
        host.OneLine();
    }

    private static double Test(string run, string figure) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, "metrics.json")))!["test"]![figure]!.GetValue<double>();
}
