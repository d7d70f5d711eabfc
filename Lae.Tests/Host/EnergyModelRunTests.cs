using System.Text.Json.Nodes;

namespace Lae.Tests.Host;

/// <summary>The models with energy priors, by their names in JSON, end to end in the host.</summary>
public class EnergyModelRunTests
{
    private const string Configuration = """
        {
          "Name": "energy",
          "Seed": 7,
          "Engine": { "Type": "Managed" },
          "Data": { "Type": "Digits8x8", "TestFraction": 0.2 },
          "Model": { "Type": "ContrastiveLangevinAutoencoder", "LatentSize": 3, "EnergyWidths": [ 16 ] },
          "Training": { "Epochs": 1, "BatchSize": 100, "LogEvery": 7, "CheckpointEverySeconds": 0 },
          "Evaluation": { "PosteriorDraws": 2, "PosteriorTransitions": 2 },
          "Output": { "Samples": 16, "Reconstructions": 8 }
        }
        """;

    [Theory]
    [InlineData("ContrastiveLangevinAutoencoder")]
    [InlineData("LatentEnergyPrior")]
    public void A_model_is_chosen_by_its_name_and_logs_its_energies(string type)
    {
        using HostRun host = new(Configuration);
        int code = host.Run($"--Model:Type={type}", "--out", "out");
        Assert.True(code == 0, host.Error);
        string[] lines = File.ReadAllLines(Path.Combine(host.OutFolder, "metrics.jsonl"));
        JsonNode entry = JsonNode.Parse(lines[^1])!;
        string text = entry.ToJsonString();
        Assert.Contains("energyOfData", text, StringComparison.Ordinal);
        Assert.Contains("energyOfSamples", text, StringComparison.Ordinal);
        Assert.Contains("activeLatents", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sampler_with_fewer_features_than_points_is_refused_in_one_line()
    {
        using HostRun host = new(Configuration);
        string line = host.Refused("--Model:SamplerPoints=1100");
        Assert.Contains("1024 features", line, StringComparison.Ordinal);
    }
}
