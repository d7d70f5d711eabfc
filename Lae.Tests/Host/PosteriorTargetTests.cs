using System.Text.Json.Nodes;
using Lae.Composition;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Host;

/// <summary><c>lae sample</c> reports what a posterior names, in its own units, and what is to be said of its data.</summary>
public class PosteriorTargetTests
{
    private const string Configuration = """
        { "Target": { "Type": "Scale" }, "Kernel": { "Type": "MALA", "StepSize": 0.5 }, "Chains": 4, "Transitions": 200, "Warmup": { "Transitions": 20 } }
        """;

    public sealed record ScaleOptions;

    [Fact]
    public void ParametersAreReportedByNameAndWarningsInTerminalAndSummary()
    {
        using HostRun host = new(configure: services => services.AddTarget<ScaleOptions>(
            "Scale", _ => new PosteriorOfData(Scale(), [new DataWarning("ConstantColumn", "\"x\" is 3.", "Leave it out.")], ["y standardised"])));
        host.Write("sampling.json", Configuration);
        Assert.True(host.Run("sample", "--config", "sampling.json", "--out", "out") == 0, host.Error);
        JsonNode summary = JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!;
        JsonNode tau = Assert.Single(summary["parameters"]!.AsArray())!;
        Assert.Equal("tau", tau["name"]!.GetValue<string>());
        Assert.True(tau["q5"]!.GetValue<double>() > 0); // e^u, not u
        Assert.Equal("ConstantColumn", summary["warnings"]![0]!["name"]!.GetValue<string>());
        Assert.Equal("y standardised", summary["notes"]![0]!.GetValue<string>());
        Assert.Contains("Warning: ConstantColumn: \"x\" is 3. Leave it out.", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void APosteriorWithoutWarningsIsRegisteredBare()
    {
        using HostRun host = new(configure: services => services.AddTarget<ScaleOptions>("Scale", _ => Scale()));
        host.Write("sampling.json", Configuration);
        Assert.True(host.Run("sample", "--config", "sampling.json", "--out", "out") == 0, host.Error);
        Assert.Empty(JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!["warnings"]!.AsArray());
    }

    private static Posterior Scale() => new(GaussianTarget.Standard(1), ["tau"], u => u.Exp());
}
