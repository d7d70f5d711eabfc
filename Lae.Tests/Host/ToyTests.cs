using System.Text.Json.Nodes;

namespace Lae.Tests.Host;

/// <summary>The claims of docs/toys.md, by the configurations themselves.</summary>
[Trait("Category", "Long")]
public sealed class ToyTests
{
    private static readonly string[] Exact = ["LD with Metropolis test", "preconditioned ALD", "distilled ALD (LAE)"];

    [Theory]
    [InlineData("univariate")]
    [InlineData("bivariate")]
    public void Langevin_methods_meet_the_exact_mean_and_variance(string toy)
    {
        Dictionary<string, JsonNode> figures = Run(toy);
        Assert.All(Exact, name =>
        {
            Assert.InRange(Of(figures, name, "meanError"), 0, 0.05);
            Assert.InRange(Of(figures, name, "varianceRatio"), 0.93, 1.07);
        });
        Assert.InRange(Of(figures, "plain ALD", "varianceRatio"), 0.9, 1.1);
        if (toy == "bivariate")
        {
            Assert.InRange(Of(figures, "diagonal Gaussian", "varianceRatio"), 0.5, 0.7);
        }
    }

    [Fact]
    public void Where_the_gram_matrix_is_badly_conditioned_plain_dynamics_do_not_mix_and_preconditioned_ones_do()
    {
        Dictionary<string, JsonNode> figures = Run("conditioning");
        Assert.InRange(Of(figures, "plain ALD", "effectiveSampleSize"), 0, 100);
        Assert.InRange(Of(figures, "plain ALD", "meanError"), 0.1, double.PositiveInfinity);
        Assert.All(["preconditioned ALD", "distilled ALD (LAE)"], name =>
        {
            Assert.InRange(Of(figures, name, "meanError"), 0, 0.05);
            Assert.InRange(Of(figures, name, "varianceRatio"), 0.93, 1.07);
        });
    }

    [Fact]
    public void Under_a_neural_likelihood_the_autoencoder_is_nearer_than_the_gaussian_and_every_flow()
    {
        Dictionary<string, JsonNode> figures = Run("neural");
        double own = Of(figures, "distilled ALD (LAE)", "slicedWasserstein");
        string[] rivals = ["diagonal Gaussian", "planar flow", "Sylvester flow", "inverse autoregressive flow", "neural autoregressive flow"];
        Assert.All(rivals, rival => Assert.True(own < Of(figures, rival, "slicedWasserstein"), rival));
    }

    [Fact]
    public void On_the_ring_the_sampler_network_finds_all_modes_with_their_masses()
    {
        Dictionary<string, JsonNode> figures = Run("ring");
        Assert.Equal(8, Of(figures, "sampler-ALD, annealed", "modes"));
        Assert.InRange(Of(figures, "sampler-ALD, annealed", "largestMassError"), 0, 0.03);
    }

    private static double Of(Dictionary<string, JsonNode> figures, string method, string name) => figures[method][name]!.GetValue<double>();

    private static Dictionary<string, JsonNode> Run(string toy)
    {
        using HostRun host = new();
        Assert.True(host.Run("infer", "--config", Path.Combine(SharedFiles.Root(), "experiments", "toys", $"{toy}.json"), "--out", host.OutFolder) == 0, host.Error);
        JsonNode root = JsonNode.Parse(File.ReadAllText(Path.Combine(host.OutFolder, "infer.json")))!;
        return root["methods"]!.AsArray().ToDictionary(method => method!["name"]!.GetValue<string>(), method => method!["figures"]!, StringComparer.Ordinal);
    }
}
