namespace Lae.Formats.Charts;

/// <summary>One axis: the range that it shows and the place of a number on it, from 0 to 1.</summary>
internal sealed class Axis
{
    /// <summary>Beyond this, differences of numbers overflow; such points are left out.</summary>
    private const double LargestShown = 1e300;
    private const double SmallestShown = 1e-300;

    /// <summary>A range below this has no room for steps; it counts as a single number.</summary>
    private const double ShortestRange = 1e-290;

    private readonly AxisScale scale;

    /// <summary>An axis over everything that it can show of the numbers, with a margin as a fraction of the range.</summary>
    public Axis(AxisScale scale, IEnumerable<double> numbers, double margin)
    {
        this.scale = scale;
        double least = double.PositiveInfinity;
        double most = double.NegativeInfinity;
        foreach (double number in numbers)
        {
            if (CanShow(number))
            {
                least = Math.Min(least, number);
                most = Math.Max(most, number);
            }
        }

        if (least > most)
        {
            (least, most) = scale == AxisScale.Linear ? (0, 1) : (1, 10);
        }

        (double low, double high) = Widen(Position(least), Position(most), margin);
        Least = scale == AxisScale.Linear ? low : Math.Pow(10, low);
        Most = scale == AxisScale.Linear ? high : Math.Pow(10, high);
    }

    public double Least { get; }

    public double Most { get; }

    public bool CanShow(double number) => double.IsFinite(number) && (this.scale == AxisScale.Linear
        ? Math.Abs(number) <= LargestShown
        : number is >= SmallestShown and <= LargestShown);

    public double Fraction(double number) => (Position(number) - Position(Least)) / (Position(Most) - Position(Least));

    public IReadOnlyList<Tick> Ticks(int wanted) =>
        this.scale == AxisScale.Linear ? Charts.Ticks.Linear(Least, Most, wanted) : Charts.Ticks.Logarithmic(Least, Most, wanted);

    private double Position(double number) => this.scale == AxisScale.Linear ? number : Math.Log10(number);

    private (double Low, double High) Widen(double low, double high, double margin)
    {
        double size = Math.Max(Math.Abs(low), Math.Abs(high));
        // One number only, or numbers that differ in the last digits: show some room around it.
        double extra = high - low > Math.Max(ShortestRange, 1e-9 * size) ? margin * (high - low)
            : this.scale == AxisScale.Logarithmic ? 0.5
            : size < ShortestRange ? 1
            : 0.1 * size;
        return this.scale == AxisScale.Linear
            ? (low - extra, high + extra)
            : (Math.Max(low - extra, Math.Log10(SmallestShown)), Math.Min(high + extra, Math.Log10(LargestShown)));
    }
}
