using System.Globalization;
using System.Text;

namespace Lae.Formats.Charts;

/// <summary>
/// Every parameter against every other: points below the diagonal, histograms on it, correlations above it. Draws after a divergent transition are marked; where they crowd, the posterior is too narrow for the step.
/// </summary>
public static class PairChart
{
    private const int MostParameters = 12;
    private const int MostPoints = 1_500;
    private const int MostPointsInAll = 20_000;
    private const int MostMarks = 500;
    private const int Bins = 24;

    /// <summary>Draws the grid.</summary>
    /// <param name="names">Names of the parameters, 2 to 12.</param>
    /// <param name="values">The draws of each parameter, all chains one after the other, as many for each. Of more than 1,500 (or 20,000 in all plots together) every so-manieth is shown.</param>
    /// <param name="divergent">Whether the transition that led to a draw diverged; null for none.</param>
    /// <param name="options">Title and width, 760 when absent; the picture is square, labels and scales do not apply.</param>
    /// <returns>The SVG text; the same for the same input, everywhere.</returns>
    /// <exception cref="ArgumentException">The numbers of names, parameters or draws do not fit together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is out of range.</exception>
    public static string Render(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<double>> values, IReadOnlyList<bool>? divergent = null, ChartOptions? options = null)
    {
        if (names.Count is < 2 or > MostParameters || values.Count != names.Count || values.Any(one => one.Count != values[0].Count) || (divergent is not null && divergent.Count != values[0].Count))
        {
            throw new ArgumentException($"2 to {MostParameters} parameters with equally many draws are needed, and a mark for every draw or none; found {names.Count} names and {values.Count} parameters.", nameof(values));
        }

        options ??= new ChartOptions(Width: 760);
        ChartFrame.CheckSize(options);
        int count = names.Count;
        int[] marked = divergent is null ? [] : [.. Enumerable.Range(0, divergent.Count).Where(draw => divergent[draw])];
        const double Left = 62;
        double top = options.Title.Length > 0 || marked.Length > 0 ? 44 : 16;
        double pitch = (options.Width - Left - 14) / count;
        Svg canvas = new(options.Width, (int)(top + (count * pitch) + 44), $"{(options.Title.Length > 0 ? options.Title : "Pairs")}: {string.Join(", ", names)} against each other");
        if (options.Title.Length > 0)
        {
            canvas.Text(14, 24, options.Title, "start", ChartColours.Text, " font-size=\"15\" font-weight=\"600\"");
        }

        if (marked.Length > 0)
        {
            StringBuilder key = new();
            Marker.Append(key, MarkerShape.Cross, options.Width - 14 - (6.7 * $"{marked.Length} divergent".Length) - 12, 20, 4.5);
            canvas.Path(key, $"fill=\"{ChartColours.Alarm}\"");
            canvas.Text(options.Width - 14, 24, $"{marked.Length} divergent", "end", ChartColours.Text);
        }

        int most = Math.Min(MostPoints, MostPointsInAll / (count * (count - 1) / 2));
        Axis[] axes = [.. values.Select(one => new Axis(AxisScale.Linear, one, 0.04))];
        for (int row = 0; row < count; row++)
        {
            for (int column = 0; column < count; column++)
            {
                double left = Left + (column * pitch);
                double above = top + (row * pitch);
                if (column > row)
                {
                    Correlation(canvas, left + ((pitch - 10) / 2), above + ((pitch - 10) / 2), values[column], values[row]);
                    continue;
                }

                int[][] bins = column == row ? [Histogram(values[row], axes[row])] : [];
                Axis y = column == row ? new Axis(AxisScale.Linear, [0, 1.05 * Math.Max(1, bins[0].Max())], 0) : axes[row];
                Panel panel = new(canvas, left, above, left + pitch - 10, above + pitch - 10, axes[column], y);
                if (column == row)
                {
                    Bars(canvas, panel, bins[0], names[row]);
                }
                else
                {
                    Points(canvas, panel, values[column], values[row], marked, most, $"{names[row]} against {names[column]}");
                }

                // the numbers of a histogram's bars say nothing beside those of the parameters
                panel.DrawAxes(numbersBelow: row == count - 1, numbersLeft: column == 0 && row > 0, ticksLeft: column < row);
                if (row == count - 1)
                {
                    canvas.Text((panel.Left + panel.Right) / 2, panel.Bottom + 32, Panel.Cut(names[column], pitch), "middle", ChartColours.Text);
                }

                if (column == 0)
                {
                    double middle = (panel.Top + panel.Bottom) / 2;
                    canvas.Text(16, middle, Panel.Cut(names[row], pitch), "middle", ChartColours.Text, $" transform=\"rotate(-90 16 {Svg.Number(middle)})\"");
                }
            }
        }

        return canvas.Finish();
    }

    private static void Points(Svg canvas, Panel panel, IReadOnlyList<double> x, IReadOnlyList<double> y, int[] marked, int most, string name)
    {
        StringBuilder points = new();
        int stride = Math.Max(1, (x.Count + most - 1) / most);
        for (int draw = 0; draw < x.Count; draw += stride)
        {
            if (panel.CanShow(x[draw], y[draw]))
            {
                // the shortest form of a small square: there are many
                points.Append(CultureInfo.InvariantCulture, $"M{panel.PlaceX(x[draw]) - 1.2:0.#} {panel.PlaceY(y[draw]) - 1.2:0.#}h2.4v2.4h-2.4z");
            }
        }

        StringBuilder marks = new();
        int markStride = Math.Max(1, (marked.Length + MostMarks - 1) / MostMarks);
        for (int i = 0; i < marked.Length; i += markStride)
        {
            if (panel.CanShow(x[marked[i]], y[marked[i]]))
            {
                Marker.Append(marks, MarkerShape.Cross, panel.PlaceX(x[marked[i]]), panel.PlaceY(y[marked[i]]), 3);
            }
        }

        canvas.BeginGroup(name);
        if (points.Length > 0)
        {
            canvas.Path(points, $"fill=\"{ChartColours.Of(0)}\" fill-opacity=\"0.55\"");
        }

        if (marks.Length > 0)
        {
            canvas.Path(marks, $"fill=\"{ChartColours.Alarm}\"");
        }

        canvas.EndGroup();
    }

    private static void Bars(Svg canvas, Panel panel, int[] bins, string name)
    {
        double width = (panel.Right - panel.Left) / bins.Length;
        canvas.BeginGroup(name);
        for (int bin = 0; bin < bins.Length; bin++)
        {
            double top = panel.PlaceY(bins[bin]);
            canvas.Rectangle(panel.Left + (bin * width), top, width, panel.Bottom - top, ChartColours.Bar);
        }

        canvas.EndGroup();
    }

    private static void Correlation(Svg canvas, double x, double y, IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        (double meanA, double meanB) = (a.Average(), b.Average());
        (double both, double squaresA, double squaresB) = (0, 0, 0);
        for (int i = 0; i < a.Count; i++)
        {
            both += (a[i] - meanA) * (b[i] - meanB);
            squaresA += (a[i] - meanA) * (a[i] - meanA);
            squaresB += (b[i] - meanB) * (b[i] - meanB);
        }

        double correlation = both / Math.Sqrt(squaresA * squaresB);
        if (double.IsFinite(correlation))
        {
            string text = correlation.ToString("0.00", CultureInfo.InvariantCulture).Replace('-', '−');
            // the stronger, the larger
            string size = Svg.Number(11 + (7 * Math.Abs(correlation)));
            canvas.Text(x, y + 5, text == "−0.00" ? "0.00" : text, "middle", ChartColours.FaintText, $" font-size=\"{size}\"");
        }
    }

    private static int[] Histogram(IReadOnlyList<double> values, Axis axis)
    {
        int[] bins = new int[Bins];
        foreach (double value in values)
        {
            if (axis.CanShow(value))
            {
                bins[Math.Clamp((int)(axis.Fraction(value) * Bins), 0, Bins - 1)]++;
            }
        }

        return bins;
    }
}
