using System.Xml.Linq;
using Lae.Formats.Charts;

namespace Lae.Tests.Formats.Charts;

/// <summary>Pictures of draws: what is shown, and on which axes.</summary>
public sealed class DrawsChartTests
{
    [Fact]
    public void Dots_contours_and_reference_are_groups_with_names_and_dots_beyond_the_extent_are_left_out()
    {
        string svg = DrawsChart.Render(
            [new ChartSeries("point 1", [0, 0.5, 100], [0, 0.5, 0])],
            [new ChartSeries("contour", [-0.5, 0.5, 0], [0, 0, 0.5])],
            [new ChartSeries("reference", [0.1], [0.1])],
            [(-1, -1), (1, 1)],
            new ChartOptions("draws", Width: 300, Height: 300));
        XElement root = XDocument.Parse(svg).Root!;
        Assert.Equal(["reference", "point 1", "contour"], root.Descendants().Where(element => element.Name.LocalName == "title").Select(element => element.Value));
        string dots = root.Descendants().Single(element => element.Name.LocalName == "g" && element.Elements().First().Value == "point 1").Elements().Last().Attribute("d")!.Value;
        Assert.Equal(2, dots.Count(character => character == 'M'));
    }

    [Fact]
    public void Without_an_extent_everything_is_shown()
    {
        string svg = DrawsChart.Render([new ChartSeries("a", [0, 100], [0, 1])], [], [], [], new ChartOptions(Width: 300, Height: 300));
        string dots = XDocument.Parse(svg).Descendants().Last(element => element.Name.LocalName == "path").Attribute("d")!.Value;
        Assert.Equal(2, dots.Count(character => character == 'M'));
    }

    [Fact]
    public void A_histogram_has_area_one_over_all_numbers_and_counts_those_beyond_its_ends()
    {
        Assert.Equal([0.25, 0.5, 0, 0.25], HistogramChart.Heights([0.5, 1, 1.9, 3], 0, 4, 4));
        Assert.Equal([0.5, 0], HistogramChart.Heights([0.5, 7], 0, 2, 2));
    }

    [Fact]
    public void A_histogram_is_drawn_with_its_curves()
    {
        string svg = HistogramChart.Render([[0.5, 1], [1.5]], [new ChartSeries("density", [0, 1, 2], [0.1, 0.5, 0.1])], 0, 2, 1, 10, new ChartOptions("histogram", Width: 300, Height: 300));
        Assert.Equal(
            ["histogram 1", "histogram 2", "density"], XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName == "title").Select(element => element.Value));
        Assert.Throws<ArgumentOutOfRangeException>(() => HistogramChart.Render([], [], 1, 1, 1, 10, new ChartOptions(Width: 300, Height: 300)));
    }
}
