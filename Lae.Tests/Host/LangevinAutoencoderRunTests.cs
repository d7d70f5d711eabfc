using Lae.Host;
using Lae.Host.Reports;
using Lae.Host.Runs;
using Lae.Models;
using Lae.Numerics;

namespace Lae.Tests.Host;

/// <summary>The Langevin autoencoder itself, end to end in the host, with each way of moving latent points.</summary>
public class LangevinAutoencoderRunTests
{
    private const string Configuration = """
        {
          "Name": "lae",
          "Seed": 7,
          "Engine": { "Type": "Managed" },
          "Data": { "Type": "Digits8x8", "TestFraction": 0.2 },
          "Model": {
            "Type": "LangevinAutoencoder",
            "LatentSize": 4,
            "Encoder": { "Type": "Dense", "Widths": [ 128 ] },
            "Decoder": { "Type": "Dense", "Widths": [ 32 ] },
            "Transitions": 2,
            "StepSize": 0.05
          },
          "Training": { "Epochs": 3, "BatchSize": 50, "LogEvery": 10, "CheckpointEverySeconds": 0 },
          "Evaluation": { "PosteriorDraws": 2, "PosteriorTransitions": 2 },
          "Output": { "Samples": 16, "Reconstructions": 8 }
        }
        """;

    private static readonly string[] Distilled = ["--Model:LatentKernel:Type=DatapointLangevin", "--Model:EncoderUpdate:Type=Regression"];
    private static readonly string[] Drift = ["--Model:EncoderUpdate:Type=Drift"];
    private static readonly string[] Decay = ["--Model:Optimizer:Type=Adam", "--Model:Optimizer:DecaySteps=200", "--Model:Optimizer:WeightDecay=0.5"];
    private static readonly string[] Plain = ["--Model:LatentKernel:Type=PlainLangevin", "--Model:EncoderUpdate:Type=LastLayer", "--Model:StepSize=1e-5"];
    private static readonly string[] Regularised =
        ["--Model:LatentKernel:Type=PreconditionedLangevin", "--Model:LatentKernel:Regularization=1", "--Model:EncoderUpdate:Type=LastLayer", "--Model:StepSize=1e-3"];

    private static readonly string[] LeastNorm =
        ["--Model:LatentKernel:Type=PreconditionedLangevin", "--Model:EncoderUpdate:Type=LeastNorm", "--Training:BatchSize=10", "--Training:Epochs=1"];

    public static TheoryData<string> Pairs => ["distilled", "drift", "plain", "regularised", "least norm"];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void SameBytesWithOneAndTwoThreads(string pair)
    {
        using HostRun host = new(Configuration);
        Assert.Equal(0, host.Run([.. Arguments(pair), .. Decay, "--out", "one", "--threads", "1"]));
        Assert.Equal(0, host.Run([.. Arguments(pair), .. Decay, "--out", "two", "--threads", "2"]));
        HostRun.AssertEqualRuns(host.Path("one"), host.Path("two"));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void InterruptedRunEqualsAnUninterruptedOne(string pair)
    {
        using HostRun host = new(Configuration.Replace("\"LangevinAutoencoder\"", "\"Interruptible\"", StringComparison.Ordinal));
        Assert.Equal(0, host.Run([.. Arguments(pair), .. Decay, "--out", "whole"]));
        Assert.Equal(130, host.RunUntil(37, [.. Arguments(pair), .. Decay, "--out", "out"]));
        Assert.Equal(0, host.Run("--resume", "out"));
        HostRun.AssertEqualRuns(host.Path("whole"), host.OutFolder);
    }

    [Fact]
    public void DecayOfStepsAndOfWeightsReachTheOptimizer()
    {
        // 28 steps an epoch: what is learned differs by either, and by which is which
        using HostRun host = new(Configuration);
        string[][] settings = [[], ["--Model:Optimizer:Type=Adam", "--Model:Optimizer:DecaySteps=28"], ["--Model:Optimizer:Type=Adam", "--Model:Optimizer:WeightDecay=28"], [.. Decay]];
        List<double> bounds = [];
        foreach (string[] setting in settings)
        {
            string folder = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"run{bounds.Count}");
            Assert.Equal(0, host.Run([.. Distilled, .. setting, "--Training:Epochs=1", "--out", folder]));
            bounds.Add(Figure(host.Path(folder), "negativeElboPerDimension"));
        }

        Assert.Equal(settings.Length, bounds.Distinct().Count());
    }

    [Fact]
    public void AStepSizeThatIsZeroBeforeTheTrainingEndsIsRefused()
    {
        using HostRun host = new(Configuration);
        Assert.Equal("Model:Optimizer:DecaySteps: the step size is 0 after 83 steps, and the training has 84: give it as many, or 0 for a constant step size", host.Refused("--Model:Optimizer:Type=Adam", "--Model:Optimizer:DecaySteps=83"));
        Assert.Equal(0, host.Run("--Model:Optimizer:Type=Adam", "--Model:Optimizer:DecaySteps=84", "--out", "out"));
    }

    [Fact]
    public void ADecayThatTurnsSignsIsRefused()
    {
        using HostRun host = new(Configuration);
        Assert.Contains("Model:Optimizer", host.Refused("--Model:Optimizer:Type=Adam", "--Model:Optimizer:StepSize=0.1", "--Model:Optimizer:WeightDecay=10"), StringComparison.Ordinal);
    }

    [Fact]
    public void TrainingLowersTheTestBound()
    {
        using HostRun host = new(Configuration);
        Assert.Equal(0, host.Run([.. Distilled, "--out", "short", "--Training:Epochs=1"]));
        Assert.Equal(0, host.Run([.. Distilled, "--out", "long", "--Training:Epochs=8"]));
        Assert.True(Figure(host.Path("long"), "negativeElboPerDimension") < Figure(host.Path("short"), "negativeElboPerDimension") - 0.1);
    }

    [Fact]
    public void WidthsAndDrawsOfTheBoundAreThoseAskedFor()
    {
        using HostRun host = new(Configuration);
        string[] one = [.. Distilled, "--Training:Epochs=1"];
        Assert.Equal(0, host.Run([.. one, "--out", "default"]));
        Assert.Equal(0, host.Run([.. one, "--Evaluation:BoundWidths=0.05", "--out", "narrow"]));
        Assert.Equal(0, host.Run([.. one, "--Evaluation:BoundWidths=0.9", "--Evaluation:BoundDraws=1", "--out", "wide"]));
        Assert.Equal(Figure(host.Path("default"), "negativeElboPerDimension"), Figure(host.Path("narrow"), "negativeElboPerDimension"));
        Assert.Equal(0.05, Figure(host.Path("narrow"), "bestWidth"));
        Assert.NotEqual(Figure(host.Path("default"), "negativeElboPerDimension"), Figure(host.Path("wide"), "negativeElboPerDimension"));
        Assert.Contains("Evaluation:BoundWidths", host.Refused("--Evaluation:BoundWidths=0"), StringComparison.Ordinal);
        Assert.Contains("Evaluation:BoundDraws", host.Refused("--Evaluation:BoundDraws=0"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void FiguresOfTheLastEpochAreThoseOfTheEnd(int curveObservations)
    {
        // taken once where the curve has the whole test set, again where it does not: the end is the same as without a curve
        using HostRun host = new(Configuration);
        Assert.Equal(0, host.Run([.. Distilled, "--out", "plain"]));
        Assert.Equal(0, host.Run([.. Distilled, "--Evaluation:EveryEpochs=1", $"--Evaluation:CurveObservations={curveObservations}", "--out", "curve"]));
        Assert.Equal(HostRun.Bytes(host.Path("plain"), "metrics.json"), HostRun.Bytes(host.Path("curve"), "metrics.json"));
    }

    [Fact]
    public void AReloadedRunReproducesItsSamplesAndEncodes()
    {
        using HostRun host = new(Configuration);
        Assert.Equal(0, host.Run([.. Distilled, "--out", "out"]));
        TrainedModel model = LaeRun.Load(host.OutFolder);
        DataForm data = LaeRun.Data(host.OutFolder);
        Tensor samples = model.Generate(RunKeys.Samples(7), 16);
        using MemoryStream png = new();
        Lae.Formats.Png.Write(png, ImagePictures.Samples(samples, data.Image!));
        Assert.Equal(HostRun.Bytes(host.OutFolder, "samples.png"), png.ToArray());

        Tensor draws = model.SamplePosterior(RunKeys.Posterior(7), samples, 3, 5);
        Assert.Equal(new Shape(3, 16, 4), draws.Shape);
        Assert.Equal(new Shape(16, 64), model.Decode(model.Encode(samples)).Shape);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void ATrainingThatOverflowsStopsWithTheStepAndTheQuantity(string pair)
    {
        using HostRun host = new(Configuration);
        Assert.Equal(3, host.Run([.. Arguments(pair), "--Model:Optimizer:Type=GradientDescent", "--Model:Optimizer:StepSize=1000", "--Model:Encoder:LayerNormalization=false", "--Model:Decoder:LayerNormalization=false", "--out", "out"]));
        // least norm notices first that features of that size make K singular
        string cause = pair == "least norm" ? "(.+ became NaN or infinite at step [0-9]+|at step [0-9]+: The Gram matrix .+)" : ".+ became NaN or infinite at step [0-9]+";
        Assert.Matches($"training stopped: {cause}; ", host.OneLine());
        Assert.False(File.Exists(host.Path("out/report.html")));
    }

    [Fact]
    public void ASingularGramMatrixStopsTheTrainingAndIsNamed()
    {
        // 128 features cannot tell 200 datapoints apart
        using HostRun host = new(Configuration);
        Assert.Equal(3, host.Run(["--Model:LatentKernel:Type=PreconditionedLangevin", "--Model:EncoderUpdate:Type=LeastNorm", "--Training:BatchSize=200", "--out", "out"]));
        Assert.Contains("training stopped: at step 1: The Gram matrix of the features is singular: 128 features cannot tell 200 datapoints apart", host.OneLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void PartsThatDoNotGoTogetherAreRefusedInOneLine()
    {
        using HostRun host = new(Configuration);
        string line = host.Refused("--Model:LatentKernel:Type=DatapointLangevin", "--Model:EncoderUpdate:Type=LastLayer");
        Assert.Contains("the encoder update LastLayer needs a latent kernel that moves the last layer", line, StringComparison.Ordinal);
    }

    private static string[] Arguments(string pair) => pair switch
    {
        "distilled" => Distilled,
        "drift" => Drift,
        "plain" => Plain,
        "regularised" => Regularised,
        _ => LeastNorm,
    };

    private static double Figure(string folder, string name)
    {
        string text = File.ReadAllText(Path.Combine(folder, "metrics.json"));
        System.Text.Json.Nodes.JsonNode root = System.Text.Json.Nodes.JsonNode.Parse(text)!;
        return root["test"]![name]!.GetValue<double>();
    }
}
