using System.Text.Json.Nodes;

namespace Lae.Tests.Host;

/// <summary>The runs of <c>experiments/warnings</c>: each makes a fault that training would not show, and is told of it by name, in the terminal, the metrics and the report.</summary>
public class ProvokedWarningTests
{
    [Theory]
    [InlineData("acceptance-collapsed", "AcceptanceCollapsed")]
    [InlineData("energy-drift", "EnergyDrift")]
    [InlineData("last-layer-grows", "LastLayerGrows")]
    [InlineData("latents-ignored", "LatentsIgnored")]
    public void A_run_that_goes_wrong_is_told_what_goes_wrong(string name, string warning)
    {
        using HostRun host = new(File.ReadAllText(Path.Combine(SharedFiles.Root(), "experiments", "warnings", name + ".json")));
        Assert.True(host.Run("train", "--out", "out") == 0, host.Error);
        Assert.Contains($"Warning {warning}: ", host.Output, StringComparison.Ordinal);
        JsonArray warnings = JsonNode.Parse(File.ReadAllText(host.Path("out/metrics.json")))!["warnings"]!.AsArray();
        Assert.Contains(warning, warnings.Select(one => one!["name"]!.GetValue<string>()));
        Assert.Contains(warning, File.ReadAllText(host.Path("out/report.html")), StringComparison.Ordinal);
    }
}
