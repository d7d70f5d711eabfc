using System.Text.Json.Nodes;

namespace Lae.Tests.Host;

/// <summary>Sampling ends when it is enough, and a replay ends at the same draw.</summary>
public class SampleStoppingTests
{
    private const string Configuration = """
        {
          "Target": { "Type": "Gaussian", "Mean": [ 1, -2 ], "Precision": [ 2, 0.6, 0.6, 1 ] },
          "Kernel": { "Type": "Interrupting", "StepSize": 0.5 },
          "Warmup": { "Transitions": 50 }, "Transitions": 20000
        }
        """;

    [Theory]
    [InlineData("Draws")]
    [InlineData("Figures")]
    public void ByEffectiveSampleSizeAndAsOftenAsOneLikes(string keep)
    {
        using HostRun host = Sampling();
        string[] settings = ["sample", "--config", "sampling.json", "--Stopping:EffectiveSampleSize=600", $"--Keep={keep}"];
        Assert.Equal(0, host.Run([.. settings, "--out", "out"]));
        JsonNode summary = Summary(host, "out");
        int draws = summary["draws"]!.GetValue<int>();
        Assert.InRange(draws, 200, 10_000);
        Assert.All(summary["parameters"]!.AsArray(), one => Assert.True(one!["essBulk"]!.GetValue<double>() >= 600));
        Assert.Contains($"Stopped after {draws.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} of at most 20,000 transitions", host.Output, StringComparison.Ordinal);
        Assert.Equal(draws, StoppedAt(host, "out"));

        // a check before was not enough, and a run that had to be resumed stops at the same draw
        Assert.Equal(130, host.RunUntil(50 + draws - 3, [.. settings, "--out", "resumed"]));
        Assert.Equal(0, host.Run("--resume", "resumed"));
        SampledRun.AssertEqual(host.OutFolder, host.Path("resumed"));
        Assert.Equal(0, host.Run("sample", "--config", "out/config.json", "--out", "again"));
        SampledRun.AssertEqual(host.OutFolder, host.Path("again"));
        Assert.Equal(HostRun.Bytes(host.OutFolder, "config.json"), HostRun.Bytes(host.Path("again"), "config.json"));
    }

    [Fact]
    public void ByMonteCarloErrorOfTheQuantitiesNamed()
    {
        using HostRun host = Sampling();
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--Stopping:MonteCarloError=0.05", "--Stopping:Quantities=x[2]", "--out", "out"));
        Assert.InRange(Summary(host, "out")["parameters"]![1]!["mcseMean"]!.GetValue<double>(), 0, 0.05);
        int one = StoppedAt(host, "out");
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--Stopping:MonteCarloError=0.02", "--Stopping:Quantities=x", "--out", "finer"));
        Assert.True(StoppedAt(host, "finer") > one);
    }

    [Fact]
    public void ByTheClockAndTheReplayNeedsNone()
    {
        using HostRun host = Sampling();
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--Transitions=1000000000", "--Thinning=7", "--Stopping:Seconds=0.2", "--out", "out"));
        int stopped = StoppedAt(host, "out");
        Assert.Equal(0, stopped % 7);
        Assert.Equal(0, host.Run("sample", "--config", "out/config.json", "--Stopping:Seconds=0.001", "--out", "again"));
        SampledRun.AssertEqual(host.OutFolder, host.Path("again"));
    }

    [Fact]
    public void ARuleThatIsNeverMetEndsWithAllTransitions()
    {
        using HostRun host = Sampling();
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--Transitions=250", "--Stopping:EffectiveSampleSize=1e6", "--out", "out"));
        Assert.Equal(250, Summary(host, "out")["draws"]!.GetValue<int>());
        Assert.Null(JsonNode.Parse(File.ReadAllText(host.Path("out/config.json")))!["Stopping"]!["StoppedAt"]);
    }

    private static JsonNode Summary(HostRun host, string folder) => JsonNode.Parse(File.ReadAllText(host.Path($"{folder}/summary.json")))!;

    private static int StoppedAt(HostRun host, string folder) => JsonNode.Parse(File.ReadAllText(host.Path($"{folder}/config.json")))!["Stopping"]!["StoppedAt"]!.GetValue<int>();

    private static HostRun Sampling()
    {
        HostRun host = new();
        host.Write("sampling.json", Configuration);
        return host;
    }
}
