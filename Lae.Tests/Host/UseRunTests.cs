using System.Globalization;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host;
using Lae.Host.Runs;
using Lae.Models;
using Lae.Numerics;

namespace Lae.Tests.Host;

/// <summary>lae train, generate and encode on finished runs: what they write, that seed and run decide all of it, and that what cannot be used ends in one line.</summary>
public class UseRunTests
{
    private static readonly string[] Table = ["--Data:Type=CsvTable", "--Data:Path=table.csv", "--Data:Delimiter=;", "--Data:LabelColumn=kind", "--Data:IgnoredColumns=id", "--Training:BatchSize=10"];

    [Fact]
    public void TrainIsTheBareProgram()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "bare"));
        Assert.Equal(0, host.Run("train", "--out", "named"));
        HostRun.AssertEqualRuns(host.Path("bare"), host.Path("named"));
        Assert.Equal(0, host.Run("train", "--help"));
        Assert.Contains("--Model:LatentSize=4", host.Output, StringComparison.Ordinal);
        Assert.Equal(0, host.Run("train", "--resume", "named"));
        Assert.Contains("is finished", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void GeneratedImagesAreThoseOfTheRunByItsSeedAndOthersByAnother()
    {
        using HostRun host = Trained();
        Assert.Equal(0, host.Run("generate", "--run", "out", "--count", "6", "--out", "made"));
        Assert.Equal(HostRun.Bytes(host.OutFolder, "samples.png"), HostRun.Bytes(host.Path("made"), "samples.png"));
        NpyArray array = Array(host.Path("made/samples.npz"), "samples");
        Assert.Equal([6, 8, 8], array.Shape);
        TrainedModel model = LaeRun.Load(host.OutFolder, FakeModelFactory.Register);
        double[] expected = model.Generate(RunKeys.Samples(5), 6).ToArray();
        Assert.Equal(expected.Select(value => (float)((value + 1) / 2 * 16)), array.ToFloat32());

        Assert.Equal(0, host.Run("generate", "--run", "out", "--count", "6", "--seed", "6", "--out", "other.npz"));
        Assert.NotEqual(array.ToFloat32(), Array(host.Path("other.npz"), "samples").ToFloat32());
        Assert.Equal(["other.npz"], Directory.GetFiles(host.Folder, "other*").Select(file => Path.GetFileName(file)!));
        Assert.Equal(0, host.Run("generate", "--run", "out", "--out", "rows.csv"));
        Assert.Equal(65, File.ReadAllLines(host.Path("rows.csv")).Length);
    }

    [Fact]
    public void GeneratedRowsOfATableAreInItsUnits()
    {
        using HostRun host = TrainedOnATable();
        Assert.Equal(0, host.Run("generate", "--run", "out", "--count", "6", "--out", "made"));
        Assert.Equal(HostRun.Bytes(host.OutFolder, "samples.csv"), HostRun.Bytes(host.Path("made"), "samples.csv"));
    }

    [Theory]
    [InlineData("generate", "--count", "9")]
    [InlineData("encode", "--refine", "4")]
    [InlineData("score", "--refine", "4", "--positive", "3")]
    public void SameBytesWithOneAndTwoThreads(string command, params string[] options)
    {
        using HostRun host = new(HostRun.Configuration.Replace("\"Reference\"", "\"Managed\"", StringComparison.Ordinal));
        Assert.Equal(0, host.Run("--out", "out"));
        Assert.Equal(0, host.Run([command, "--run", "out", "--out", "one", "--threads", "1", .. options]));
        Assert.Equal(0, host.Run([command, "--run", "out", "--out", "two", "--threads", "2", .. options]));
        foreach (string file in Directory.GetFiles(host.Path("one")).Select(file => Path.GetFileName(file)!))
        {
            Assert.Equal(HostRun.Bytes(host.Path("one"), file), HostRun.Bytes(host.Path("two"), file));
        }
    }

    [Fact]
    public void EncodingsAreThoseOfTheModelAndEachTransitionIsTold()
    {
        using HostRun host = Trained();
        Assert.Equal(0, host.Run("encode", "--run", "out", "--out", "plain.csv"));
        TrainedModel model = LaeRun.Load(host.OutFolder, FakeModelFactory.Register);
        Dataset test = Digits8x8.Load().Split(0.2).Test;
        Tensor x = Tensor.FromSpan<float>(model.Parameters.Leaves[0].Workspace, test.ToUnit(), new Shape(test.Rows, 64));
        CsvTable plain = Read(host.Path("plain.csv"));
        Assert.Equal(["z1", "z2", "z3", "logJoint"], plain.ColumnNames);
        Assert.Equal(model.Encode(x).ToArray(), plain.Values.ToArray().Where((_, i) => i % 4 < 3));

        Assert.Equal(0, host.Run("encode", "--run", "out", "--refine", "30", "--out", "refined"));
        Assert.Contains("after transition 1: ", host.Output, StringComparison.Ordinal);
        Assert.Contains("gain of the refinement: ", host.Output, StringComparison.Ordinal);
        double[] means = Array(host.Path("refined/latents.npz"), "meanLogJoint").ToFloat64();
        Assert.Equal(31, means.Length);
        Assert.Equal(plain.Values.ToArray().Where((_, i) => i % 4 == 3).Average(), means[0], 1e-4 * Math.Abs(means[0]));
        Assert.Equal(Array(host.Path("refined/latents.npz"), "logJoint").ToFloat64().Average(), means[30], 1e-4 * Math.Abs(means[30]));
    }

    [Fact]
    public void FilesOfEveryKindGiveTheEncodingsOfTheSameImages()
    {
        using HostRun host = Trained();
        Dataset digits = Digits8x8.Load().Gather([.. Enumerable.Range(0, 20)], "twenty");
        byte[] levels = [.. digits.Values.ToArray().Select(value => (byte)value)];
        using (FileStream idx = File.Create(host.Path("images.idx")), npz = File.Create(host.Path("images.npz")))
        {
            Idx.Write(idx, new IdxArray([20, 8, 8], levels));
            Npz.Write(npz, new Dictionary<string, NpyArray> { ["X"] = new(NpyType.UInt8, [20, 8, 8], levels), ["y"] = NpyArray.FromInt64([20], new long[20]) });
        }

        string header = string.Join(',', Enumerable.Range(1, 64).Select(i => $"p{i}"));
        host.Write("images.csv", header + "\n" + string.Concat(levels.Chunk(64).Select(row => string.Join(',', row) + "\n")));
        host.Write("labelled.csv", header + ",class\n" + string.Concat(levels.Chunk(64).Select(row => string.Join(',', row) + ",x\n")));
        Assert.Equal(0, host.Run("encode", "--run", "out", "--data", "images.idx", "--out", "idx.csv"));
        Assert.Equal(21, File.ReadAllLines(host.Path("idx.csv")).Length);
        foreach (string[] file in new string[][] { ["images.npz"], ["images.csv"], ["labelled.csv", "--label-column", "class"] })
        {
            Assert.True(host.Run(["encode", "--run", "out", "--data", .. file, "--out", $"{file[0]}.out.csv"]) == 0, host.Error);
            Assert.Equal(HostRun.Bytes(host.Folder, "idx.csv"), HostRun.Bytes(host.Folder, $"{file[0]}.out.csv"));
        }
    }

    [Fact]
    public void ColumnsOfATableAreFoundByName()
    {
        using HostRun host = TrainedOnATable();
        string[] lines = File.ReadAllLines(host.Path("table.csv"));
        host.Write("turned.csv", string.Concat(lines.Select(line => string.Join(';', line.Split(';').Reverse()) + "\n")));
        host.Write("bare.csv", string.Concat(lines.Select(line => string.Join(';', line.Split(';')[1..3]) + "\n")));
        Assert.Equal(0, host.Run("encode", "--run", "out", "--data", "table.csv", "--out", "straight.csv"));
        Assert.Equal(0, host.Run("encode", "--run", "out", "--data", "turned.csv", "--out", "turned.out.csv"));
        Assert.Equal(0, host.Run("encode", "--run", "out", "--data", "bare.csv", "--out", "bare.out.csv"));
        Assert.Equal(HostRun.Bytes(host.Folder, "straight.csv"), HostRun.Bytes(host.Folder, "turned.out.csv"));
        Assert.Equal(HostRun.Bytes(host.Folder, "straight.csv"), HostRun.Bytes(host.Folder, "bare.out.csv"));
        double[] z = [.. Read(host.Path("straight.csv")).Values.ToArray().Where((_, i) => i % 4 < 3)];
        TrainedModel model = LaeRun.Load(host.OutFolder, FakeModelFactory.Register);
        double[] rows = [.. lines.Skip(1).SelectMany(line => line.Split(';')[1..3]).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        float[] standardized = System.Array.ConvertAll(LaeRun.Data(host.OutFolder).Standardization()!.Apply(rows), value => (float)value);
        Assert.Equal(model.Encode(Tensor.FromSpan<float>(model.Parameters.Leaves[0].Workspace, standardized, new Shape(60, 2))).ToArray(), z);
    }

    [Fact]
    public void RunsThatCannotBeUsed()
    {
        using HostRun host = new();
        Assert.Equal(2, host.Run("generate", "--run", "nowhere", "--out", "made"));
        Assert.Equal($"run folder {host.Path("nowhere")}: there is no config.json in it, so it is not the folder of a run", host.OneLine());
        Assert.Equal(130, host.RunUntil(20, "--out", "out"));
        Assert.Equal(2, host.Run("encode", "--run", "out", "--out", "made"));
        Assert.Equal($"run folder {host.OutFolder}: there is no weights.safetensors yet; finish the run with: lae --resume {host.OutFolder}", host.OneLine());
        Directory.CreateDirectory(host.Path("sampled"));
        host.Write("sampled/config.json", """{ "Target": { "Type": "Gaussian" } }""");
        Assert.Equal(2, host.Run("generate", "--run", "sampled", "--out", "made"));
        Assert.EndsWith("it is a run of lae sample, which has no model", host.OneLine(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(host.Path("made")));
    }

    [Fact]
    public void DataOfAnotherForm()
    {
        using HostRun host = Trained();
        using (FileStream small = File.Create(host.Path("small.idx")), bright = File.Create(host.Path("bright.idx")))
        {
            Idx.Write(small, new IdxArray([2, 3, 2], new byte[12]));
            Idx.Write(bright, new IdxArray([1, 8, 8], Enumerable.Repeat((byte)17, 64).ToArray()));
        }

        host.Write("narrow.csv", "a,b\n1,2\n");
        host.Write("nan.csv", string.Join(',', Enumerable.Range(1, 64)) + "\n" + string.Join(',', Enumerable.Repeat("1", 63)) + ",NaN\n");
        Assert.Equal($"{host.Path("small.idx")}: dimensions: expected images of 8 x 8 x 1 as in the run's data.json, found 3 x 2 x 1", Encoded(host, "small.idx"));
        Assert.Equal($"{host.Path("bright.idx")}: row 1, column 1: expected a pixel value that is an integer from 0 to 16, found 17", Encoded(host, "bright.idx"));
        Assert.Equal($"{host.Path("narrow.csv")}: columns: expected 64 pixels for images of 8 x 8 x 1, found 2", Encoded(host, "narrow.csv"));
        Assert.StartsWith($"{host.Path("nan.csv")}: line 2, column 64 (\"64\")", Encoded(host, "nan.csv"), StringComparison.Ordinal);
        Assert.Equal($"--data: there is no file {host.Path("none.csv")}", Encoded(host, "none.csv"));
        Assert.StartsWith($"{host.Path("nan.csv")}: header: expected a column \"class\"", Encoded(host, "nan.csv", "--label-column", "class"), StringComparison.Ordinal);
        Assert.Equal("command line: --label-column needs --data: the test observations of a run have their own classes", Refused(host, "encode", "--run", "out", "--label-column", "class", "--out", "made"));
    }

    [Fact]
    public void TableWithoutAColumnOfTheModel()
    {
        using HostRun host = TrainedOnATable();
        host.Write("other.csv", "width;hight\n1;2\n");
        Assert.Equal($"{host.Path("other.csv")}: header: expected a column \"height\" (did you mean \"hight\"?), found width, hight", Encoded(host, "other.csv"));
        using (FileStream images = File.Create(host.Path("images.idx")))
        {
            Idx.Write(images, new IdxArray([1, 2, 1], new byte[2]));
        }

        Assert.Equal($"{host.Path("images.idx")}: kind: expected a table with the columns of the run's data.json (width, height), found IDX images", Encoded(host, "images.idx"));
    }

    [Theory]
    [InlineData("command line: --count 0 is out of range: it must be from 1 to 1000000", "generate", "--run", "out", "--out", "made", "--count", "0")]
    [InlineData("command line: --refine -1 is out of range: it must be from 0 to 100000", "encode", "--run", "out", "--out", "made", "--refine", "-1")]
    [InlineData("command line: --Model:LatentSize cannot go with generate, which uses a run by its own configuration; only --seed and --threads can", "generate", "--run", "out", "--out", "made", "--Model:LatentSize=3")]
    [InlineData("command line: Option '--run' is required.", "generate", "--out", "made")]
    [InlineData("command line: Option '--out' is required.", "encode", "--run", "out")]
    [InlineData("command line: unknown option --cuont (did you mean \"--count\"?); see --help", "generate", "--run", "out", "--out", "made", "--cuont")]
    [InlineData("command line: unexpected \"generat\" (did you mean \"generate\"?); see --help", "generat")]
    public void BadArguments(string message, params string[] args)
    {
        using HostRun host = new();
        Assert.Equal(message, Refused(host, args));
    }

    [Fact]
    public void WhatIsThereIsNotWrittenOver()
    {
        using HostRun host = Trained();
        host.Write("mine.csv", "content");
        Assert.Equal($"output {host.Path("mine.csv")}: there is a file of this name; name another, or remove it", Refused(host, "generate", "--run", "out", "--out", "mine.csv"));
        Assert.Equal("content", File.ReadAllText(host.Path("mine.csv")));
        Assert.Equal($"output {host.OutFolder}/samples.png: there is a file of this name; name another, or remove it", Refused(host, "generate", "--run", "out", "--out", "out"));
        Assert.Equal($"output {host.Path("made.txt")}: a file that ends in .png or .npz or .csv can be written, or a folder", Refused(host, "generate", "--run", "out", "--out", "made.txt"));
        Assert.Equal($"output {host.Path("mine.csv/made.csv")}: it cannot be made, since {host.Path("mine.csv")} is a file", Refused(host, "encode", "--run", "out", "--out", "mine.csv/made.csv"));
    }

    [Theory]
    [InlineData("generate", "--count", "--seed")]
    [InlineData("encode", "--data", "--refine")]
    [InlineData("score", "--positive", "--labels")]
    [InlineData("evaluate", "--only", "auroc", "averagePrecision", "Evaluation:", "PosteriorDraws")]
    [InlineData("compare", "--out", "run folders")]
    public void EveryCommandHasHelp(string command, params string[] told)
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run(command, "--help"));
        Assert.All(told, text => Assert.Contains(text, host.Output, StringComparison.Ordinal));
        Assert.Contains("Exit codes:", host.Output, StringComparison.Ordinal);
        Assert.Equal(0, host.Run("--help"));
        Assert.Contains($"  {command} ", host.Output, StringComparison.Ordinal);
    }

    private static HostRun Trained()
    {
        HostRun host = new();
        Assert.Equal(0, host.Run("--out", "out"));
        return host;
    }

    private static HostRun TrainedOnATable()
    {
        HostRun host = new();
        IEnumerable<string> rows = Enumerable.Range(0, 60).Select(i => $"row{i};{1000 + (i % 7)};{i % 5};{(i % 2 == 0 ? "even" : "odd")}");
        host.Write("table.csv", "id;width;height;kind\n" + string.Join('\n', rows) + "\n");
        Assert.True(host.Run(["--out", "out", .. Table]) == 0, host.Error);
        return host;
    }

    private static string Encoded(HostRun host, string file, params string[] more) => Refused(host, ["encode", "--run", "out", "--data", file, "--out", "made", .. more]);

    private static string Refused(HostRun host, params string[] args)
    {
        Assert.Equal(2, host.Run(args));
        Assert.False(Directory.Exists(host.Path("made")));
        return host.OneLine();
    }

    private static CsvTable Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Csv.Read(stream, path);
    }

    private static NpyArray Array(string path, string name)
    {
        using FileStream stream = File.OpenRead(path);
        return Npz.Read(stream, path)[name];
    }
}
