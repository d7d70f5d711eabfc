namespace Lae.Tests.Host;

/// <summary>Each model that draws latents by chains, and each linear one, chosen by type in the host.</summary>
public sealed class LatentChainRunTests
{
    private const string Configuration = """
        {
          "Seed": 7,
          "Data": { "Type": "Digits8x8", "TestFraction": 0.2 },
          "Model": { "Type": "ShortRun", "LatentSize": 4 },
          "Training": { "Epochs": 2, "BatchSize": 50, "LogEvery": 10, "CheckpointEverySeconds": 0 },
          "Evaluation": { "PosteriorDraws": 2, "PosteriorTransitions": 2 },
          "Output": { "Samples": 16, "Reconstructions": 8 }
        }
        """;

    [Theory]
    [InlineData("Hoffman", "\"Metropolis\": false")]
    [InlineData("AlternatingBackPropagation", "\"EncodingIterations\": 100")]
    [InlineData("ShortRun", "\"Transitions\": 20")]
    [InlineData("ProbabilisticPca", "\"LatentSize\": 4")]
    [InlineData("FactorAnalysis", "\"LatentSize\": 4")]
    public void A_run_has_the_same_bytes_for_one_and_two_threads_and_its_own_defaults(string type, string resolved)
    {
        using HostRun host = new(Configuration.Replace("ShortRun", type, StringComparison.Ordinal));
        Assert.Equal(0, host.Run("--out", "one", "--threads", "1"));
        Assert.Equal(0, host.Run("--out", "two", "--threads", "2"));
        HostRun.AssertEqualRuns(host.Path("one"), host.Path("two"));
        Assert.Contains(resolved, File.ReadAllText(Path.Combine(host.Path("one"), "config.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hoffman")]
    [InlineData("AlternatingBackPropagation")]
    [InlineData("ShortRun")]
    [InlineData("ProbabilisticPca")]
    [InlineData("FactorAnalysis")]
    [InlineData("ImportanceWeightedAutoencoder")]
    [InlineData("ContrastiveLangevinAutoencoder")]
    [InlineData("LatentEnergyPrior")]
    public void An_interrupted_run_equals_an_uninterrupted_one(string type)
    {
        using HostRun host = new(Configuration.Replace("ShortRun", $"Interruptible{type}", StringComparison.Ordinal));
        Assert.True(host.Run("--out", "whole") == 0, host.Error);
        Assert.Equal(130, host.RunUntil(37, "--out", "out"));
        Assert.Equal(0, host.Run("--resume", "out"));
        HostRun.AssertEqualRuns(host.Path("whole"), host.OutFolder);
    }
}
