using System.Text.Json.Nodes;

namespace Lae.Tests.Host;

/// <summary>The JSON file, the environment and the command line, each over the one before; and another <c>Type</c> drops the keys of the old one.</summary>
public class OverrideTests
{
    [Fact]
    public void CommandLineGoesBeforeEnvironmentAndEnvironmentBeforeTheFile()
    {
        Assert.Equal(3, Resolved(_ => { })["Model"]!["LatentSize"]!.GetValue<int>());
        Assert.Equal(4, Resolved(variables => variables["LAE_Model__LatentSize"] = "4")["Model"]!["LatentSize"]!.GetValue<int>());
        Assert.Equal(5, Resolved(variables => variables["LAE_Model__LatentSize"] = "4", "--Model:LatentSize=5")["Model"]!["LatentSize"]!.GetValue<int>());
        Assert.Equal(6, Resolved(_ => { }, "--model:latentsize=6")["Model"]!["LatentSize"]!.GetValue<int>());
    }

    [Fact]
    public void AnotherTypeDropsTheKeysOfTheOldOne()
    {
        JsonNode kernel = Resolved(_ => { }, "--Model:Kernel:Type=Beta")["Model"]!["Kernel"]!;
        Assert.Equal("""{"Type":"Beta","Count":3}""", kernel.ToJsonString());
        kernel = Resolved(_ => { }, "--Model:Kernel:Type=Beta", "--Model:Kernel:Count=7")["Model"]!["Kernel"]!;
        Assert.Equal("""{"Type":"Beta","Count":7}""", kernel.ToJsonString());
    }

    [Fact]
    public void TheSameTypeKeepsTheKeys() =>
        Assert.Equal("""{"Type":"Alpha","StepSize":0.5}""", Resolved(_ => { }, "--Model:Kernel:Type=alpha")["Model"]!["Kernel"]!.ToJsonString());

    [Fact]
    public void TypeThatTheCommandLineTakesBackDropsTheKeysOfBothLayersBelow()
    {
        JsonNode kernel = Resolved(
            variables =>
            {
                variables["LAE_Model__Kernel__Type"] = "Beta";
                variables["LAE_Model__Kernel__Count"] = "9";
            },
            "--Model:Kernel:Type=Alpha")["Model"]!["Kernel"]!;
        Assert.Equal("""{"Type":"Alpha","StepSize":0.25}""", kernel.ToJsonString());
    }

    [Fact]
    public void KeysOfTheOldTypeInTheSameLayerAreUnknown()
    {
        using HostRun host = new();
        Assert.Equal(
            "command line: Model:Kernel:StepSize: unknown key; known keys: Type, Count", host.Refused("--Model:Kernel:Type=Beta", "--Model:Kernel:StepSize=0.5"));
    }

    [Fact]
    public void AbsentSectionsStandForTheirDefaults()
    {
        JsonNode model = Resolved(_ => { }, "--Data:Type=Digits8x8")["Model"]!;
        Assert.Equal("""{"Type":"Beta","Count":3}""", model["Second"]!.ToJsonString());
        Assert.Equal("[4,5]", model["Widths"]!.ToJsonString());
        Assert.Equal("Monday", model["Day"]!.GetValue<string>());
    }

    [Fact]
    public void ValuesOfAllKinds()
    {
        JsonNode model = Resolved(_ => { }, "--Model:Widths=7,8,9", "--Model:Flag=TRUE", "--Model:Day=friday", "--Model:Note=a=b: c")["Model"]!;
        Assert.Equal("[7,8,9]", model["Widths"]!.ToJsonString());
        Assert.True(model["Flag"]!.GetValue<bool>());
        Assert.Equal("Friday", model["Day"]!.GetValue<string>());
        Assert.Equal("a=b: c", model["Note"]!.GetValue<string>());
        Assert.Equal("[]", Resolved(_ => { }, "--Model:Widths=")["Model"]!["Widths"]!.ToJsonString());
    }

    [Fact]
    public void SeedAndThreadsAreSettings()
    {
        JsonNode configuration = Resolved(_ => { }, "--seed", "18446744073709551615", "--threads", "1");
        Assert.Equal(ulong.MaxValue, configuration["Seed"]!.GetValue<ulong>());
        Assert.Equal(1, configuration["Threads"]!.GetValue<int>());
    }

    [Fact]
    public void AnotherFileReplacesAppsettingsAndItsFolderIsWhereDataAreFound()
    {
        using HostRun host = new("malformed");
        Directory.CreateDirectory(host.Path("sub"));
        host.Write("sub/table.csv", "a,b\n1,2\n2,1\n3,5\n4,4\n5,5\n");
        host.Write("sub/other.json", HostRun.Configuration.Replace(
            "\"Type\": \"Digits8x8\", \"TestFraction\": 0.2", "\"Type\": \"CsvTable\", \"Path\": \"table.csv\", \"TestFraction\": 0.4", StringComparison.Ordinal));
        Assert.Equal(0, host.Run("--config", "sub/other.json", "--out", "out", "--Training:Epochs=1"));
        Assert.Equal(host.Path("sub/table.csv"), JsonNode.Parse(File.ReadAllText(host.Path("out/config.json")))!["Data"]!["Path"]!.GetValue<string>());
    }

    private static JsonNode Resolved(Action<System.Collections.Hashtable> variables, params string[] args)
    {
        using HostRun host = new();
        variables(host.Variables);
        Assert.Equal(0, host.Run(["--out", "out", "--Training:Epochs=0", .. args]));
        return JsonNode.Parse(File.ReadAllText(host.Path("out/config.json")))!;
    }
}
