using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lae.Tests.Host;

/// <summary>What <c>lae sample</c> says of runs that are known to go wrong.</summary>
public partial class SampleVerdictTests
{
    private static readonly string[] TwoModes = ["--Target:Type=GaussianMixture", "--Target:Weights=1,1", "--Target:Means=0,0,20,0", "--Target:Deviations=1", "--Start:Spread=0.5"];

    [Fact]
    public void AModeThatNoChainFoundIsToldWithItsPlace()
    {
        JsonNode summary = Sampled(TwoModes);
        Assert.Equal("do not use these draws: 1 mode that no chain visited", summary["verdict"]!.GetValue<string>());
        Assert.Equal(20, Assert.Single(summary["modeSearch"]!["found"]!.AsArray())!["x[1]"]!.GetValue<double>(), 0.2);
        Assert.InRange(summary["modeSearch"]!["gradients"]!.GetValue<long>(), 1, 10_000);
        JsonNode without = Sampled([.. TwoModes, "--ModeSearch=false"]);
        Assert.Equal("good", without["verdict"]!.GetValue<string>());
        Assert.Null(without["modeSearch"]);
    }

    [Fact]
    public void TheSearchIsTheSameWithOneThreadAndWithTwo() =>
        Assert.Equal(Sampled([.. TwoModes, "--threads", "1"]).ToJsonString(), Sampled([.. TwoModes, "--threads", "2"]).ToJsonString());

    [Theory]
    [InlineData("MALT")]
    [InlineData("NUTS")]
    public void EightSchoolsInTheCentredFormAreWarnedOfAndTheOtherFormIsNamed(string kernel)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            JsonNode centred = Sampled("--config", Configuration("eight_schools-eight_schools_centered"), $"--Kernel:Type={kernel}", "--seed", $"{seed}");
            Assert.Matches("^(warn|do not use these draws): ", centred["verdict"]!.GetValue<string>());
            Assert.Contains(centred["reasons"]!.AsArray(), reason => reason!["cure"]!.GetValue<string>().Contains("use the non-centred parametrisation", StringComparison.Ordinal));
        }

        Assert.Equal("good", Sampled("--config", Configuration("eight_schools-eight_schools_noncentered"), $"--Kernel:Type={kernel}")["verdict"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("--Kernel:Type=MALA", "--Kernel:StepSize=20")]
    [InlineData("--Kernel:Type=HMC", "--Kernel:StepSize=5", "--Kernel:Steps=5")]
    public void AStepThatIsTooLargeIsNotToBeUsed(params string[] kernel) =>
        Assert.StartsWith("do not use these draws: ", Sampled(["--Target:Type=StandardNormal", "--Target:Dimension=10", .. kernel])["verdict"]!.GetValue<string>(), StringComparison.Ordinal);

    [Fact]
    public void AHundredDrawsOfAChainThatNeedsTenThousandAreNotToBeUsedAndItIsSaidHowManyAreNeeded()
    {
        JsonNode summary = Sampled("--Target:Type=StandardNormal", "--Target:Dimension=2", "--Kernel:Type=MALA", "--Kernel:StepSize=0.02", "--Warmup:Transitions=500", "--Transitions=100");
        Assert.StartsWith("do not use these draws: ", summary["verdict"]!.GetValue<string>(), StringComparison.Ordinal);
        string cure = Assert.Single(summary["reasons"]!.AsArray(), reason => reason!["problem"]!.GetValue<string>().StartsWith("bulk ESS", StringComparison.Ordinal))!["cure"]!.GetValue<string>();
        Assert.InRange(double.Parse(DrawsNeeded().Match(cure).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture), 2_000, 50_000);
    }

    private static JsonNode Sampled(params string[] arguments)
    {
        using HostRun host = new("{}");
        Assert.True(host.Run(["sample", "--Keep=Zarr", "--out", "out", .. arguments]) == 0, host.Error);
        return JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!;
    }

    private static string Configuration(string name) => Path.Combine(SharedFiles.Root(), "experiments", "posteriordb", $"{name}.json");

    [GeneratedRegex(@"some ([\d,]+) draws in each")]
    private static partial Regex DrawsNeeded();
}
