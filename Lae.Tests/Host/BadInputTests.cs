namespace Lae.Tests.Host;

/// <summary>Bad input ends in one clear line that names the place, exit code 2, and no run folder.</summary>
public class BadInputTests
{
    [Fact]
    public void UnknownKey()
    {
        using HostRun host = new(HostRun.Configuration.Replace("\"LatentSize\"", "\"LatntSize\"", StringComparison.Ordinal));
        Assert.Equal($"{host.Path("appsettings.json")}: Model:LatntSize: unknown key (did you mean \"LatentSize\"?)", host.Refused());
    }

    [Fact]
    public void UnknownKeyFarFromAll()
    {
        using HostRun host = new();
        Assert.Equal("command line: Training:Colour: unknown key; known keys: Epochs, BatchSize, LogEvery, CheckpointEverySeconds", host.Refused("--Training:Colour=3"));
    }

    [Fact]
    public void UnknownTypeListsTheKnown()
    {
        using HostRun host = new();
        Assert.Equal("command line: Model:Kernel:Type: unknown type \"Gamma\"; known types: Alpha, Beta", host.Refused("--Model:Kernel:Type=Gamma"));
        Assert.Equal(
            "command line: Data:Type: unknown type \"Digits8x9\" (did you mean \"Digits8x8\"?); known types: Digits8x8, IdxImages, CsvImages, CsvTable, Cifar10, PngFolder, NumpyTable",
            host.Refused("--Data:Type=Digits8x9"));
    }

    [Fact]
    public void MissingType()
    {
        using HostRun host = new(HostRun.Configuration.Replace("\"Type\": \"Alpha\", ", string.Empty, StringComparison.Ordinal));
        Assert.Equal($"{host.Path("appsettings.json")}: Model:Kernel: \"Type\" is missing; known types: Alpha, Beta", host.Refused());
    }

    [Fact]
    public void MissingSection()
    {
        using HostRun host = new("""{ "Engine": { "Type": "Reference" }, "Data": { "Type": "Digits8x8" } }""");
        Assert.StartsWith("Model: a value is required; a section with \"Type\", one of ", host.Refused(), StringComparison.Ordinal);
        Assert.Contains("Fake", host.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Model:Kernel:StepSize=1.5", "Model:Kernel:StepSize: 1.5 is out of range: it must be above 0 and at most 1")]
    [InlineData("--Model:Kernel:StepSize=0", "Model:Kernel:StepSize: 0 is out of range: it must be above 0 and at most 1")]
    [InlineData("--Model:Kernel:StepSize=NaN", "Model:Kernel:StepSize: expected a finite number, found \"NaN\"")]
    [InlineData("--Model:LatentSize=0", "Model:LatentSize: 0 is out of range: it must be from 1 to 64")]
    [InlineData("--Model:LatentSize=4.5", "Model:LatentSize: expected a whole number, found \"4.5\"")]
    [InlineData("--Model:LatentSize:Deep=4", "Model:LatentSize: expected a whole number, found a section")]
    [InlineData("--Model:Widths=4,x", "Model:Widths:1: expected a whole number, found \"x\"")]
    [InlineData("--Model:Widths:3=4", "Model:Widths:3: expected the element 0 of an array")]
    [InlineData("--Model:Flag=yes", "Model:Flag: expected true or false, found \"yes\"")]
    [InlineData("--Model:Day=Holiday", "Model:Day: expected one of Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, found \"Holiday\"")]
    [InlineData("--Model=Fake", "Model: expected a section, found the value \"Fake\": write Model:Type")]
    [InlineData("--Training=3", "Training: expected a section, found the value \"3\"")]
    [InlineData("--Seed=-1", "Seed: expected a whole number, 0 or more, found \"-1\"")]
    [InlineData("--Data:TestFraction=1", "Data:TestFraction: 1 is out of range: it must be above 0 and below 1")]
    public void ValueThatDoesNotParseOrIsOutOfRange(string setting, string message)
    {
        using HostRun host = new();
        Assert.Equal($"command line: {message}", host.Refused(setting));
    }

    [Fact]
    public void ValueThatTheComponentRefuses()
    {
        using HostRun host = new();
        Assert.Equal("command line: Model:Kernel: thirteen is refused", host.Refused("--Model:Kernel:Type=Beta", "--Model:Kernel:Count=13"));
    }

    [Fact]
    public void EnvironmentVariableIsNamed()
    {
        using HostRun host = new();
        host.Variables["LAE_Model__LatentSize"] = "many";
        Assert.Equal("environment variable LAE_Model__LatentSize: Model:LatentSize: expected a whole number, found \"many\"", host.Refused());
    }

    [Fact]
    public void MalformedJsonNamesLineAndColumn()
    {
        using HostRun host = new("{\n  \"Name\": \"x\",\n  \"Seed\" 1\n}");
        Assert.StartsWith($"{host.Path("appsettings.json")}: line 3, column 10: malformed JSON: ", host.Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("")]
    [InlineData("{ \"Seed\": 1, \"seed\": 2 }")]
    public void JsonThatIsNoConfiguration(string content)
    {
        using HostRun host = new(content);
        Assert.Contains("malformed JSON", host.Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingConfigurationFile()
    {
        using HostRun host = new();
        Assert.Contains("none.json", host.Refused("--config", "none.json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--sed", "command line: unknown option --sed (did you mean \"--seed\"?); see --help")]
    [InlineData("--Model:LatentSize", "command line: unknown option --Model:LatentSize; a setting is written --Model:LatentSize=value; see --help")]
    [InlineData("tarin", "command line: unexpected \"tarin\"; see --help")]
    public void BadArgument(string argument, string message)
    {
        using HostRun host = new();
        Assert.Equal(message, host.Refused(argument));
    }

    [Fact]
    public void ArgumentThatIsNoNumberOrGivenTwice()
    {
        using HostRun host = new();
        Assert.Contains("--seed", host.Refused("--seed", "x"), StringComparison.Ordinal);
        Assert.Equal("command line: Seed is given twice", host.Refused("--seed", "1", "--Seed=2"));
    }

    [Fact]
    public void MissingDataFile()
    {
        using HostRun host = new();
        string line = host.Refused("--Data:Type=IdxImages", "--Data:TrainImages=none.gz");
        Assert.StartsWith($"command line: Data:TrainImages: there is no file {host.Path("none.gz")}; MNIST and Fashion-MNIST are train-images-idx3-ubyte, ", line, StringComparison.Ordinal);
    }

    [Fact]
    public void DataFileThatNobodyNamed()
    {
        using HostRun host = new();
        Assert.Equal("Data:TrainImages: a value is required", host.Refused("--Data:Type=IdxImages"));
    }

    [Fact]
    public void TruncatedDataFile()
    {
        using HostRun host = new();
        File.WriteAllBytes(host.Path("images.idx"), [0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3]);
        string line = host.Refused("--Data:Type=IdxImages", "--Data:TrainImages=images.idx");
        Assert.StartsWith($"{host.Path("images.idx")}: byte ", line, StringComparison.Ordinal);
    }

    [Fact]
    public void NanInTheData()
    {
        using HostRun host = new();
        host.Write("table.csv", "a,b\n1,2\n3,NaN\n4,5\n");
        string line = host.Refused("--Data:Type=CsvTable", "--Data:Path=table.csv");
        Assert.StartsWith($"{host.Path("table.csv")}: line 3, column 2 (\"b\")", line, StringComparison.Ordinal);
    }

    [Fact]
    public void TestFractionThatLeavesOnePartEmpty()
    {
        using HostRun host = new();
        Assert.StartsWith("Data: ", host.Refused("--Data:TestFraction=0.0001"), StringComparison.Ordinal);
    }

    [Fact]
    public void OutputFolderBelowAFile()
    {
        using HostRun host = new();
        host.Write("file", "content");
        Assert.Equal(2, host.Run("--out", host.Path("file/run")));
        Assert.Equal($"output folder {host.Path("file/run")}: it cannot be made, since {host.Path("file")} is a file", host.OneLine());
        Assert.Equal(2, host.Run("--out", host.Path("file")));
        Assert.Equal($"output folder {host.Path("file")}: there is a file of this name", host.OneLine());
        Assert.Equal("content", File.ReadAllText(host.Path("file")));
    }

    [Fact]
    public void OutputFolderThatIsNotEmpty()
    {
        using HostRun host = new();
        Directory.CreateDirectory(host.OutFolder);
        host.Write("out/mine.txt", "content");
        Assert.Equal(2, host.Run("--out", "out"));
        Assert.Contains("it is not empty", host.OneLine(), StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(host.OutFolder));
    }

    [Fact]
    public void ResumeOfWhatIsNoRunAndWithOtherOptions()
    {
        using HostRun host = new();
        Assert.Equal(2, host.Run("--resume", "nowhere"));
        Assert.Contains("it is not the folder of a run", host.OneLine(), StringComparison.Ordinal);
        Assert.Equal(2, host.Run("--resume", "nowhere", "--seed", "3"));
        Assert.Contains("--Seed cannot go with --resume", host.OneLine(), StringComparison.Ordinal);
    }
}
