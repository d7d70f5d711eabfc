using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Lae.Formats.Charts;

namespace Lae.Tests.Formats.Charts;

public partial class ChartTests
{
    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    [GeneratedRegex(@"[ML](-?[0-9.]+) (-?[0-9.]+)")]
    private static partial Regex Corner();

    private static List<(double X, double Y)> Points(string svg, int path)
    {
        XElement element = XDocument.Parse(svg).Descendants(Namespace + "path").ElementAt(path);
        return [.. Corner().Matches(element.Attribute("d")!.Value).Select(match => (
            double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)))];
    }

    private static double[] Range(int count, Func<int, double> value) => [.. Enumerable.Range(0, count).Select(value)];

    [Fact]
    public void Line_PassesThroughItsPoints()
    {
        string svg = LineChart.Render([new ChartSeries("a", [0, 1, 4], [0, 10, 5])]);
        List<(double X, double Y)> points = Points(svg, 0);

        Assert.Equal(3, points.Count);
        // Affine in both directions, and upwards means a smaller vertical coordinate.
        Assert.Equal(0.25, (points[1].X - points[0].X) / (points[2].X - points[0].X), 1e-4);
        Assert.Equal(0.5, (points[2].Y - points[0].Y) / (points[1].Y - points[0].Y), 1e-4);
        Assert.True(points[1].Y < points[0].Y);
    }

    [Fact]
    public void LogarithmicAxes_MakePowersStraight()
    {
        double[] x = Range(5, i => Math.Pow(10, i - 2));
        string svg = LineChart.Render(
            [new ChartSeries("a", x, Range(5, i => 3 * x[i] * x[i]))], new ChartOptions(XScale: AxisScale.Logarithmic, YScale: AxisScale.Logarithmic));
        List<(double X, double Y)> points = Points(svg, 0);

        for (int i = 1; i < 5; i++)
        {
            Assert.Equal((points[4].X - points[0].X) / 4, points[i].X - points[i - 1].X, 0.02);
            Assert.Equal((points[4].Y - points[0].Y) / 4, points[i].Y - points[i - 1].Y, 0.02);
        }
    }

    [Fact]
    public void WhatCannotBeShown_InterruptsTheLine()
    {
        double[] y = [1, 2, double.NaN, 3, double.PositiveInfinity, 4, 5, 0, -1, 6];
        string svg = LineChart.Render([new ChartSeries("a", Range(10, i => i), y)], new ChartOptions(YScale: AxisScale.Logarithmic));
        string line = XDocument.Parse(svg).Descendants(Namespace + "path").First().Attribute("d")!.Value;

        Assert.Equal(2, line.Count(character => character == 'M'));
        Assert.Equal(4, Points(svg, 0).Count);
        // The two lone points become dots.
        Assert.Equal(2, Points(svg, 1).Count);
    }

    [Fact]
    public void LongLine_StaysSmallAndKeepsItsPeaks()
    {
        double[] y = Range(200_000, i => Math.Sin(i * 0.7) + (i == 123_457 ? 50 : 0) - (i == 77_777 ? 50 : 0));
        string svg = LineChart.Render([new ChartSeries("a", Range(y.Length, i => i), y)]);
        string whole = LineChart.Render([new ChartSeries("a", [0, 77_777, 123_457, 199_999], [y[0], y[77_777], y[123_457], y[^1]])]);

        Assert.True(svg.Length < 100_000);
        Assert.Equal(Points(whole, 0)[2].Y, Points(svg, 0).Min(point => point.Y));
        Assert.Equal(Points(whole, 0)[1].Y, Points(svg, 0).Max(point => point.Y));
        Assert.Equal(Points(whole, 0)[^1], Points(svg, 0)[^1]);
    }

    [Fact]
    public void Scatter_SeparatesClassesByColourAndShape()
    {
        IReadOnlyList<ChartSeries> series = ChartSeries.ByClass([1, 2, 3], [4, 5, 6], [1, 0, 1], ["zero", "one"]);
        Assert.Equal([2.0], series[0].X);
        Assert.Equal([4.0, 6.0], series[1].Y);

        XElement[] groups = [.. XDocument.Parse(ScatterChart.Render(series)).Descendants(Namespace + "g")];
        Assert.Equal(["zero", "one"], groups.Select(group => group.Element(Namespace + "title")!.Value));
        string[] fills = [.. groups.Select(group => group.Element(Namespace + "path")!.Attribute("fill")!.Value)];
        Assert.NotEqual(fills[0], fills[1]);
        Assert.Contains('a', groups[0].Element(Namespace + "path")!.Attribute("d")!.Value);
        Assert.DoesNotContain('a', groups[1].Element(Namespace + "path")!.Attribute("d")!.Value);
    }

    [Fact]
    public void TenClassesAndMore_AllDiffer()
    {
        ChartSeries[] series = [.. Enumerable.Range(0, 30).Select(i => new ChartSeries($"{i}", [0, 1], [i, i]))];
        string[] looks = [.. XDocument.Parse(ScatterChart.Render(series, new ChartOptions(Height: 2000))).Descendants(Namespace + "g")
            .Select(group => group.Element(Namespace + "path")!)
            .Select(path => path.Attribute("fill")!.Value + path.Attribute("d")!.Value.Count(char.IsLetter))];
        // A square and a diamond have equally many corners, so fewer than 30 can be told apart here.
        Assert.True(looks.Distinct().Count() >= 24);
        string[] lines = [.. XDocument.Parse(LineChart.Render(series)).Descendants(Namespace + "g")
            .Select(group => group.Element(Namespace + "path")!)
            .Select(path => path.Attribute("stroke")!.Value + path.Attribute("stroke-dasharray")?.Value)];
        Assert.Equal(30, lines.Distinct().Count());
        Assert.Contains("more", LineChart.Render(series), StringComparison.Ordinal);
    }

    [Fact]
    public void ForeignText_IsEscaped()
    {
        const string Hostile = "</text><script>alert('1 & 2')</script>\u0001\ud800\"\n";
        var options = new ChartOptions(Hostile, Hostile, Hostile);
        foreach (string svg in (string[])[
            LineChart.Render([new ChartSeries(Hostile, [1], [1]), new ChartSeries("b", [1], [2])], options),
            ScatterChart.Render([new ChartSeries(Hostile, [1], [1]), new ChartSeries("b", [1], [2])], options)])
        {
            XDocument document = XDocument.Parse(svg);
            Assert.Empty(document.Descendants(Namespace + "script"));
            Assert.Contains(document.Descendants(Namespace + "title"), title => title.Value == "</text><script>alert('1 & 2')</script>\uFFFD\uFFFD\" ");
        }
    }

    [Fact]
    public void Output_IsStableAndSelfContained()
    {
        ChartSeries[] series = [new ChartSeries("a", [0.1, 0.2], [-1e-3, 5]), new ChartSeries("b", [0.15], [1])];
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "~";
        string plain = ScatterChart.Render(series);
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(plain, ScatterChart.Render(series));
            Assert.Equal(LineChart.Render(series), LineChart.Render(series));
            Assert.DoesNotContain('~', LineChart.Render(series));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.DoesNotContain("id=", plain.Replace("width=", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("href", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", plain, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new double[] { })]
    [InlineData(new[] { 3.0 })]
    [InlineData(new[] { 0.0, 0.0 })]
    [InlineData(new[] { double.NaN, double.NegativeInfinity })]
    [InlineData(new[] { -1e308, 1e308 })]
    [InlineData(new[] { 1e299, -1e300 })]
    [InlineData(new[] { 1e-320, 2e-320 })]
    [InlineData(new[] { 1.0, 1.0000000000000002 })]
    [InlineData(new[] { 1e-299, 1e299 })]
    public void ExtremeData_GiveSoundPictures(double[] values)
    {
        foreach (AxisScale scale in Enum.GetValues<AxisScale>())
        {
            var options = new ChartOptions(XScale: scale, YScale: scale);
            foreach (string svg in (string[])[
                LineChart.Render([new ChartSeries("a", values, values)], options), ScatterChart.Render([new ChartSeries("a", values, values)], options)])
            {
                XDocument.Parse(svg);
                Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
                Assert.DoesNotContain("∞", svg, StringComparison.Ordinal);
                Assert.DoesNotContain("Infinity", svg, StringComparison.Ordinal);
                Assert.True(svg.Length < 20_000);
            }
        }
    }

    [Fact]
    public void BadArguments_Refused()
    {
        Assert.Throws<ArgumentException>(() => new ChartSeries("a", [1], [1, 2]));
        Assert.Throws<ArgumentException>(() => ChartSeries.ByClass([1], [1], [0, 1], ["a"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChartSeries.ByClass([1], [1], [1], ["a"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => LineChart.Render([], new ChartOptions(Width: 10)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScatterChart.Render([], new ChartOptions(Height: 10_000)));
    }
}
