using System.Text.Json.Nodes;
using Lae.Formats.CmdStan;
using Lae.Formats.Zarr;

namespace Lae.Tests.Host;

/// <summary><c>lae sample</c>: what it leaves, that configuration and seed decide it, and how it ends where it cannot go on.</summary>
public class SampleTests
{
    internal const string Configuration = """
        {
          "Name": "gauss",
          "Seed": 5,
          "Target": { "Type": "Gaussian", "Mean": [ 1, -2 ], "Covariance": [ 2, 0.6, 0.6, 1 ] },
          "Kernel": { "Type": "MALA", "StepSize": 0.5 },
          "Chains": 20,
          "Transitions": 300,
          "Warmup": { "Transitions": 50 },
          "Thinning": 2
        }
        """;

    [Fact]
    public void RunFolderHoldsDrawsAndSummary()
    {
        using HostRun host = Sampling();
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--out", "out"));
        Assert.Empty(host.Error);
        Assert.Equal(
            ["checkpoint.safetensors", "config.json", "csv", "draws.zarr", "report.html", "summary.json", "timing.json"],
            Directory.GetFileSystemEntries(host.OutFolder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        InferenceReader draws = SampledRun.Draws(host.OutFolder);
        Assert.Equal(["chain", "draw", "x", "x_dim_0"], draws.Names("posterior"));
        Assert.Equal(["acceptance_rate", "chain", "diverging", "draw", "energy_error", "lp", "n_steps", "step_size"], draws.Names("sample_stats"));
        Assert.Equal([20, 150, 2], draws.Shape("posterior", "x"));
        Assert.Equal(["chain", "draw", "x_dim_0"], draws.Dimensions("posterior", "x"));
        Assert.All(draws.Values("sample_stats", "step_size").ToFloat64(), step => Assert.Equal(0.5, step));
        Assert.Equal("lae", draws.Attributes("posterior")["inference_library"]);
        Assert.NotEmpty(draws.Attributes("posterior")["created_at"]);
        Assert.Equal(20, Directory.GetFiles(host.Path("out/csv")).Length);
        CmdStanFile third = SampledRun.Csv(host.OutFolder, 3);
        Assert.Equal(["lp__", "accept_stat__", "stepsize__", "treedepth__", "n_leapfrog__", "divergent__", "energy__", "x.1", "x.2"], third.Columns);
        Assert.Equal(draws.Draws("posterior", "x", 1)[2], third.Draws.Select(row => row[8]));
        Assert.Equal(draws.Draws("sample_stats", "lp", 0)[2], third.Draws.Select(row => row[0]));
        Assert.Equal((-0.5 * Quadratic(third.Draws[9][7] - 1, third.Draws[9][8] + 2)) - Math.Log(2 * Math.PI * Math.Sqrt(1.64)), third.Draws[9][0], 10);
        JsonNode summary = JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!;
        Assert.True(summary["completed"]!.GetValue<bool>());
        Assert.Equal(300, summary["transitions"]!.GetValue<int>());
        Assert.Equal(1, summary["gradientsPerTransition"]!.GetValue<double>());
        Assert.InRange(summary["acceptance"]!.GetValue<double>(), 0.5, 1);
        double[] first = [.. draws.Draws("posterior", "x", 0).SelectMany(chain => chain)];
        Assert.Equal(first.Average(), summary["parameters"]![0]!["mean"]!.GetValue<double>(), 12);
        Assert.Equal(Math.Sqrt(first.Sum(x => (x - first.Average()) * (x - first.Average())) / (first.Length - 1)), summary["parameters"]![0]!["sd"]!.GetValue<double>(), 12);
        Assert.InRange(first.Average(), 0.5, 1.5);
        Assert.Contains("MALA on Gaussian: 150 draws in each of 20 chains, 1 gradient a transition, acceptance 0.", host.Output, StringComparison.Ordinal);
        Assert.Contains($"Run folder: {host.OutFolder}", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AGoodRunIsToldToBeGoodAndABadOneWhatIsWrongWithItAndWhatHelps()
    {
        using HostRun good = Sampling();
        Assert.Equal(0, good.Run("sample", "--config", "sampling.json", "--out", "out", "--Transitions=4000"));
        JsonNode summary = JsonNode.Parse(File.ReadAllText(good.Path("out/summary.json")))!;
        Assert.Equal("good", summary["verdict"]!.GetValue<string>());
        Assert.Empty(summary["reasons"]!.AsArray());
        JsonNode first = summary["parameters"]![0]!;
        Assert.Equal(["name", "mean", "sd", "mcseMean", "q5", "median", "q95", "rHat", "essBulk", "essTail"], first.AsObject().Select(figure => figure.Key));
        Assert.Equal("x[1]", first["name"]!.GetValue<string>());
        Assert.InRange(first["rHat"]!.GetValue<double>(), 0.99, 1.01);
        Assert.InRange(first["essBulk"]!.GetValue<double>(), 400, 40_000);
        Assert.Contains("Verdict: good", good.Output, StringComparison.Ordinal);

        using HostRun bad = Sampling();
        Assert.Equal(0, bad.Run("sample", "--config", "sampling.json", "--out", "out", "--Kernel:StepSize=1e-5"));
        JsonNode told = JsonNode.Parse(File.ReadAllText(bad.Path("out/summary.json")))!;
        Assert.StartsWith("do not use these draws: R-hat", told["verdict"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEmpty(told["reasons"]![0]!["cure"]!.GetValue<string>());
        Assert.Contains("Verdict: do not use these draws", bad.Output, StringComparison.Ordinal);

        // unadjusted: biased by the step size, however well it mixes
        using HostRun biased = Sampling();
        Assert.Equal(0, biased.Run("sample", "--config", "sampling.json", "--out", "out", "--Kernel:Type=ULA", "--Kernel:StepSize=0.3"));
        Assert.StartsWith("warn: ", JsonNode.Parse(File.ReadAllText(biased.Path("out/summary.json")))!["verdict"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void SameBytesWithOneAndTwoThreadsAndOtherBytesWithAnotherSeed()
    {
        using HostRun host = Sampling();
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--out", "one", "--threads", "1"));
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--out", "two", "--threads", "2"));
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--out", "other", "--seed", "6"));
        SampledRun.AssertEqual(host.Path("one"), host.Path("two"));
        Assert.NotEqual(HostRun.Bytes(host.Path("one"), "summary.json"), HostRun.Bytes(host.Path("other"), "summary.json"));
        Assert.NotEqual(HostRun.Bytes(host.Path("one"), "csv/chain-1.csv"), HostRun.Bytes(host.Path("other"), "csv/chain-1.csv"));
    }

    [Fact]
    public void ResolvedConfigurationGivesTheSameRun()
    {
        using HostRun host = Sampling();
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--out", "out", "--Kernel:StepSize=0.3"));
        Assert.Equal(0, host.Run("sample", "--config", "out/config.json", "--out", "again"));
        SampledRun.AssertEqual(host.OutFolder, host.Path("again"));
        Assert.Equal(HostRun.Bytes(host.OutFolder, "config.json"), HostRun.Bytes(host.Path("again"), "config.json"));
    }

    [Fact]
    public void SettingsAloneWillDoAndTheFolderHasTheNameOfTheRun()
    {
        using HostRun host = new("malformed: the training file is not read");
        Assert.Equal(0, host.Run("sample", "--Target:Type=Banana", "--Kernel:Type=ULA", "--Kernel:StepSize=0.1", "--Name=banana", "--Transitions=20", "--Warmup:Transitions=0"));
        Assert.Matches(@"^\d{8}-\d{6}-banana$", Path.GetFileName(Assert.Single(Directory.GetDirectories(host.Path("runs")))));
        Assert.DoesNotContain("acceptance", host.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Target:Type=StandardNormal", "--Target:Dimension=3")]
    [InlineData("--Target:Type=Gaussian", "--Target:Dimension=4", "--Target:Mean=2", "--Target:Precision=1,2,3,4")]
    [InlineData("--Target:Type=Gaussian", "--Target:Dimension=2", "--Target:Covariance=3")]
    [InlineData("--Target:Type=Banana", "--Target:Dimension=4")]
    [InlineData("--Target:Type=GaussianMixture", "--Target:Weights=1,3", "--Target:Means=-1,0,1,0", "--Target:Deviations=0.5")]
    public void EveryTarget(params string[] settings)
    {
        using HostRun host = new("{}");
        Assert.Equal(0, host.Run(["sample", "--Kernel:Type=MALA", "--Transitions=20", "--Warmup:Transitions=5", "--out", "out", .. settings]));
    }

    [Theory]
    [InlineData("Traget: unknown key (did you mean \"Target\"?)", "--Traget:Type=Banana")]
    [InlineData("Target:Type: unknown type \"Bananna\" (did you mean \"Banana\"?); known types: Gaussian, StandardNormal, Banana, GaussianMixture, Funnel, LinearRegression, LogisticRegression, HierarchicalNormal, Autoregression, Garch, GaussianProcessRegression, NormalMixture, FactorAnalysis, FactorScores", "--Target:Type=Bananna")]
    [InlineData("Kernel:StepSize: 0 is out of range: it must be from 1E-12 to 1000000", "--Kernel:StepSize=0")]
    [InlineData("Kernel:Stepsize2: unknown key (did you mean \"StepSize\"?)", "--Kernel:Stepsize2=1")]
    [InlineData("Chains: 0 is out of range: it must be from 1 to 1000000", "--Chains=0")]
    [InlineData("Transitions: expected a whole number, found \"many\"", "--Transitions=many")]
    public void ValueThatCannotBeUsed(string message, string setting)
    {
        using HostRun host = Sampling();
        Assert.Equal($"command line: {message}", host.Refused("sample", "--config", "sampling.json", setting));
    }

    [Theory]
    [InlineData("Target: Covariance must hold 2 numbers or one, or 4 for the whole matrix, not 3.", "--Target:Covariance=1,2,3")]
    [InlineData("Target: Covariance must be positive, and has -1 on its diagonal.", "--Target:Covariance=1,-1")]
    [InlineData("Target: Give Covariance or Precision, not both.", "--Target:Precision=1")]
    [InlineData("Target: Mean must hold 3 numbers or one, not 2.", "--Target:Dimension=3")]
    [InlineData("Start:Centre: it must hold 2 numbers as the target has dimensions, or one, not 3", "--Start:Centre=1,2,3")]
    [InlineData("Warmup:TargetAcceptance: the warm-up tunes nothing, since the kernel has a StepSize: leave out the one or the other", "--Warmup:TargetAcceptance=0.9")]
    [InlineData("Warmup:TargetAcceptance: the step size of MCLMC is not found by an acceptance: leave it out", "--Warmup:TargetAcceptance=0.9", "--Kernel:Type=MCLMC")]
    [InlineData("Stopping:Quantities: there is no quantity \"y\"; known: x[1], x[2]", "--Stopping:Quantities=x,y")]
    public void OptionsThatDoNotFitEachOther(string message, params string[] settings)
    {
        using HostRun host = Sampling();
        Assert.Equal(message, host.Refused(["sample", "--config", "sampling.json", .. settings]));
    }

    [Fact]
    public void MatricesThatAreNoneAndKernelsThatDoNotFit()
    {
        using HostRun host = Sampling();
        Assert.Contains("not symmetric", host.Refused("sample", "--config", "sampling.json", "--Target:Covariance=2,0.5,0.6,1"), StringComparison.Ordinal);
        Assert.Contains("not positive definite", host.Refused("sample", "--config", "sampling.json", "--Target:Covariance=1,2,2,1"), StringComparison.Ordinal);
        Assert.StartsWith("Kernel: ", host.Refused("sample", "--config", "sampling.json", "--Kernel:Preconditioner:Type=Diagonal", "--Kernel:Preconditioner:Values=1,2,3"), StringComparison.Ordinal);
        Assert.StartsWith(
            "command line: Kernel:Type: unknown type \"MAL\" (did you mean \"MALA\"?); known types: ULA, ", host.Refused("sample", "--config", "sampling.json", "--Kernel:Type=MAL"), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingSectionsAndFiles()
    {
        using HostRun host = new("{}");
        Assert.StartsWith("Target: a value is required; a section with \"Type\", one of Gaussian, ", host.Refused("sample"), StringComparison.Ordinal);
        Assert.Contains("none.json", host.Refused("sample", "--config", "none.json"), StringComparison.Ordinal);
        Assert.Equal("command line: unexpected \"smaple\" (did you mean \"sample\"?); see --help", host.Refused("smaple"));
    }

    [Fact]
    public void AnUnstableStepStopsWithStepAndQuantityAndKeepsWhatWasBefore()
    {
        using HostRun host = Sampling();
        Assert.Equal(3, host.Run("sample", "--config", "sampling.json", "--out", "out", "--Kernel:Type=ULA", "--Kernel:StepSize=50", "--Warmup:Transitions=0", "--Thinning=1", "--Transitions=10000"));
        string line = host.OneLine();
        Assert.Matches(@"^sampling stopped: \w+ became NaN or infinite at step \d+; the \d+ draws before it are in ", line);
        Assert.True(SampledRun.Draws(host.OutFolder).Shape("posterior", "x")[1] > 10);
        Assert.False(JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!["completed"]!.GetValue<bool>());
        Assert.Equal(3, host.Run("sample", "--config", "sampling.json", "--out", "none", "--Kernel:Type=ULA", "--Kernel:StepSize=50", "--Warmup:Transitions=10000"));
        Assert.EndsWith("no draw was kept before it", host.OneLine(), StringComparison.Ordinal);
        Assert.False(File.Exists(host.Path("none/summary.json")));
    }

    [Fact]
    public void AStartThatIsNotFiniteLeavesNoFolder()
    {
        using HostRun host = Sampling();
        Assert.Equal(3, host.Run("sample", "--config", "sampling.json", "--out", "out", "--Start:Centre=1e200"));
        Assert.Equal("sampling did not start: logDensity is not finite in the initial state", host.OneLine());
        Assert.False(Directory.Exists(host.OutFolder));
    }

    [Fact]
    public void AnInterruptedRunKeepsAPrefixOfTheDraws()
    {
        using HostRun host = Sampling();
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--out", "whole", "--Kernel:Type=Interrupting"));
        Assert.Equal(130, host.RunUntil(100, "sample", "--config", "sampling.json", "--out", "out", "--Kernel:Type=Interrupting"));
        Assert.Contains($"Continue with: lae --resume {host.OutFolder}", host.Output, StringComparison.Ordinal);
        double[] kept = SampledRun.Draws(host.OutFolder).Draws("posterior", "x", 0)[7];
        Assert.Contains($" of 350; the {kept.Length} draws so far are in ", host.Output, StringComparison.Ordinal);
        Assert.InRange(kept.Length, 1, 149);
        Assert.Equal(SampledRun.Draws(host.Path("whole")).Draws("posterior", "x", 0)[7][..kept.Length], kept);
        Assert.False(JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!["completed"]!.GetValue<bool>());
        Assert.Equal(130, host.RunUntil(20, "sample", "--config", "sampling.json", "--out", "early", "--Kernel:Type=Interrupting"));
        Assert.Contains("no draw was kept yet", host.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(host.Path("early/summary.json")));
    }

    [Fact]
    public void WithoutAKernelTheDefaultIsTunedByTheWarmup()
    {
        using HostRun host = new();
        string[] settings = ["sample", "--Target:Type=Gaussian", "--Target:Mean=1,-2", "--Target:Covariance=100,0.01", "--Warmup:Transitions=300", "--Transitions=300"];
        Assert.True(host.Run([.. settings, "--out", "out"]) == 0, host.Error);
        JsonNode summary = JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!;
        Assert.Equal("MALT", summary["kernel"]!.GetValue<string>());
        JsonNode warmup = summary["warmup"]!;
        Assert.InRange(summary["acceptance"]!.GetValue<double>() - warmup["targetAcceptance"]!.GetValue<double>(), -0.15, 0.15);
        Assert.True(warmup["gradients"]!.GetValue<long>() >= 300);
        CmdStanFile csv = SampledRun.Csv(host.OutFolder, 1);
        Assert.Equal(warmup["stepSize"]!.GetValue<double>(), csv.StepSize);
        Assert.NotEmpty(csv.InverseMass);
        Assert.True(host.Run([.. settings, "--out", "careful", "--Warmup:TargetAcceptance=0.95", "--Warmup:Scale=Diagonal"]) == 0, host.Error);
        JsonNode careful = JsonNode.Parse(File.ReadAllText(host.Path("careful/summary.json")))!;
        Assert.Equal(0.95, careful["warmup"]!["targetAcceptance"]!.GetValue<double>());
        Assert.True(careful["acceptance"]!.GetValue<double>() > 0.85);
    }

    [Fact]
    public void HelpListsKernelsTargetsAndExitCodes()
    {
        using HostRun host = new();
        foreach (string command in new[] { "sample", "laws" })
        {
            Assert.Equal(0, host.Run(command, "--help"));
            foreach (string told in new[]
            {
                "--config", "--seed", "--threads", "Gaussian", "StandardNormal", "Banana", "GaussianMixture", "ULA", "MALA", "Preconditioner", "Thinning", "Spread", "LAE_Kernel__StepSize=0.2", "Plugins", "trusted code",
                "4 a law is broken",
            })
            {
                Assert.Contains(told, host.Output, StringComparison.Ordinal);
            }
        }

        Assert.Equal(0, host.Run("--help"));
        Assert.Contains("sample", host.Output, StringComparison.Ordinal);
        Assert.Contains("laws", host.Output, StringComparison.Ordinal);
    }

    private static HostRun Sampling()
    {
        HostRun host = new();
        host.Write("sampling.json", Configuration);
        return host;
    }

    /// <summary>dᵀ Σ⁻¹ d for the covariance of the configuration.</summary>
    private static double Quadratic(double first, double second) => ((first * first) - (1.2 * first * second) + (2 * second * second)) / 1.64;
}
