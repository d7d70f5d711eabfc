using System.Globalization;

namespace Lae.Host.Runs;

/// <summary>How far something has come, its rate and the time left: on a terminal one line in place, elsewhere a plain line now and then.</summary>
internal sealed class ProgressLine
{
    private static readonly TimeSpan InPlace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstPlain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Plain = TimeSpan.FromSeconds(10);

    private readonly TextWriter output;
    private readonly int? width;
    private readonly TimeProvider clock;
    private readonly long total;
    private readonly string unit;
    private readonly long begun;
    private long shownAt;
    private long shownStep;
    private bool shown;
    private double rate;
    private int drawn;

    /// <param name="output">Where to.</param>
    /// <param name="width">Characters in a line of the terminal; null where there is no terminal.</param>
    /// <param name="clock">Times.</param>
    /// <param name="start">Steps done before.</param>
    /// <param name="total">Steps in all.</param>
    /// <param name="unit">What a step is called in the rate.</param>
    public ProgressLine(TextWriter output, int? width, TimeProvider clock, long start, long total, string unit)
    {
        (this.output, this.width, this.clock, this.total, this.unit) = (output, width, clock, total, unit);
        begun = shownAt = clock.GetTimestamp();
        shownStep = start;
    }

    /// <summary>Time since the work began in this process.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(begun);

    /// <summary>Takes note of a step, and shows it if it is time to.</summary>
    /// <param name="done">Steps done.</param>
    /// <param name="place">Where that is, put before the number; asked for only when it is shown.</param>
    /// <param name="figures">Figures, put after the rate; asked for only when they are shown.</param>
    public void Stepped(long done, Func<string> place, Func<string> figures)
    {
        TimeSpan since = clock.GetElapsedTime(shownAt);
        if (since >= (width is not null ? InPlace : shown ? Plain : FirstPlain))
        {
            // The first portion compiles code, so it counts less than the next ones.
            double latest = (done - shownStep) / since.TotalSeconds;
            rate = shown ? (0.7 * rate) + (0.3 * latest) : latest;
            (shownAt, shownStep, shown) = (clock.GetTimestamp(), done, true);
            string left = rate > 0 ? Duration(TimeSpan.FromSeconds(Math.Min((total - done) / rate, 1e8))) : "?";
            Draw(string.Create(CultureInfo.InvariantCulture, $"{place()} {done}/{total} ({100.0 * done / total:F0} %)  {left} left  {rate:G3} {unit}/s{figures()}"));
        }
    }

    /// <summary>Writes a line of its own.</summary>
    /// <param name="text">The line.</param>
    public void Line(string text)
    {
        Clear();
        output.WriteLine(text);
    }

    /// <summary>Takes the line in place away.</summary>
    public void Clear()
    {
        if (drawn > 0)
        {
            output.Write($"\r{new string(' ', drawn)}\r");
            drawn = 0;
        }
    }

    /// <summary>A length of time as h:mm:ss or m:ss.</summary>
    /// <param name="time">The time.</param>
    public static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:D2}");

    private void Draw(string text)
    {
        if (width is { } columns)
        {
            string line = text[..Math.Min(text.Length, Math.Max(columns - 1, 0))];
            output.Write($"\r{line.PadRight(drawn)}");
            drawn = line.Length;
        }
        else
        {
            output.WriteLine(text);
        }

        output.Flush();
    }
}
