using System.Text;

namespace Lae.Formats.Charts;

/// <summary>
/// Points as one SVG picture without references, which can stand alone or in a page. Each series has a colour and a shape of its
/// own, so that classes can be told apart without colour vision.
/// </summary>
public static class ScatterChart
{
    private const int FewPoints = 1500;

    /// <summary>Draws the series as points; a later series lies above an earlier one.</summary>
    /// <param name="series">The points, for instance from <see cref="ChartSeries.ByClass"/>; none is allowed and gives empty axes.</param>
    /// <param name="options">Texts, axes and size; the defaults of <see cref="ChartOptions"/> when absent.</param>
    /// <returns>The SVG text; the same for the same input, everywhere.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public static string Render(IReadOnlyList<ChartSeries> series, ChartOptions? options = null)
    {
        var frame = new ChartFrame(series, options ?? new ChartOptions(), xMargin: 0.05, DrawKey);
        double radius = series.Sum(one => one.X.Count) <= FewPoints ? 3.2 : 2.2;
        for (int i = 0; i < series.Count; i++)
        {
            var path = new StringBuilder();
            ChartSeries one = series[i];
            for (int point = 0; point < one.X.Count; point++)
            {
                if (frame.CanShow(one.X[point], one.Y[point]))
                {
                    var (x, y) = frame.Place(one.X[point], one.Y[point]);
                    Marker.Append(path, ShapeOf(i), x, y, radius);
                }
            }

            frame.Canvas.BeginGroup(one.Name);
            if (path.Length > 0)
            {
                frame.Canvas.Path(path, Style(i));
            }

            frame.Canvas.EndGroup();
        }

        return frame.Canvas.Finish();
    }

    private static void DrawKey(Svg canvas, int series, double x, double y)
    {
        var path = new StringBuilder();
        Marker.Append(path, ShapeOf(series), x, y, 4.5);
        canvas.Path(path, Style(series));
    }

    /// <summary>When the colours begin again, they meet other shapes.</summary>
    private static MarkerShape ShapeOf(int series) => (MarkerShape)((series + series / ChartColours.Count) % Marker.ShapeCount);

    private static string Style(int series) =>
        $"fill=\"{ChartColours.Of(series)}\" fill-opacity=\"0.85\" stroke=\"{ChartColours.Background}\" stroke-width=\"0.5\"";
}
