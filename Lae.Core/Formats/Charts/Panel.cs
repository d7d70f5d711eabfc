namespace Lae.Formats.Charts;

/// <summary>One of several plots in a picture: its place, its axes, and the place of a point in it.</summary>
internal sealed class Panel(Svg canvas, double left, double top, double right, double bottom, Axis x, Axis y)
{
    private const string Small = " font-size=\"10\"";
    private const double CharacterWidth = 5.8;

    public double Left => left;

    public double Top => top;

    public double Right => right;

    public double Bottom => bottom;

    public bool CanShow(double horizontal, double vertical) => x.CanShow(horizontal) && y.CanShow(vertical);

    public double PlaceX(double horizontal) => left + (x.Fraction(horizontal) * (right - left));

    public double PlaceY(double vertical) => bottom - (y.Fraction(vertical) * (bottom - top));

    /// <summary>Lines left and below, and ticks with numbers on the sides asked for.</summary>
    public void DrawAxes(bool numbersBelow, bool numbersLeft, bool ticksLeft = true)
    {
        double taken = double.NegativeInfinity;
        foreach (Tick tick in x.Ticks(Math.Max(3, (int)((right - left) / 60))))
        {
            double at = PlaceX(tick.Value);
            canvas.Line(at, bottom, at, bottom + 3, ChartColours.Axis);
            // inside the panel's own width, so that neighbours do not write over each other
            double half = CharacterWidth * tick.Text.Length / 2;
            double middle = Math.Clamp(at, left + half - 4, Math.Max(left + half - 4, right - half + 4));
            if (numbersBelow && middle - half > taken)
            {
                canvas.Text(middle, bottom + 14, tick.Text, "middle", ChartColours.FaintText, Small);
                taken = middle + half + 4;
            }
        }

        foreach (Tick tick in ticksLeft ? y.Ticks(Math.Max(3, (int)((bottom - top) / 36))) : [])
        {
            double at = PlaceY(tick.Value);
            canvas.Line(left - 3, at, left, at, ChartColours.Axis);
            if (numbersLeft)
            {
                canvas.Text(left - 6, at + 3.5, tick.Text, "end", ChartColours.FaintText, Small);
            }
        }

        canvas.Line(left, bottom, right, bottom, ChartColours.Axis);
        canvas.Line(left, top, left, bottom, ChartColours.Axis);
    }

    /// <summary>A text cut so that it is about as wide as it may be.</summary>
    public static string Cut(string text, double width, double characterWidth = 6.7)
    {
        int most = Math.Max(2, (int)(width / characterWidth));
        return text.Length <= most ? text : text[..(most - 1)] + "…";
    }
}
