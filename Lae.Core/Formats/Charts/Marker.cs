using System.Text;

namespace Lae.Formats.Charts;

/// <summary>The shape of a point, so that classes differ by more than their colour.</summary>
internal enum MarkerShape
{
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
}

/// <summary>Writes points as path commands: many in one element.</summary>
internal static class Marker
{
    public static int ShapeCount => 5;

    /// <summary>Appends a closed shape of about equal area for equal radius.</summary>
    public static void Append(StringBuilder path, MarkerShape shape, double x, double y, double radius)
    {
        string r = Svg.Number(radius);
        string diameter = Svg.Number(2 * radius);
        _ = shape switch
        {
            MarkerShape.Circle => path.Append(
                $"M{Svg.Number(x - radius)} {Svg.Number(y)}a{r} {r} 0 1 0 {diameter} 0a{r} {r} 0 1 0 -{diameter} 0z"),
            MarkerShape.Square => Polygon(path, x, y, 0.89 * radius, [(-1, -1), (1, -1), (1, 1), (-1, 1)]),
            MarkerShape.Triangle => Polygon(path, x, y, 1.3 * radius, [(0, -1), (0.9, 0.7), (-0.9, 0.7)]),
            MarkerShape.Diamond => Polygon(path, x, y, 1.25 * radius, [(0, -1), (1, 0), (0, 1), (-1, 0)]),
            _ => Polygon(path, x, y, 1.1 * radius,
                [(-0.4, -1), (0.4, -1), (0.4, -0.4), (1, -0.4), (1, 0.4), (0.4, 0.4), (0.4, 1), (-0.4, 1), (-0.4, 0.4), (-1, 0.4), (-1, -0.4), (-0.4, -0.4)]),
        };
    }

    private static StringBuilder Polygon(StringBuilder path, double x, double y, double size, ReadOnlySpan<(double X, double Y)> corners)
    {
        char command = 'M';
        foreach (var (cornerX, cornerY) in corners)
        {
            path.Append(command).Append(Svg.Number(x + size * cornerX)).Append(' ').Append(Svg.Number(y + size * cornerY));
            command = 'L';
        }

        return path.Append('z');
    }
}
