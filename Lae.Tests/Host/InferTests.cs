using System.Text.Json.Nodes;

namespace Lae.Tests.Host;

/// <summary><c>lae infer</c>: figures, pictures, the same bytes for any number of threads, and one line for what it cannot use.</summary>
public sealed class InferTests
{
    private const string Configuration = """
        {
          "Name": "small", "Seed": 3, "Draws": 200, "Projections": 10, "Shown": 20,
          "Problem": { "Type": "ConjugateGaussian", "Points": 2 },
          "Methods": [
            { "Type": "LangevinDynamics", "Label": "LD", "Chains": 20, "BurnIn": 20, "Transitions": 5 },
            { "Type": "AmortizedLangevin", "Encoder": { "Type": "Dense", "Widths": [ 16 ] }, "EncoderUpdate": { "Type": "LeastNorm" }, "Transitions": 2, "BurnIn": 10 },
            { "Type": "AmortizedLangevin", "Encoder": { "Type": "Dense", "Widths": [ 16 ] }, "Transitions": 2, "BurnIn": 10 },
            { "Type": "Variational", "Encoder": { "Type": "Dense", "Widths": [ 16 ] }, "Posterior": { "Type": "PlanarFlow", "Layers": 1 }, "Steps": 10, "Samples": 2 },
          ]
        }
        """;

    [Fact]
    public void FiguresOfEveryMethodAreWrittenAndDoNotDependOnThreads()
    {
        using HostRun host = new();
        host.Write("infer.json", Configuration);
        Assert.True(host.Run("infer", "--config", "infer.json", "--threads", "1", "--out", host.Path("one")) == 0, host.Error);
        Assert.Contains("slicedWasserstein", host.Output, StringComparison.Ordinal);
        Assert.Equal(0, host.Run("infer", "--config", "infer.json", "--threads", "2", "--out", host.Path("two")));
        Assert.All(["infer.json", "posteriors.svg"], file => Assert.Equal(HostRun.Bytes(host.Path("one"), file), HostRun.Bytes(host.Path("two"), file)));
        JsonNode root = JsonNode.Parse(File.ReadAllText(Path.Combine(host.Path("one"), "infer.json")))!;
        Assert.Equal("exact", root["reference"]!.GetValue<string>());
        Assert.Equal(
            ["LD", "MALA per datapoint, least norm", "MALA per datapoint, regression", "variational, 1 planar flow layer"],
            root["methods"]!.AsArray().Select(method => method!["name"]!.GetValue<string>()));
        foreach (JsonNode? figures in root["methods"]!.AsArray().Select(method => method!["figures"]).Append(root["floor"]))
        {
            Assert.Equal(["effectiveSampleSize", "meanError", "slicedWasserstein", "varianceRatio"], figures!.AsObject().Select(figure => figure.Key));
            Assert.All(figures.AsObject(), figure => Assert.True(double.IsFinite(figure.Value!.GetValue<double>())));
        }

        Assert.Contains("<svg", File.ReadAllText(Path.Combine(host.Path("one"), "report.html")), StringComparison.Ordinal);
        Assert.Equal(5, JsonNode.Parse(File.ReadAllText(Path.Combine(host.Path("one"), "timing.json")))!["seconds"]!.AsObject().Count);

        // a run's own configuration gives the run again, and another seed another
        Assert.Equal(0, host.Run("infer", "--config", Path.Combine(host.Path("one"), "config.json"), "--out", host.Path("again")));
        Assert.Equal(HostRun.Bytes(host.Path("one"), "infer.json"), HostRun.Bytes(host.Path("again"), "infer.json"));
        Assert.Equal(0, host.Run("infer", "--config", "infer.json", "--seed", "4", "--out", host.Path("other")));
        Assert.NotEqual(HostRun.Bytes(host.Path("one"), "infer.json"), HostRun.Bytes(host.Path("other"), "infer.json"));
    }

    [Theory]
    [InlineData("""{ "Type": "RingMixture" }""", """{ "Type": "SamplerNetwork", "Points": 50, "Widths": [ 200 ], "Stages": 3, "MovesPerStage": 1, "Transitions": 2 }""", "largestMassError")]
    [InlineData("""{ "Type": "NeuralLikelihood", "Points": 2, "ReferenceApart": 1, "Decoder": { "Type": "Dense", "Widths": [ 4 ] } }""", """{ "Type": "LangevinDynamics", "BurnIn": 5, "Transitions": 1 }""", "varianceRatio")]
    [InlineData("""{ "Type": "ConjugateGaussian", "Covariance": [ 0.5 ], "X": [ -1, 2 ] }""", """{ "Type": "LangevinDynamics", "BurnIn": 5, "Transitions": 1 }""", "varianceRatio")]
    public void EveryProblemGivesFiguresAndAPicture(string problem, string method, string figure)
    {
        using HostRun host = new();
        host.Write("infer.json", $$"""{ "Draws": 100, "Problem": {{problem}}, "Methods": [ {{method}} ] }""");
        Assert.True(host.Run("infer", "--config", "infer.json", "--out", host.OutFolder) == 0, host.Error);
        Assert.NotNull(JsonNode.Parse(File.ReadAllText(Path.Combine(host.OutFolder, "infer.json")))!["methods"]![0]!["figures"]![figure]);
        Assert.DoesNotContain("NaN", File.ReadAllText(Path.Combine(host.OutFolder, "posteriors.svg")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Type": "RingMixture" }""", """{ "Type": "Variational" }""", "Methods:0: amortized variational inference encodes observations, and a ring of 8 Gaussians has none")]
    [InlineData("""{ "Type": "RingMixture" }""", """{ "Type": "AmortizedLangevin" }""", "Methods:0: amortized Langevin dynamics encodes observations, and a ring of 8 Gaussians has none: use SamplerNetwork")]
    [InlineData("""{ "Type": "ConjugateGaussian" }""", """{ "Type": "SamplerNetwork" }""", "Methods:0: a sampler network samples one law, and this conjugate Gaussian has 3 points: use AmortizedLangevin")]
    [InlineData("""{ "Type": "ConjugateGaussian", "X": [ 1, 2, 3 ] }""", """{ "Type": "LangevinDynamics" }""", "Problem:X: rows of 2 numbers are needed, and 3 are given")]
    [InlineData("""{ "Type": "ConjugateGaussian", "Covariance": [ 1, 2, 2, 1 ] }""", """{ "Type": "LangevinDynamics" }""", "Problem:Covariance: it must be a symmetric positive definite matrix")]
    [InlineData("""{ "Type": "ConjugateGaussian", "Covariance": [ 1, 2, 2 ] }""", """{ "Type": "LangevinDynamics" }""", "Problem:Covariance: d x d numbers are needed, and 3 are given")]
    [InlineData("""{ "Type": "ConjugateGaussian" }""", """{ "Type": "LangevinDynamics" }, { "Type": "LangevinDynamics" }""", "Methods:1: a method called \"Langevin dynamics with Metropolis test\" is there already: give one of them a Label")]
    [InlineData("""{ "Type": "ConjugateGaussian" }""", """{ "Type": "LangevinDynamic" }""", "(did you mean \"LangevinDynamics\"?)")]
    [InlineData("""{ "Type": "ConjugateGaussian" }""", """{ "Type": "AmortizedLangevin", "EncoderUpdate": { "Type": "LastLayer" } }""", "needs a latent kernel that moves the last layer")]
    [InlineData("""{ "Type": "RingMixture" }""", """{ "Type": "SamplerNetwork", "Points": 50, "Widths": [ 20 ] }""", "a sampler network of 20 features moves that many points at most, not 50")]
    [InlineData("""{ "Type": "ConjugateGaussian" }""", """{ "Type": "AmortizedLangevin", "Encoder": { "Type": "Convolutional" } }""", "Methods:0: ")]
    [InlineData("""{ "Type": "ConjugateGaussian" }""", """{ "Type": "Variational", "Encoder": { "Type": "Convolutional" } }""", "Methods:0: ")]
    [InlineData("""{ "Type": "RingMixture" }""", """{ "Type": "SamplerNetwork", "Points": 50, "Widths": [ 0, 50 ] }""", "Methods:0: ")]
    [InlineData("""{ "Type": "NeuralLikelihood", "Decoder": { "Type": "Convolutional" } }""", """{ "Type": "LangevinDynamics" }""", "Problem: ")]
    [InlineData("""{ "Type": "ConjugateGaussian" }""", "", "Methods: at least 1 element is needed")]
    public void WhatCannotBeUsedIsOneLine(string problem, string methods, string told)
    {
        using HostRun host = new();
        host.Write("infer.json", $$"""{ "Problem": {{problem}}, "Methods": [ {{methods}} ] }""");
        Assert.Contains(told, host.Refused("infer", "--config", "infer.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void AReferenceWhoseChainsDoNotMixIsWarnedOf()
    {
        using HostRun host = new();

        // little noise under a wiggly network: the posterior lies in places that chains do not leave
        host.Write("infer.json", """
            {
              "Draws": 1000, "Methods": [ { "Type": "LangevinDynamics", "BurnIn": 5, "Transitions": 1 } ],
              "Problem": { "Type": "NeuralLikelihood", "Columns": 1, "Points": 1, "X": [ 0 ], "Gain": 8, "NoiseDeviation": 0.05, "ReferenceApart": 1, "Decoder": { "Type": "Dense", "Widths": [ 16, 16 ], "Activation": "Tanh", "LayerNormalization": false } }
            }
            """);
        Assert.True(host.Run("infer", "--config", "infer.json", "--out", host.OutFolder) == 0, host.Error);
        Assert.Contains("Warning: the chains of the reference have not mixed", host.Output, StringComparison.Ordinal);
        Assert.True(JsonNode.Parse(File.ReadAllText(Path.Combine(host.OutFolder, "infer.json")))!["referenceScaleReduction"]!.GetValue<double>() > 1.1);
    }

    [Fact]
    public void ASingularGramMatrixIsOneLine()
    {
        using HostRun host = new();
        host.Write("infer.json", """
            { "Draws": 100, "Problem": { "Type": "ConjugateGaussian", "X": [ 1, 2, 1, 2 ] }, "Methods": [ { "Type": "AmortizedLangevin", "EncoderUpdate": { "Type": "LeastNorm" } } ] }
            """);
        Assert.Equal(3, host.Run("infer", "--config", "infer.json", "--out", host.OutFolder));
        Assert.Contains("some datapoints are repeated", host.OneLine(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(host.OutFolder));
    }

    [Fact]
    public void HelpListsProblemsMethodsAndFigures()
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("infer", "--help"));
        foreach (string told in new[] { "--config", "--out", "--seed", "ConjugateGaussian", "NeuralLikelihood", "RingMixture", "LangevinDynamics", "AmortizedLangevin", "SamplerNetwork", "PlanarFlow", "slicedWasserstein", "LAE_Problem__Points=5" })
        {
            Assert.Contains(told, host.Output, StringComparison.Ordinal);
        }
    }
}
