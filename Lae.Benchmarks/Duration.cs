using System.Diagnostics;
using System.Globalization;
using Lae.Benchmarks.SideBySide;

namespace Lae.Benchmarks;

/// <summary>How long something takes, measured in this process and written with its unit.</summary>
internal static class Duration
{
    /// <summary>Seconds of a unit of work, the median of some turns after a warm-up.</summary>
    /// <param name="advance">Does so many units.</param>
    /// <param name="turns">How many turns.</param>
    /// <param name="turn">About the seconds of a turn, which has one unit at least.</param>
    /// <param name="warmUp">Seconds of work at least before the first turn.</param>
    public static double Of(Action<int> advance, int turns, double turn, double warmUp)
    {
        Stopwatch clock = Stopwatch.StartNew();
        int units = 1;
        double seconds = Time(advance, units);
        while (clock.Elapsed.TotalSeconds < warmUp || seconds < turn / 2)
        {
            // by a factor of 4 at most: the units so far may have been compiled while they ran
            units = (int)Math.Clamp(units * turn / seconds, 1, 4.0 * units);
            seconds = Time(advance, units);
        }

        return Side.Median([.. Enumerable.Range(0, turns).Select(_ => Time(advance, units) / units)]);
    }

    /// <summary>Such as <c>12.34 µs</c>.</summary>
    public static string Text(double seconds) => seconds switch
    {
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e9:G4} ns"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:G4} µs"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:G4} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s"),
    };

    private static double Time(Action<int> advance, int units)
    {
        long began = Stopwatch.GetTimestamp();
        advance(units);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
