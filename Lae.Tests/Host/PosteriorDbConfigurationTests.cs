using Lae.Host.Configuration;
using Lae.Host.Plugins;
using Lae.Host.Sampling;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Kernels;
using Lae.Tests.Targets.Posteriors;

namespace Lae.Tests.Host;

/// <summary>Each <c>experiments/posteriordb/NAME.json</c> is the posterior of that name: the density and gradient of the library's model, the reference's names.</summary>
public class PosteriorDbConfigurationTests
{
    [FactIfFile("data/posteriordb/reference/sblrc-blr.json")]
    public void EveryConfigurationIsItsPosterior()
    {
        string folder = Path.Combine(Root(), "experiments", "posteriordb");
        Assert.Equal(
            PosteriorDb.All.Keys.Order(StringComparer.Ordinal), Directory.GetFiles(folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
        foreach ((string name, Func<Posterior> create) in PosteriorDb.All)
        {
            PosteriorOfData model = Prepare(Path.Combine(folder, $"{name}.json")).Model;
            Posterior expected = create();
            Assert.Equal(PosteriorDb.Read($"reference/{name}.json").GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Name), model.Posterior.Names);
            Assert.Empty(model.Warnings);
            Tensor at = GaussianProblem.Noise(7, 5, expected.Target.Dimension) * 0.3;
            LogDensityAndGradient here = model.Posterior.Target.Evaluate(at);
            LogDensityAndGradient there = expected.Target.Evaluate(at);
            AssertNear(there.LogDensity, here.LogDensity, name);
            AssertNear(there.Gradient, here.Gradient, name);
            AssertNear(expected.Report(at), model.Posterior.Report(at), name);
        }
    }

    [Fact]
    public void AMissingDataFileIsNamed()
    {
        using HostRun host = new();
        host.Write("kidiq.json", File.ReadAllText(Path.Combine(Root(), "experiments", "posteriordb", "kidiq-kidscore_momiq.json")).Replace("kidiq.json", "absent.json", StringComparison.Ordinal));
        string line = host.Refused("sample", "--config", "kidiq.json", "--Kernel:Type=MALA");
        Assert.StartsWith($"{host.Path("kidiq.json")}: Target:Data:Path: there is no file ", line, StringComparison.Ordinal);
        Assert.Contains("absent.json", line, StringComparison.Ordinal);
    }

    private static PreparedSampling Prepare(string file)
    {
        ConfigurationSource source = ConfigurationSource.OfSampling(file, Path.GetTempPath(), new System.Collections.Hashtable(), [new("Kernel:Type", "MALA")]);
        return PreparedSampling.Prepare(source, new ComponentCatalogue(null).For(source));
    }

    private static void AssertNear(Tensor expected, Tensor found, string name)
    {
        double scale = expected.ToArray().Max(Math.Abs);
        Assert.All(expected.ToArray().Zip(found.ToArray()), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-9 * scale, $"{name}: {pair.Second:R}, expected {pair.First:R}"));
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lae.sln")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}
