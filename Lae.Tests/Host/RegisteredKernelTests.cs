using System.Text.Json.Nodes;
using Lae.Composition;
using Lae.Host.Plugins;

namespace Lae.Tests.Host;

/// <summary>Every kernel that configuration can choose is made from its default options and runs: by reflection over the registry, so that a new one is tested without being named here.</summary>
public class RegisteredKernelTests
{
    /// <summary>What a kernel needs beside <c>"Type"</c>, where its defaults do not make one: kernels that are made of others.</summary>
    private static readonly Dictionary<string, string[]> Needed = new(StringComparer.Ordinal)
    {
        ["Compose"] = Two,
        ["Cycle"] = Two,
        ["Mixture"] = Two,
        ["Anneal"] = Two,
        ["Repeat"] = One,
        ["Thin"] = One,
        ["Temper"] = One,
        ["Precondition"] = One,
        ["Reparametrise"] = [.. One, "--Kernel:Map:Type=Exp", "--Start:Centre=3", "--Start:Spread=0.1"],
        ["ReplicaExchange"] = One,
        ["SGNHT"] = ["--Kernel:Schedule:Type=Constant", "--Kernel:Schedule:StepSize=0.01"], // without a warm-up of some length its step is a guess
    };

    /// <summary>The columns that a target needs beside <c>"Type"</c>, with what names them where the defaults do not.</summary>
    private static readonly Dictionary<string, string[]> Data = new(StringComparer.Ordinal)
    {
        ["LinearRegression"] = ["--Target:Outcome=y", .. Column(0, "y"), .. Column(1, "x", "2,3,1,4")],
        ["LogisticRegression"] = ["--Target:Outcome=x", .. Column(0, "y"), .. Column(1, "x", "0,1,1,0")],
        ["HierarchicalNormal"] = [.. Column(0, "y"), .. Column(1, "sigma")],
        ["Autoregression"] = Column(0, "y"),
        ["Garch"] = Column(0, "y"),
        ["GaussianProcessRegression"] = [.. Column(0, "y"), .. Column(1, "x")],
        ["NormalMixture"] = Column(0, "y"),
        ["FactorAnalysis"] = [.. Column(0, "y"), .. Column(1, "x", "2,3,1,4")],
        ["FactorScores"] = Column(0, "y"),
    };

    private static string[] Column(int number, string name, string values = "1,2,4,3") =>
        [.. number == 0 ? ["--Target:Data:Type=Inline"] : Array.Empty<string>(), $"--Target:Data:Columns:{number}:Name={name}", $"--Target:Data:Columns:{number}:Values={values}"];

    private static string[] One => ["--Kernel:Kernel:Type=MALA"];

    /// <summary>Two kernels of different state types, which meet on the position.</summary>
    private static string[] Two => ["--Kernel:Kernels:0:Type=MALA", "--Kernel:Kernels:1:Type=BAOAB"];

    public static TheoryData<string> Kernels { get; } = [.. Registered(typeof(IKernelFactory))];

    public static TheoryData<string> Targets { get; } = [.. Registered(typeof(ITargetFactory))];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryKernelRunsFromJson(string name)
    {
        using HostRun host = new();
        host.Write("sampling.json", $$"""
            {
              "Target": { "Type": "Gaussian", "Mean": [ 1, -2 ], "Precision": [ 2, 0.6, 0.6, 1 ] },
              "Kernel": { "Type": "{{name}}" },
              "Chains": 3, "Transitions": 20, "Warmup": { "Transitions": 0 }
            }
            """);
        string[] arguments = ["sample", "--config", "sampling.json", .. Needed.GetValueOrDefault(name, [])];
        Assert.True(host.Run([.. arguments, "--out", "out"]) == 0, host.Error);
        Assert.Equal(20, JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!["draws"]!.GetValue<int>());
        Assert.Equal(name, JsonNode.Parse(File.ReadAllText(host.Path("out/config.json")))!["Kernel"]!["Type"]!.GetValue<string>());
        Assert.True(host.Run("sample", "--config", "out/config.json", "--out", "again") == 0, host.Error);
        SampledRun.AssertEqual(host.OutFolder, host.Path("again"));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void EveryTargetIsMadeFromItsDefaults(string name)
    {
        using HostRun host = new();
        Assert.True(host.Run(["sample", $"--Target:Type={name}", "--Kernel:Type=ULA", "--Kernel:StepSize=1e-4", "--Start:Spread=0.1", "--Chains=2", "--Transitions=5", "--Warmup:Transitions=0", "--out", "out", .. Data.GetValueOrDefault(name, [])]) == 0, host.Error);
    }

    [Fact]
    public void HelpListsEveryKernelAndTarget()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("sample", "--help"));
        Assert.All(Registered(typeof(IKernelFactory)).Concat(Registered(typeof(ITargetFactory))), name => Assert.Contains($"    {name}", host.Output, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Registered(Type contract) => new ComponentCatalogue(null).WithoutPlugins().Of(contract).Select(component => component.Name);
}
