using System.Text.Json.Nodes;
using Lae.Host.Plugins;
using Lae.Models;

namespace Lae.Tests.Host;

/// <summary>Variational and importance-weighted autoencoders, end to end in the host, with each family of posteriors.</summary>
public class VariationalRunTests
{
    private const string Configuration = """
        {
          "Name": "vae",
          "Seed": 7,
          "Engine": { "Type": "Managed" },
          "Data": { "Type": "Digits8x8", "TestFraction": 0.2 },
          "Model": {
            "Type": "VariationalAutoencoder",
            "LatentSize": 4,
            "Encoder": { "Type": "Dense", "Widths": [ 32 ] },
            "Decoder": { "Type": "Dense", "Widths": [ 32 ] }
          },
          "Training": { "Epochs": 2, "BatchSize": 50, "LogEvery": 10, "CheckpointEverySeconds": 0 },
          "Evaluation": { "PosteriorDraws": 2, "PosteriorTransitions": 2 },
          "Output": { "Samples": 16, "Reconstructions": 8 }
        }
        """;

    private static readonly string[] Weighted = ["--Model:Type=ImportanceWeightedAutoencoder", "--Model:Draws=3"];

    public static TheoryData<string> Families => [.. FamilyNames];

    private static IEnumerable<string> FamilyNames => new ComponentCatalogue(null).WithoutPlugins().Of(typeof(IPosteriorFamily)).Select(component => component.Name);

    [Theory]
    [MemberData(nameof(Families))]
    public void SameBytesWithOneAndTwoThreads(string family)
    {
        using HostRun host = new(Configuration);
        Assert.True(host.Run([.. Weighted, $"--Model:Posterior:Type={family}", "--out", "one", "--threads", "1"]) == 0, host.Error);
        Assert.Equal(0, host.Run([.. Weighted, $"--Model:Posterior:Type={family}", "--out", "two", "--threads", "2"]));
        HostRun.AssertEqualRuns(host.Path("one"), host.Path("two"));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void InterruptedRunEqualsAnUninterruptedOne(string family)
    {
        using HostRun host = new(Configuration.Replace("\"VariationalAutoencoder\"", "\"InterruptibleVariationalAutoencoder\"", StringComparison.Ordinal));
        string[] arguments = [$"--Model:Posterior:Type={family}"];
        Assert.True(host.Run([.. arguments, "--out", "whole"]) == 0, host.Error);
        Assert.Equal(130, host.RunUntil(37, [.. arguments, "--out", "out"]));
        Assert.Equal(0, host.Run("--resume", "out"));
        HostRun.AssertEqualRuns(host.Path("whole"), host.OutFolder);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void TrainingLowersTheTestBound(string family)
    {
        using HostRun host = new(Configuration);
        string[] arguments = [$"--Model:Posterior:Type={family}"];
        Assert.True(host.Run([.. arguments, "--out", "short", "--Training:Epochs=1"]) == 0, host.Error);
        Assert.Equal(0, host.Run([.. arguments, "--out", "long", "--Training:Epochs=6"]));
        Assert.True(Figure(host.Path("long"), "negativeElboBestWidthPerDimension") < Figure(host.Path("short"), "negativeElboBestWidthPerDimension") - 0.1);
    }

    [Fact]
    public void ATrainingThatOverflowsStopsWithTheStepAndTheQuantity()
    {
        using HostRun host = new(Configuration);
        Assert.Equal(3, host.Run(["--Model:Optimizer:Type=GradientDescent", "--Model:Optimizer:StepSize=1000", "--Model:Encoder:LayerNormalization=false", "--Model:Decoder:LayerNormalization=false", "--out", "out"]));
        Assert.Matches("training stopped: .+ became NaN or infinite at step [0-9]+; ", host.OneLine());
    }

    [Theory]
    [InlineData("--Model:Posterior:Type=PlanarFlow", "--Model:Posterior:Layers=65", "Layers")]
    [InlineData("--Model:Type=ImportanceWeightedAutoencoder", "--Model:Draws=1001", "Draws")]
    public void OptionsOutOfTheirRangesAreRefusedInOneLine(string type, string option, string name)
    {
        using HostRun host = new(Configuration);
        Assert.Contains(name, host.Refused(type, option), StringComparison.Ordinal);
    }

    [Fact]
    public void HelpListsEveryModelAndFamily()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--help"));
        string[] names = ["VariationalAutoencoder", "ImportanceWeightedAutoencoder", .. FamilyNames];
        Assert.All(names, name => Assert.Contains($"    {name}", host.Output, StringComparison.Ordinal));
    }

    private static double Figure(string folder, string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "metrics.json")))!["test"]![name]!.GetValue<double>();
}
