using System.Text.Json.Nodes;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host;
using Lae.Host.Reports;
using Lae.Host.Runs;
using Lae.Models;
using Lae.Numerics;

namespace Lae.Tests.Host;

/// <summary>What a run leaves, and that the configuration and the seed decide all of it.</summary>
public class RunTests
{
    [Fact]
    public void RunFolderHoldsEverythingAndTheReportShowsIt()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "out"));
        Assert.Empty(host.Error);
        string[] files = [.. Directory.GetFiles(host.OutFolder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["checkpoint.safetensors", "config.json", "curves.svg", "data.json", "latents.svg", "metrics.json", "metrics.jsonl", "reconstructions.png", "report.html", "samples.png", "timing.json", "weights.safetensors"],
            files);

        string report = File.ReadAllText(host.Path("out/report.html"));
        Assert.Contains(Convert.ToBase64String(HostRun.Bytes(host.OutFolder, "samples.png")), report, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(HostRun.Bytes(host.OutFolder, "reconstructions.png")), report, StringComparison.Ordinal);
        Assert.Contains("FewerFeaturesThanBatch", report, StringComparison.Ordinal);
        Assert.Contains("posteriorSquaredError", report, StringComparison.Ordinal);
        Assert.Contains("acceptanceProbability", report, StringComparison.Ordinal);
        Assert.Contains("&quot;PosteriorTransitions&quot;: 3", report, StringComparison.Ordinal);
        Assert.Contains("principal component 1", report, StringComparison.Ordinal);
        Assert.Contains("InstructionSet", report, StringComparison.Ordinal);
        foreach (string link in new[] { "http:", "https:", "href=", "url(", "@import", "<script", "<link", "src=\"/" })
        {
            Assert.DoesNotContain(link, report, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void TheEngineMayBeLeftOut()
    {
        using HostRun host = new(HostRun.Configuration.Replace("\"Engine\": { \"Type\": \"Reference\" },", string.Empty, StringComparison.Ordinal));
        Assert.Equal(0, host.Run("--out", "out", "--Training:Epochs=1"));
        JsonNode configuration = JsonNode.Parse(File.ReadAllText(host.Path("out/config.json")))!;
        Assert.Equal("Managed", configuration["Engine"]!["Type"]!.GetValue<string>());
    }

    [Fact]
    public void SummaryTellsWhatWasDone()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "out"));
        Assert.Contains("Fake with 256 parameters and 3 latent dimensions, trained on 1,442 images of 8 x 8", host.Output, StringComparison.Ordinal);
        Assert.Contains("Test figures on 355 observations:", host.Output, StringComparison.Ordinal);
        Assert.Contains("Acceptance rate: 0.", host.Output, StringComparison.Ordinal);
        Assert.Contains($"Run folder: {host.OutFolder}", host.Output, StringComparison.Ordinal);
        Assert.Contains("samples.png", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void LogHasOneLineForEachIntervalAndNoTimes()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "out"));
        JsonNode[] lines = [.. File.ReadLines(host.Path("out/metrics.jsonl")).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal([9, 18, 27, 36, 45, 54, 56], lines.Select(line => line["step"]!.GetValue<int>()));
        Assert.Equal(["step", "epoch", "acceptanceProbability", "batchSize", "featureCount", "lastLayerNorm", "loss"], lines[0].AsObject().Select(pair => pair.Key));
    }

    [Fact]
    public void DefaultFolderHasTheNameOfTheRun()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--Name=first", "--Training:Epochs=0"));
        string folder = Assert.Single(Directory.GetDirectories(host.Path("runs")));
        Assert.Matches(@"^\d{8}-\d{6}-first$", Path.GetFileName(folder));
        Assert.True(File.Exists(Path.Combine(folder, "report.html")));
    }

    [Fact]
    public void SameBytesWithOneAndTwoThreadsAndOtherBytesWithAnotherSeed()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "one", "--threads", "1", "--Engine:Type=Managed"));
        Assert.Equal(0, host.Run("--out", "two", "--threads", "2", "--Engine:Type=Managed"));
        HostRun.AssertEqualRuns(host.Path("one"), host.Path("two"));
        Assert.Equal(0, host.Run("--out", "other", "--seed", "6", "--Engine:Type=Managed"));
        Assert.NotEqual(HostRun.Bytes(host.Path("one"), "weights.safetensors"), HostRun.Bytes(host.Path("other"), "weights.safetensors"));
        Assert.NotEqual(HostRun.Bytes(host.Path("one"), "metrics.json"), HostRun.Bytes(host.Path("other"), "metrics.json"));
    }

    [Fact]
    public void ResolvedConfigurationGivesTheSameRun()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "out", "--Model:LatentSize=2", "--seed", "9"));
        Assert.Equal(0, host.Run("--out", "again", "--config", host.Path("out/config.json")));
        HostRun.AssertEqualRuns(host.OutFolder, host.Path("again"));
        Assert.Equal(HostRun.Bytes(host.OutFolder, "config.json"), HostRun.Bytes(host.Path("again"), "config.json"));
    }

    [Fact]
    public void ReloadedRunReproducesItsSamples()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "out"));
        TrainedModel model = LaeRun.Load(host.OutFolder, FakeModelFactory.Register);
        DataForm form = LaeRun.Data(host.OutFolder);
        using MemoryStream png = new();
        Png.Write(png, ImagePictures.Samples(model.Generate(RunKeys.Samples(5), 6), form.Image!));
        Assert.Equal(HostRun.Bytes(host.OutFolder, "samples.png"), png.ToArray());

        Tensor x = Tensor.FromArray(Digits8x8.Load().ToUnit(), 1797, 64).Slice(0, 0, 7);
        Assert.Equal([7, 3], model.Encode(x).Shape.ToArray());
        Assert.Equal([4, 7, 3], model.SamplePosterior(RunKeys.Posterior(1), x, draws: 4, transitions: 2).Shape.ToArray());
        Assert.Equal([7, 64], model.Decode(model.Encode(x)).Shape.ToArray());
        Assert.Throws<ArgumentException>(() => model.Encode(model.Encode(x)));
    }

    [Fact]
    public void WeightsOfAnotherModelAreRefused()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--out", "out", "--Training:Epochs=0"));
        Assert.Equal(0, host.Run("--out", "other", "--Training:Epochs=0", "--Model:LatentSize=4"));
        File.Copy(host.Path("other/weights.safetensors"), host.Path("out/weights.safetensors"), overwrite: true);
        DataFormatException failure = Assert.Throws<DataFormatException>(() => LaeRun.Load(host.OutFolder, FakeModelFactory.Register));
        Assert.Contains("\"weight\": expected F32 [3, 64] as in the model, found F32 [4, 64]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TableRunLeavesRowsInTheUnitsOfTheTable()
    {
        using HostRun host = new();
        IEnumerable<string> rows = Enumerable.Range(0, 60).Select(i => $"{1000 + (i % 7)};{i % 5};{(i % 2 == 0 ? "even" : "odd")}");
        host.Write("table.csv", "width;height;kind\n" + string.Join('\n', rows) + "\n");
        Assert.Equal(0, host.Run("--out", "out", "--Data:Type=CsvTable", "--Data:Path=table.csv", "--Data:Delimiter=;", "--Data:LabelColumn=kind", "--Training:BatchSize=10"));
        Assert.False(File.Exists(host.Path("out/samples.png")));
        Assert.False(File.Exists(host.Path("out/reconstructions.png")));
        string[] samples = File.ReadAllLines(host.Path("out/samples.csv"));
        Assert.Equal("width,height", samples[0]);
        Assert.Equal(7, samples.Length);
        Assert.InRange(double.Parse(samples[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture), 900, 1100);
        Assert.Contains("<th>width</th>", File.ReadAllText(host.Path("out/report.html")), StringComparison.Ordinal);
        Assert.Equal(2, LaeRun.Data(host.OutFolder).Standardization()!.Means.Count);
    }

    [Theory]
    [InlineData("--Data:Type=IdxImages", "--Data:TrainImages=images.idx", "--Data:TrainLabels=labels.idx", "--Data:Levels=3")]
    [InlineData("--Data:Type=CsvImages", "--Data:Path=images.csv", "--Data:Width=2", "--Data:Height=3", "--Data:Levels=3", "--Data:LabelColumn=class")]
    public void ImagesOfAFileOfOnesOwn(params string[] settings)
    {
        using HostRun host = new();
        byte[] pixels = [.. Enumerable.Range(0, 40 * 6).Select(i => (byte)(i * 7 % 3))];
        using (FileStream images = File.Create(host.Path("images.idx")), labels = File.Create(host.Path("labels.idx")))
        {
            Idx.Write(images, new IdxArray([40, 3, 2], pixels));
            Idx.Write(labels, new IdxArray([40], Enumerable.Range(0, 40).Select(i => (byte)(i % 2)).ToArray()));
        }

        host.Write("images.csv", "a,b,c,d,e,f,class\n" + string.Join('\n', pixels.Chunk(6).Select((row, i) => $"{string.Join(',', row)},{i % 2}")) + "\n");
        Assert.Equal(0, host.Run(["--out", "out", "--Training:BatchSize=8", .. settings]));
        DataForm form = LaeRun.Data(host.OutFolder);
        Assert.Equal((3, new ImageShape(3, 2, 1), 32, 8), (form.Levels, form.Image, form.Rows, form.TestRows));
        Assert.Equal(["0", "1"], form.LabelNames);
    }

    [Fact]
    public void NanInTrainingKeepsTheLastGoodCheckpoint()
    {
        using HostRun host = new();
        Assert.Equal(3, host.Run("--out", "out", "--Model:NanAtStep=33", "--Training:CheckpointEverySeconds=1000"));
        Assert.Equal(
            $"training stopped: loss became NaN or infinite at step 33; the last good checkpoint, of step 28, is {host.Path("out/checkpoint.safetensors")}", host.OneLine());
        using FileStream stream = File.OpenRead(host.Path("out/checkpoint.safetensors"));
        Assert.Equal("28", Safetensors.Read(stream, "checkpoint").Metadata["step"]);
        Assert.False(File.Exists(host.Path("out/metrics.json")));
    }

    [Fact]
    public void NanBeforeTheFirstCheckpoint()
    {
        using HostRun host = new();
        Assert.Equal(3, host.Run("--out", "out", "--Model:NanAtStep=1"));
        Assert.Equal("training stopped: loss became NaN or infinite at step 1; there was no checkpoint yet", host.OneLine());
    }

    [Fact]
    public void HelpListsOptionsKeysAndComponents()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("--help"));
        foreach (string told in new[]
        {
            "--config", "--out", "--seed", "--threads", "--resume", "LAE_Model__LatentSize=4", "--Model:LatentSize=4", "Digits8x8", "IdxImages", "CsvImages", "CsvTable",
            "Managed", "Reference", "Fake", "StepSize: a finite number, above 0 and at most 1 = 0.25", "CheckpointEverySeconds", "\"Type\" is one of (default Alpha)", "(default Beta)",
        })
        {
            Assert.Contains(told, host.Output, StringComparison.Ordinal);
        }

        Assert.Equal([host.Path("appsettings.json")], Directory.GetFileSystemEntries(host.Folder));
    }
}
