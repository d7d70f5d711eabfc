using Lae.Host.Plugins;
using Lae.Models;

namespace Lae.Tests.Host;

/// <summary>Whatever model a configuration names, bad data end in one line that names the place, before anything is written.</summary>
public sealed class ModelRefusalTests
{
    private const string Configuration = """
        {
          "Seed": 7,
          "Data": { "Type": "CsvImages", "Path": "images.csv", "Width": 2, "Height": 2, "Levels": 256, "TestFraction": 0.25 },
          "Model": { "Type": "LangevinAutoencoder", "LatentSize": 1 },
          "Training": { "Epochs": 1, "BatchSize": 2 }
        }
        """;

    public static TheoryData<string> Models =>
        [.. new ComponentCatalogue(null).WithoutPlugins().Of(typeof(IModelFactory)).Select(component => component.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_pixel_out_of_range_a_row_of_another_length_and_a_nan_are_refused_with_their_line(string model)
    {
        using HostRun host = new(Configuration.Replace("LangevinAutoencoder", model, StringComparison.Ordinal));
        const string Good = "a,b,c,d\n0,1,2,255\n";
        foreach (string row in (string[])["0,1,2,256", "0,-1,2,3", "0,1,2", "0,NaN,1,2"])
        {
            host.Write("images.csv", $"{Good}{row}\n0,0,0,0\n9,9,9,9\n");
            string line = host.Refused();
            Assert.StartsWith($"{host.Path("images.csv")}: ", line, StringComparison.Ordinal);
            Assert.Matches("(line 3|row 2)", line);
        }

        host.Write("images.csv", "a,b,c\n0,1,2\n3,4,5\n6,7,8\n9,9,9\n");
        Assert.StartsWith($"{host.Path("images.csv")}: ", host.Refused(), StringComparison.Ordinal);
    }
}
