using System.Text;

namespace Lae.Formats.Charts;

/// <summary>
/// Draws of several laws in the plane as dots, a colour for each law, over what is known of the laws: contours of densities, or dots of reference draws. Axes can be shared with other pictures, so that methods lie beside each other on equal scales.
/// </summary>
public static class DrawsChart
{
    /// <summary>Draws the picture.</summary>
    /// <param name="draws">The dots of each law.</param>
    /// <param name="contours">Closed lines over the dots, perhaps none.</param>
    /// <param name="reference">Grey dots below, perhaps none.</param>
    /// <param name="extent">What both axes must show at least, such as the corners of what other pictures show; dots beyond are left out. Empty for all that is there.</param>
    /// <param name="options">Texts and size.</param>
    /// <returns>The SVG text; the same for the same input, everywhere.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public static string Render(
        IReadOnlyList<ChartSeries> draws, IReadOnlyList<ChartSeries> contours, IReadOnlyList<ChartSeries> reference, IReadOnlyList<(double X, double Y)> extent, ChartOptions options)
    {
        ChartSeries shown = extent.Count > 0
            ? new ChartSeries("extent", [.. extent.Select(corner => corner.X)], [.. extent.Select(corner => corner.Y)])
            : new ChartSeries("all", [.. draws.Concat(contours).Concat(reference).SelectMany(one => one.X)], [.. draws.Concat(contours).Concat(reference).SelectMany(one => one.Y)]);
        ChartFrame frame = new([shown], options, xMargin: 0.05, static (_, _, _, _) => { });
        foreach (ChartSeries one in reference)
        {
            Dots(frame, one, ChartColours.Axis, 2, 0.35);
        }

        for (int i = 0; i < draws.Count; i++)
        {
            Dots(frame, draws[i], ChartColours.Of(i), 3, 0.6);
        }

        foreach (ChartSeries contour in contours)
        {
            StringBuilder line = new();
            for (int i = 0; i < contour.X.Count; i++)
            {
                (double x, double y) = frame.Place(contour.X[i], contour.Y[i]);
                line.Append(i == 0 ? 'M' : 'L').Append(Svg.Number(x)).Append(' ').Append(Svg.Number(y));
            }

            frame.Canvas.BeginGroup(contour.Name);
            frame.Canvas.Path(line.Append('z'), $"fill=\"none\" stroke=\"{ChartColours.Text}\" stroke-width=\"1.2\"");
            frame.Canvas.EndGroup();
        }

        return frame.Canvas.Finish();
    }

    /// <summary>A dot is a line of length 0 with round ends: a dozen bytes.</summary>
    private static void Dots(ChartFrame frame, ChartSeries series, string colour, double width, double opacity)
    {
        StringBuilder path = new();
        for (int i = 0; i < series.X.Count; i++)
        {
            if (frame.CanShow(series.X[i], series.Y[i]))
            {
                (double x, double y) = frame.Place(series.X[i], series.Y[i]);
                if (x >= frame.Left && x <= frame.Right && y >= frame.Top && y <= frame.Bottom)
                {
                    path.Append('M').Append(Svg.Number(Math.Round(x, 1))).Append(' ').Append(Svg.Number(Math.Round(y, 1))).Append("h0");
                }
            }
        }

        if (path.Length == 0)
        {
            return;
        }

        frame.Canvas.BeginGroup(series.Name);
        frame.Canvas.Path(path, $"fill=\"none\" stroke=\"{colour}\" stroke-width=\"{Svg.Number(width)}\" stroke-linecap=\"round\" stroke-opacity=\"{Svg.Number(opacity)}\"");
        frame.Canvas.EndGroup();
    }
}
