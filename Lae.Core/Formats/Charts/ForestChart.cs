namespace Lae.Formats.Charts;

/// <summary>Intervals of many parameters under each other, on one axis.</summary>
public static class ForestChart
{
    private const int MostRows = 100;
    private const double RowHeight = 22;
    private const double CharacterWidth = 6.7;

    /// <summary>Draws the intervals.</summary>
    /// <param name="rows">The parameters, from above; after 100 a last line says how many more there are.</param>
    /// <param name="options">Title, label of the axis and width, 640 when absent; the height follows from the number of rows.</param>
    /// <returns>The SVG text; the same for the same input, everywhere.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The width is out of range.</exception>
    public static string Render(IReadOnlyList<ForestRow> rows, ChartOptions? options = null)
    {
        options ??= new ChartOptions();
        ChartFrame.CheckSize(options);
        ForestRow[] shown = [.. rows.Take(MostRows)];
        double top = options.Title.Length > 0 ? 44 : 16;
        double bottom = top + (RowHeight * Math.Max(1, shown.Length)) + 6;
        int below = options.XLabel.Length > 0 ? 50 : 30;
        int more = shown.Length < rows.Count ? 18 : 0;
        Svg canvas = new(options.Width, (int)bottom + below + more, $"{(options.Title.Length > 0 ? options.Title : "Intervals")}: {string.Join(", ", shown.Take(20).Select(row => row.Name))}");
        if (options.Title.Length > 0)
        {
            canvas.Text(14, 24, options.Title, "start", ChartColours.Text, " font-size=\"15\" font-weight=\"600\"");
        }

        double nameWidth = Math.Min(0.35 * options.Width, CharacterWidth * shown.Select(row => row.Name.Length).DefaultIfEmpty(0).Max());
        double noteWidth = Math.Min(0.3 * options.Width, CharacterWidth * shown.Select(row => row.Note.Length).DefaultIfEmpty(0).Max());
        double left = 24 + nameWidth;
        double right = options.Width - 18 - (noteWidth > 0 ? noteWidth + 10 : 0);
        Axis axis = new(AxisScale.Linear, shown.SelectMany(row => new[] { row.Low, row.Middle, row.High }), 0.04);
        double Place(double value) => left + (axis.Fraction(value) * (right - left));
        foreach (Tick tick in axis.Ticks(Math.Max(2, (int)((right - left) / 80))))
        {
            canvas.Line(Place(tick.Value), top, Place(tick.Value), bottom, ChartColours.Grid);
            canvas.Text(Place(tick.Value), bottom + 16, tick.Text, "middle", ChartColours.FaintText);
        }

        if (axis.Least < 0 && axis.Most > 0)
        {
            canvas.Line(Place(0), top, Place(0), bottom, ChartColours.Axis, 1, "4 3");
        }

        canvas.Line(left, bottom, right, bottom, ChartColours.Axis);
        for (int i = 0; i < shown.Length; i++)
        {
            ForestRow row = shown[i];
            double y = top + ((i + 0.5) * RowHeight) + 3;
            string colour = row.IsSuspect ? ChartColours.Alarm : ChartColours.Of(0);
            canvas.Text(left - 10, y + 4, Panel.Cut(row.Name, nameWidth + 4), "end", ChartColours.Text);
            if (axis.CanShow(row.Low) && axis.CanShow(row.High))
            {
                canvas.Line(Place(row.Low), y, Place(row.High), y, colour, 2.5);
            }

            if (axis.CanShow(row.Middle))
            {
                System.Text.StringBuilder point = new();
                Marker.Append(point, row.IsSuspect ? MarkerShape.Diamond : MarkerShape.Circle, Place(row.Middle), y, 4.5);
                canvas.Path(point, $"fill=\"{colour}\" stroke=\"{ChartColours.Background}\" stroke-width=\"1\"");
            }

            canvas.Text(right + 12, y + 4, Panel.Cut(row.Note, noteWidth + 4), "start", row.IsSuspect ? ChartColours.Alarm : ChartColours.FaintText);
        }

        if (options.XLabel.Length > 0)
        {
            canvas.Text((left + right) / 2, bottom + 36, options.XLabel, "middle", ChartColours.Text);
        }

        if (more > 0)
        {
            canvas.Text(14, bottom + below + 8, $"and {rows.Count - shown.Length} more", "start", ChartColours.FaintText);
        }

        return canvas.Finish();
    }
}
