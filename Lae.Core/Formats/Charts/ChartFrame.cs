using System.Text;

namespace Lae.Formats.Charts;

/// <summary>Everything of a chart but its data: title, axes, grid and legend, and the place of a point in the picture.</summary>
internal sealed class ChartFrame
{
    private const double CharacterWidth = 6.7;
    private const double LegendRow = 20;
    private const int LongestName = 24;

    private readonly ChartOptions _options;
    private readonly Axis _x;
    private readonly Axis _y;
    private readonly double _left;
    private readonly double _right;
    private readonly double _top;
    private readonly double _bottom;

    public ChartFrame(IReadOnlyList<ChartSeries> series, ChartOptions options, double xMargin, Action<Svg, int, double, double> drawKey)
    {
        CheckRange(options.Width, 200, nameof(options.Width));
        CheckRange(options.Height, 150, nameof(options.Height));
        _options = options;
        Canvas = new Svg(options.Width, options.Height, Description(options, series));
        // A point counts for both axes or for neither.
        var everything = new Axis(options.XScale, [], 0);
        var everythingY = new Axis(options.YScale, [], 0);
        (double X, double Y)[] points = [.. series.SelectMany(one => one.X.Zip(one.Y))
            .Where(point => everything.CanShow(point.First) && everythingY.CanShow(point.Second))];
        _x = new Axis(options.XScale, points.Select(point => point.X), xMargin);
        _y = new Axis(options.YScale, points.Select(point => point.Y), 0.05);
        _top = options.Title.Length > 0 ? 40 : 16;
        _bottom = options.Height - (options.XLabel.Length > 0 ? 50 : 30);
        IReadOnlyList<Tick> yTicks = _y.Ticks(Math.Max(2, (int)((_bottom - _top) / 48)));
        double labelWidth = yTicks.Max(tick => tick.Text.Length) * CharacterWidth;
        _left = 14 + labelWidth + (options.YLabel.Length > 0 ? 22 : 0);
        string[] names = series.Count > 1 ? LegendNames(series) : [];
        double legendWidth = names.Length == 0 ? 0 : names.Max(name => name.Length) * CharacterWidth + 34;
        _right = Math.Max(_left + 60, options.Width - 18 - legendWidth);
        DrawAxes(yTicks);
        DrawLegend(names, drawKey);
        if (points.Length == 0)
        {
            Canvas.Text((_left + _right) / 2, (_top + _bottom) / 2, "no data", "middle", ChartColours.FaintText);
        }
    }

    public Svg Canvas { get; }

    public double PlotWidth => _right - _left;

    public bool CanShow(double x, double y) => _x.CanShow(x) && _y.CanShow(y);

    public (double X, double Y) Place(double x, double y) =>
        (_left + _x.Fraction(x) * (_right - _left), _bottom - _y.Fraction(y) * (_bottom - _top));

    private void DrawAxes(IReadOnlyList<Tick> yTicks)
    {
        foreach (Tick tick in yTicks)
        {
            double y = _bottom - _y.Fraction(tick.Value) * (_bottom - _top);
            Canvas.Line(_left, y, _right, y, ChartColours.Grid);
            Canvas.Text(_left - 8, y + 4, tick.Text, "end", ChartColours.FaintText);
        }

        foreach (Tick tick in _x.Ticks(Math.Max(2, (int)((_right - _left) / 80))))
        {
            double x = _left + _x.Fraction(tick.Value) * (_right - _left);
            Canvas.Line(x, _top, x, _bottom, ChartColours.Grid);
            Canvas.Line(x, _bottom, x, _bottom + 4, ChartColours.Axis);
            Canvas.Text(x, _bottom + 18, tick.Text, "middle", ChartColours.FaintText);
        }

        Canvas.Line(_left, _bottom, _right, _bottom, ChartColours.Axis);
        Canvas.Line(_left, _top, _left, _bottom, ChartColours.Axis);
        if (_options.Title.Length > 0)
        {
            Canvas.Text(_left, 24, _options.Title, "start", ChartColours.Text, " font-size=\"15\" font-weight=\"600\"");
        }

        if (_options.XLabel.Length > 0)
        {
            Canvas.Text((_left + _right) / 2, _options.Height - 12, _options.XLabel, "middle", ChartColours.Text);
        }

        if (_options.YLabel.Length > 0)
        {
            double middle = (_top + _bottom) / 2;
            Canvas.Text(18, middle, _options.YLabel, "middle", ChartColours.Text, $" transform=\"rotate(-90 18 {Svg.Number(middle)})\"");
        }
    }

    private void DrawLegend(string[] names, Action<Svg, int, double, double> drawKey)
    {
        int fitting = Math.Max(1, (int)((_bottom - _top) / LegendRow));
        int shown = names.Length <= fitting ? names.Length : fitting - 1;
        for (int i = 0; i < shown; i++)
        {
            double y = _top + (i + 0.5) * LegendRow;
            drawKey(Canvas, i, _right + 22, y);
            Canvas.Text(_right + 36, y + 4, names[i], "start", ChartColours.Text);
        }

        if (shown < names.Length)
        {
            Canvas.Text(_right + 36, _top + (shown + 0.5) * LegendRow + 4, $"+{names.Length - shown} more", "start", ChartColours.FaintText);
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

    private static void CheckRange(int value, int least, string name)
    {
        if (value < least || value > 4000)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to 4000.");
        }
    }
}
