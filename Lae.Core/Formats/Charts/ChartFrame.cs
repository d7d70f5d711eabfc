using System.Text;

namespace Lae.Formats.Charts;

/// <summary>Everything of a chart but its data: title, axes, grid and legend, and the place of a point in the picture.</summary>
internal sealed class ChartFrame
{
    private const double CharacterWidth = 6.7;
    private const double LegendRow = 20;
    private const int LongestName = 24;

    private readonly ChartOptions options;
    private readonly Axis x;
    private readonly Axis y;
    private readonly double left;
    private readonly double right;
    private readonly double top;
    private readonly double bottom;

    public ChartFrame(IReadOnlyList<ChartSeries> series, ChartOptions options, double xMargin, Action<Svg, int, double, double> drawKey)
    {
        CheckSize(options);
        this.options = options;
        Canvas = new Svg(options.Width, options.Height, Description(options, series));
        // A point counts for both axes or for neither.
        var everything = new Axis(options.XScale, [], 0);
        var everythingY = new Axis(options.YScale, [], 0);
        (double X, double Y)[] points = [.. series.SelectMany(one => one.X.Zip(one.Y))
            .Where(point => everything.CanShow(point.First) && everythingY.CanShow(point.Second))];
        this.x = new Axis(options.XScale, points.Select(point => point.X), xMargin);
        this.y = new Axis(options.YScale, points.Select(point => point.Y), 0.05);
        top = options.Title.Length > 0 ? 40 : 16;
        bottom = options.Height - (options.XLabel.Length > 0 ? 50 : 30);
        IReadOnlyList<Tick> yTicks = this.y.Ticks(Math.Max(2, (int)((bottom - top) / 48)));
        double labelWidth = yTicks.Max(tick => tick.Text.Length) * CharacterWidth;
        left = 14 + labelWidth + (options.YLabel.Length > 0 ? 22 : 0);
        string[] names = series.Count > 1 ? LegendNames(series) : [];
        double legendWidth = names.Length == 0 ? 0 : names.Max(name => name.Length) * CharacterWidth + 34;
        right = Math.Max(left + 60, options.Width - 18 - legendWidth);
        DrawAxes(yTicks);
        DrawLegend(names, drawKey);
        if (points.Length == 0)
        {
            Canvas.Text((left + right) / 2, (top + bottom) / 2, "no data", "middle", ChartColours.FaintText);
        }
    }

    public Svg Canvas { get; }

    public double PlotWidth => right - left;

    public double Left => left;

    public double Right => right;

    public double Top => top;

    public double Bottom => bottom;

    public double PlaceX(double x) => left + (this.x.Fraction(x) * (right - left));

    public double PlaceY(double y) => bottom - (this.y.Fraction(y) * (bottom - top));

    public bool CanShow(double x, double y) => this.x.CanShow(x) && this.y.CanShow(y);

    public (double X, double Y) Place(double x, double y) =>
        (PlaceX(x), PlaceY(y));

    private void DrawAxes(IReadOnlyList<Tick> yTicks)
    {
        foreach (Tick tick in yTicks)
        {
            double y = bottom - this.y.Fraction(tick.Value) * (bottom - top);
            Canvas.Line(left, y, right, y, ChartColours.Grid);
            Canvas.Text(left - 8, y + 4, tick.Text, "end", ChartColours.FaintText);
        }

        foreach (Tick tick in this.x.Ticks(Math.Max(2, (int)((right - left) / 80))))
        {
            double x = left + this.x.Fraction(tick.Value) * (right - left);
            Canvas.Line(x, top, x, bottom, ChartColours.Grid);
            Canvas.Line(x, bottom, x, bottom + 4, ChartColours.Axis);
            Canvas.Text(x, bottom + 18, tick.Text, "middle", ChartColours.FaintText);
        }

        Canvas.Line(left, bottom, right, bottom, ChartColours.Axis);
        Canvas.Line(left, top, left, bottom, ChartColours.Axis);
        if (this.options.Title.Length > 0)
        {
            Canvas.Text(left, 24, this.options.Title, "start", ChartColours.Text, " font-size=\"15\" font-weight=\"600\"");
        }

        if (this.options.XLabel.Length > 0)
        {
            Canvas.Text((left + right) / 2, this.options.Height - 12, this.options.XLabel, "middle", ChartColours.Text);
        }

        if (this.options.YLabel.Length > 0)
        {
            double middle = (top + bottom) / 2;
            Canvas.Text(18, middle, this.options.YLabel, "middle", ChartColours.Text, $" transform=\"rotate(-90 18 {Svg.Number(middle)})\"");
        }
    }

    private void DrawLegend(string[] names, Action<Svg, int, double, double> drawKey)
    {
        int fitting = Math.Max(1, (int)((bottom - top) / LegendRow));
        int shown = names.Length <= fitting ? names.Length : fitting - 1;
        for (int i = 0; i < shown; i++)
        {
            double y = top + (i + 0.5) * LegendRow;
            drawKey(Canvas, i, right + 22, y);
            Canvas.Text(right + 36, y + 4, names[i], "start", ChartColours.Text);
        }

        if (shown < names.Length)
        {
            Canvas.Text(right + 36, top + (shown + 0.5) * LegendRow + 4, $"+{names.Length - shown} more", "start", ChartColours.FaintText);
        }
    }

    private static string[] LegendNames(IReadOnlyList<ChartSeries> series) =>
        [.. series.Select(one => one.Name.Length <= LongestName ? one.Name : one.Name[..(LongestName - 1)] + "…")];

    private static string Description(ChartOptions options, IReadOnlyList<ChartSeries> series)
    {
        var text = new StringBuilder(options.Title.Length > 0 ? options.Title : "Chart");
        if (options.XLabel.Length > 0 || options.YLabel.Length > 0)
        {
            text.Append(": ").Append(options.YLabel).Append(" over ").Append(options.XLabel);
        }

        return series.Count > 1 ? text.Append(" (").AppendJoin(", ", series.Select(one => one.Name)).Append(')').ToString() : text.ToString();
    }

    /// <exception cref="ArgumentOutOfRangeException">The width or height is out of range.</exception>
    internal static void CheckSize(ChartOptions options)
    {
        CheckRange(options.Width, 200, nameof(options.Width));
        CheckRange(options.Height, 150, nameof(options.Height));
    }

    private static void CheckRange(int value, int least, string name)
    {
        if (value < least || value > 4000)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to 4000.");
        }
    }
}
