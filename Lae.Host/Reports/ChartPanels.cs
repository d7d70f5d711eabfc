using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lae.Host.Reports;

/// <summary>Charts of one size side by side in one SVG document.</summary>
internal static partial class ChartPanels
{
    /// <summary>Puts charts into a grid, row by row.</summary>
    /// <param name="charts">SVG documents, one or more, of the same width and height.</param>
    /// <param name="columns">Charts in a row, 1 or more.</param>
    public static string Compose(IReadOnlyList<string> charts, int columns)
    {
        int width = Size(charts[0], "width");
        int height = Size(charts[0], "height");
        int rows = (charts.Count + columns - 1) / columns;
        StringBuilder picture = new();
        picture.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{columns * width}\" height=\"{rows * height}\" viewBox=\"0 0 {columns * width} {rows * height}\">\n");
        for (int i = 0; i < charts.Count; i++)
        {
            int start = charts[i].IndexOf("<svg", StringComparison.Ordinal) + "<svg".Length;
            picture.Append(CultureInfo.InvariantCulture, $"<svg x=\"{i % columns * width}\" y=\"{i / columns * height}\"").Append(charts[i].AsSpan(start)).Append('\n');
        }

        return picture.Append("</svg>\n").ToString();
    }

    private static int Size(string chart, string side) =>
        int.Parse(Sizes().Matches(chart).First(match => match.Groups[1].Value == side).Groups[2].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(" (width|height)=\"(\\d+)\"")]
    private static partial Regex Sizes();
}
