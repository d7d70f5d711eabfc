using System.Text;

namespace Lae.Formats.Charts;

/// <summary>
/// Curves as one SVG picture without references, which can stand alone or in a page. A long curve keeps of each pixel column the
/// first, least, greatest and last point, which looks the same and stays small.
/// </summary>
public static class LineChart
{
    private const int LongestWhole = 2000;
    private static readonly string?[] Dashes = [null, "6 3", "2 3"];

    /// <summary>Draws the series as lines between their points, in order.</summary>
    /// <param name="series">The curves; none is allowed and gives empty axes.</param>
    /// <param name="options">Texts, axes and size; the defaults of <see cref="ChartOptions"/> when absent.</param>
    /// <returns>The SVG text; the same for the same input, everywhere.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public static string Render(IReadOnlyList<ChartSeries> series, ChartOptions? options = null)
    {
        var frame = new ChartFrame(series, options ?? new ChartOptions(), xMargin: 0, DrawKey);
        for (int i = 0; i < series.Count; i++)
        {
            Draw(frame, series[i], i);
        }

        return frame.Canvas.Finish();
    }

    internal static void DrawKey(Svg canvas, int series, double x, double y) =>
        canvas.Line(x - 10, y, x + 8, y, ChartColours.Of(series), 2.5, DashesOf(series));

    /// <summary>When the colours begin again, the dashes change.</summary>
    private static string? DashesOf(int series) => Dashes[series / ChartColours.Count % Dashes.Length];

    /// <summary>Draws one curve, interrupted where it cannot be shown.</summary>
    internal static void Draw(ChartFrame frame, ChartSeries series, int index, string width = "1.8", string longWidth = "1", string more = "", int longestWhole = LongestWhole, double column = 1)
    {
        var line = new StringBuilder();
        var lonePoints = new StringBuilder();
        var run = new List<(double X, double Y)>();
        for (int i = 0; i <= series.X.Count; i++)
        {
            if (i < series.X.Count && frame.CanShow(series.X[i], series.Y[i]))
            {
                run.Add(frame.Place(series.X[i], series.Y[i]));
                continue;
            }

            if (run.Count == 1)
            {
                Marker.Append(lonePoints, MarkerShape.Circle, run[0].X, run[0].Y, 2.5);
            }
            else if (run.Count > 1)
            {
                bool isLong = run.Count > longestWhole;
                // A fine stroke leaves the shape of a dense curve visible.
                width = isLong ? longWidth : width;
                Append(line, isLong ? Thin(run, column) : run);
            }

            run.Clear();
        }

        frame.Canvas.BeginGroup(series.Name);
        if (line.Length > 0)
        {
            string dashes = DashesOf(index) is { } pattern ? $" stroke-dasharray=\"{pattern}\"" : "";
            frame.Canvas.Path(line, $"fill=\"none\" stroke=\"{ChartColours.Of(index)}\" stroke-width=\"{width}\" "
                + $"stroke-linejoin=\"round\" stroke-linecap=\"round\"{dashes}{more}");
        }

        if (lonePoints.Length > 0)
        {
            frame.Canvas.Path(lonePoints, $"fill=\"{ChartColours.Of(index)}\"");
        }

        frame.Canvas.EndGroup();
    }

    private static void Append(StringBuilder line, List<(double X, double Y)> points)
    {
        char command = 'M';
        foreach (var (x, y) in points)
        {
            line.Append(command).Append(Svg.Number(x)).Append(' ').Append(Svg.Number(y));
            command = 'L';
        }
    }

    private static List<(double X, double Y)> Thin(List<(double X, double Y)> points, double width)
    {
        var thinned = new List<(double X, double Y)>();
        for (int start = 0; start < points.Count;)
        {
            double column = Math.Floor(points[start].X / width);
            int end = start;
            int least = start;
            int greatest = start;
            for (; end < points.Count && Math.Floor(points[end].X / width) == column; end++)
            {
                least = points[end].Y < points[least].Y ? end : least;
                greatest = points[end].Y > points[greatest].Y ? end : greatest;
            }

            foreach (int kept in new SortedSet<int> { start, least, greatest, end - 1 })
            {
                thinned.Add(points[kept]);
            }

            start = end;
        }

        return thinned;
    }
}
