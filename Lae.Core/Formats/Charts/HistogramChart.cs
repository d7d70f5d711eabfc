using System.Text;

namespace Lae.Formats.Charts;

/// <summary>
/// Histograms of several laws on the line, scaled to area 1, a colour for each law, with curves over them such as exact densities. Axes can be shared with other pictures.
/// </summary>
public static class HistogramChart
{
    /// <summary>Draws the picture.</summary>
    /// <param name="samples">The numbers of each law, each one or more.</param>
    /// <param name="curves">Lines over the histograms, perhaps none.</param>
    /// <param name="low">The left end of the axis.</param>
    /// <param name="high">The right end, above it; numbers beyond the ends count for the area but are not shown.</param>
    /// <param name="top">The height that the vertical axis shows, positive.</param>
    /// <param name="bins">Bins from end to end, 1 or more.</param>
    /// <param name="options">Texts and size.</param>
    /// <returns>The SVG text; the same for the same input, everywhere.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range, the ends are not in order, or there is no bin.</exception>
    public static string Render(
        IReadOnlyList<IReadOnlyList<double>> samples, IReadOnlyList<ChartSeries> curves, double low, double high, double top, int bins, ChartOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(high, low);
        ChartFrame frame = new([new ChartSeries("extent", [low, high], [0, top])], options, xMargin: 0, static (_, _, _, _) => { });
        for (int i = 0; i < samples.Count; i++)
        {
            StringBuilder outline = new();
            double[] heights = Heights(samples[i], low, high, bins);
            double width = (high - low) / bins;
            outline.Append('M').Append(Svg.Number(frame.PlaceX(low))).Append(' ').Append(Svg.Number(frame.PlaceY(0)));
            for (int bin = 0; bin < bins; bin++)
            {
                outline.Append('V').Append(Svg.Number(Math.Max(frame.Top, frame.PlaceY(heights[bin])))).Append('H').Append(Svg.Number(frame.PlaceX(low + ((bin + 1) * width))));
            }

            outline.Append('V').Append(Svg.Number(frame.PlaceY(0))).Append('z');
            frame.Canvas.BeginGroup($"histogram {i + 1}");
            frame.Canvas.Path(outline, $"fill=\"{ChartColours.Of(i)}\" fill-opacity=\"0.35\" stroke=\"{ChartColours.Of(i)}\" stroke-width=\"0.8\"");
            frame.Canvas.EndGroup();
        }

        foreach (ChartSeries curve in curves)
        {
            StringBuilder line = new();
            for (int i = 0; i < curve.X.Count; i++)
            {
                (double x, double y) = frame.Place(curve.X[i], curve.Y[i]);
                line.Append(i == 0 ? 'M' : 'L').Append(Svg.Number(x)).Append(' ').Append(Svg.Number(y));
            }

            frame.Canvas.BeginGroup(curve.Name);
            frame.Canvas.Path(line, $"fill=\"none\" stroke=\"{ChartColours.Text}\" stroke-width=\"1.2\"");
            frame.Canvas.EndGroup();
        }

        return frame.Canvas.Finish();
    }

    /// <summary>The heights of a histogram: the share of the numbers in each bin, over its width.</summary>
    /// <param name="sample">Numbers, one or more; those beyond the ends count for the area.</param>
    /// <param name="low">The left end.</param>
    /// <param name="high">The right end, above it.</param>
    /// <param name="bins">Bins from end to end, 1 or more.</param>
    /// <returns>A density for each bin.</returns>
    public static double[] Heights(IReadOnlyList<double> sample, double low, double high, int bins)
    {
        double[] heights = new double[bins];
        double unit = bins / (high - low) / sample.Count;
        foreach (double value in sample)
        {
            double place = (value - low) / (high - low) * bins;
            if (place >= 0 && place < bins)
            {
                heights[(int)place] += unit;
            }
        }

        return heights;
    }
}
