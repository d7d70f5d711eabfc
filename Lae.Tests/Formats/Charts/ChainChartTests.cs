using System.Globalization;
using System.Xml.Linq;
using Lae.Diagnostics;
using Lae.Formats.Charts;
using Lae.Tests.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Formats.Charts;

/// <summary>The pictures of chains. With CHARTS_FOLDER set to a folder they are also written there, to be looked at.</summary>
public sealed class ChainChartTests
{
    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    private static double[][] Chains(int seed, int chains, int length, double memory)
    {
        Matrix<double> normals = GaussianProblem.Normals(seed, chains, length);
        return [.. Enumerable.Range(0, chains).Select(chain =>
        {
            double[] x = normals.Row(chain).ToArray();
            for (int t = 1; t < length; t++)
            {
                x[t] = (memory * x[t - 1]) + (Math.Sqrt(1 - (memory * memory)) * x[t]);
            }

            return x;
        })];
    }

    private static XDocument Look(string name, string svg)
    {
        if (Environment.GetEnvironmentVariable("CHARTS_FOLDER") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, name + ".svg"), svg);
        }

        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", svg, StringComparison.Ordinal);
        return XDocument.Parse(svg);
    }

    private static string[] Texts(XDocument picture) => [.. picture.Descendants(Namespace + "text").Select(text => text.Value)];

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static XElement[] Bars(XDocument picture, string group) =>
        [.. picture.Descendants(Namespace + "g").Single(one => one.Element(Namespace + "title")!.Value == group).Elements(Namespace + "rect")];

    [Fact]
    public void A_trace_has_a_line_for_each_chain_and_ticks_for_divergences()
    {
        double[][] chains = Chains(1, 4, 1_000, 0.5);
        for (int t = 0; t < 1_000; t++)
        {
            chains[3][t] += 2.5;
        }

        bool[][] divergent = [.. chains.Select((_, chain) => Enumerable.Range(0, 1_000).Select(t => chain == 1 && t % 100 == 7).ToArray())];
        XDocument picture = Look("trace", TraceChart.Render(chains, divergent, new ChartOptions("tau", "draw", Width: 760, Height: 240)));
        Assert.Equal(["chain 1", "chain 2", "chain 3", "chain 4"], picture.Descendants(Namespace + "title").Select(title => title.Value));
        Assert.Equal(5, picture.Descendants(Namespace + "path").Count());
        Assert.Contains("divergent", Texts(picture));
        Assert.Equal(10, picture.Descendants(Namespace + "path").Single(path => path.Attribute("stroke")!.Value == "#333333").Attribute("d")!.Value.Count(command => command == 'M'));
        Assert.Throws<ArgumentException>(() => TraceChart.Render(chains, [divergent[0]]));
    }

    [Fact]
    public void A_trace_of_many_long_chains_stays_small_and_says_what_it_leaves_out()
    {
        double[][] chains = Chains(2, 40, 20_000, 0.9);
        chains[33] = [.. chains[33].Select(value => value + 9)];
        string svg = TraceChart.Render(chains, options: new ChartOptions("mu", "draw", Width: 760, Height: 240));
        XDocument picture = Look("trace-many", svg);
        Assert.Contains("mu (16 of 40 chains, those farthest from the rest)", Texts(picture));
        Assert.Contains("chain 34", picture.Descendants(Namespace + "title").Select(title => title.Value));
        Assert.True(svg.Length < 500_000);
    }

    [Fact]
    public void Bars_of_ranks_add_up_and_show_the_chain_that_lies_elsewhere()
    {
        double[][] chains = Chains(3, 4, 1_000, 0);
        XDocument good = Look("rank-good", RankChart.Render(chains, options: new ChartOptions("mu", Width: 760)));
        Assert.DoesNotContain(good.Descendants(Namespace + "rect"), bar => bar.Attribute("fill")!.Value == "#bd1f01");
        chains[3] = [.. chains[3].Select(value => value + 1.5)];
        XDocument bad = Look("rank-bad", RankChart.Render(chains, options: new ChartOptions("tau", Width: 760)));
        XElement[][] bars = [.. Enumerable.Range(1, 4).Select(chain => Bars(bad, $"chain {chain}"))];
        Assert.All(bars, one => Assert.Equal(20, one.Length));
        double[] sums = [.. bars.Select(one => one.Sum(bar => Number(bar, "height")))];
        Assert.All(sums, sum => Assert.Equal(1, sum / sums[0], 0.01));
        Assert.True(Number(bars[3][19], "height") > 5 * Number(bars[3][2], "height"));
        Assert.Contains(bars[3], bar => bar.Attribute("fill")!.Value == "#bd1f01");
        Assert.Contains(Texts(Look("rank-many", RankChart.Render(Chains(4, 40, 100, 0)))), text => text.Contains("16 of 40 chains", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => RankChart.Render([[1, 2], [1]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RankChart.Render([[1, 2]], bins: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RankChart.Render([[1, 2]], efficiency: 0));
    }

    [Fact]
    public void Ties_share_their_rank()
    {
        XElement[] bars = Bars(XDocument.Parse(RankChart.Render([[1, 1, 1, 1], [1, 1, 1, 1]], bins: 4)), "chain 2");
        Assert.Equal(1, bars.Count(bar => Number(bar, "height") > 0));
    }

    [Fact]
    public void Autocorrelations_have_bars_lines_and_the_band()
    {
        double[][] chains = Chains(5, 4, 1_000, 0.8);
        double[][] lags = [.. chains.Select(chain => Autocovariance.Normalized(chain)[..41])];
        XDocument picture = Look("autocorrelation", AutocorrelationChart.Render(lags, 1_000, new ChartOptions("mu", "lag", "autocorrelation", Width: 480, Height: 280)));
        XElement[] bars = Bars(picture, "mean of the chains");
        Assert.Equal(41, bars.Length);
        double mean = lags.Average(chain => chain[3]);
        Assert.Equal(mean, Number(bars[3], "height") / Number(bars[0], "height"), 0.01);
        XElement band = Bars(picture, "95 % of the autocorrelations of independent draws lie here").Single();
        Assert.Equal(2 * 1.96 / Math.Sqrt(1_000), Number(band, "height") / Number(bars[0], "height"), 0.001);
        Assert.Equal(4, picture.Descendants(Namespace + "path").Count());
        Look("autocorrelation-one", AutocorrelationChart.Render([lags[0]], 1_000));
        Assert.Throws<ArgumentException>(() => AutocorrelationChart.Render([], 10));
    }

    [Fact]
    public void Pairs_show_points_histograms_correlations_and_divergences()
    {
        double[] v = Chains(6, 1, 4_000, 0)[0];
        double[] z = Chains(7, 1, 4_000, 0)[0];
        double[] funnel = [.. v.Zip(z, (a, b) => Math.Exp(a) * b)];
        double[] sum = [.. v.Zip(z, (a, b) => -a + (0.3 * b))];
        bool[] divergent = [.. v.Select((a, i) => a < -1.6 && i % 3 == 0)];
        XDocument picture = Look("pair", PairChart.Render(["log tau", "theta[1]", "mu"], [v, funnel, sum], divergent, new ChartOptions("eight schools", Width: 760)));
        Assert.Equal(["log tau", "theta[1] against log tau", "theta[1]", "mu against log tau", "mu against theta[1]", "mu"], picture.Descendants(Namespace + "title").Select(title => title.Value));
        Assert.Contains("−0.96", Texts(picture));
        Assert.Contains($"{divergent.Count(one => one)} divergent", Texts(picture));
        string eight = PairChart.Render([.. Enumerable.Range(1, 8).Select(i => $"beta[{i}]")], Chains(8, 8, 4_000, 0.3));
        Look("pair-eight", eight);
        Assert.True(eight.Length < 700_000);
        Look("pair-broken", PairChart.Render(["a", "b"], [[double.NaN, 1, double.PositiveInfinity], [1, 1, 1]]));
        Assert.Throws<ArgumentException>(() => PairChart.Render(["a"], [v]));
        Assert.Throws<ArgumentException>(() => PairChart.Render(["a", "b"], [v, z], [true]));
    }

    [Fact]
    public void A_forest_has_a_line_for_each_parameter()
    {
        ForestRow[] rows = [.. Enumerable.Range(1, 8).Select(i => new ForestRow($"theta[{i}]", i - 6.5, i - 3, i + 1.2, "R-hat 1.00")), new ForestRow("tau", 0.1, 3.2, 9.8, "R-hat 1.21", IsSuspect: true), new ForestRow("x", double.NaN, double.NaN, double.NaN)];
        XDocument picture = Look("forest", ForestChart.Render(rows, new ChartOptions("eight schools", "median and 90 % interval")));
        Assert.Equal(9, picture.Descendants(Namespace + "path").Count());
        Assert.Equal(9, picture.Descendants(Namespace + "line").Count(line => line.Attribute("stroke-width")!.Value == "2.5"));
        Assert.Contains("R-hat 1.21", Texts(picture));
        Assert.Contains("and 50 more", Texts(Look("forest-many", ForestChart.Render([.. Enumerable.Range(0, 150).Select(i => new ForestRow($"beta[{i}]", i, i + 1, i + 2))]))));
        Look("forest-empty", ForestChart.Render([]));
    }

    [Fact]
    public void Autocorrelations_of_slow_chains_leave_lags_out()
    {
        double[][] every = [[1, 0.9, 0.8, 0.7, 0.6, 0.5]];
        double[][] third = [[1, 0.7]];
        string strided = AutocorrelationChart.Render(third, 100, stride: 3);
        Assert.Contains("3", Texts(XDocument.Parse(strided)));
        Assert.NotEqual(AutocorrelationChart.Render(every, 100), strided);
        Assert.Throws<ArgumentOutOfRangeException>(() => AutocorrelationChart.Render(every, 100, stride: 0));
    }

    [Fact]
    public void Foreign_text_is_escaped_and_sizes_are_checked()
    {
        const string Hostile = "<script>alert(1)</script>";
        ChartOptions options = new(Hostile, Hostile, Hostile, Width: 300);
        double[][] chains = Chains(9, 2, 30, 0);
        foreach (string svg in (string[])[
            TraceChart.Render(chains, options: options), RankChart.Render(chains, options: options), AutocorrelationChart.Render(chains, 30, options),
            PairChart.Render([Hostile, Hostile], chains, options: options), ForestChart.Render([new ForestRow(Hostile, 0, 1, 2, Hostile)], options)])
        {
            Assert.Empty(XDocument.Parse(svg).Descendants(Namespace + "script"));
            Assert.DoesNotContain("id=\"", svg, StringComparison.Ordinal);
        }

        ChartOptions tiny = new(Width: 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => RankChart.Render(chains, options: tiny));
        Assert.Throws<ArgumentOutOfRangeException>(() => PairChart.Render(["a", "b"], chains, options: tiny));
        Assert.Throws<ArgumentOutOfRangeException>(() => ForestChart.Render([], tiny));
    }
}
