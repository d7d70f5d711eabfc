using System.Globalization;
using System.Text;
using Lae.Models;

namespace Lae.Host.Runs;

/// <summary>Shows how training goes: on a terminal one line in place, elsewhere a plain line now and then.</summary>
internal sealed class ProgressDisplay
{
    private static readonly TimeSpan InPlace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstPlain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Plain = TimeSpan.FromSeconds(10);

    /// <summary>Figures that are shown, with what they are called here; what comes first is what training lowers.</summary>
    private static readonly (string Figure, string Label)[] Shown =
        [("loss", "loss"), ("energy", "energy"), ("negativeElboPerDimension", "-elbo/dim"), ("acceptanceProbability", "acceptance")];

    private readonly TextWriter output;
    private readonly int? width;
    private readonly TimeProvider clock;
    private readonly long total;
    private readonly int stepsPerEpoch;
    private readonly long begun;
    private long shownAt;
    private long shownStep;
    private bool shown;
    private double rate;
    private int drawn;
    private string figures = string.Empty;

    /// <param name="output">Where to.</param>
    /// <param name="width">Characters in a line of the terminal; null where there is no terminal.</param>
    /// <param name="clock">Times.</param>
    /// <param name="start">Steps done before.</param>
    /// <param name="total">Steps of the whole plan.</param>
    /// <param name="stepsPerEpoch">Steps in an epoch.</param>
    public ProgressDisplay(TextWriter output, int? width, TimeProvider clock, long start, long total, int stepsPerEpoch)
    {
        (this.output, this.width, this.clock, this.total, this.stepsPerEpoch) = (output, width, clock, total, stepsPerEpoch);
        begun = shownAt = clock.GetTimestamp();
        shownStep = start;
    }

    /// <summary>Time since training began in this process.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(begun);

    /// <summary>Takes note of a step.</summary>
    /// <param name="done">Steps done.</param>
    public void Stepped(long done)
    {
        TimeSpan since = clock.GetElapsedTime(shownAt);
        if (since >= (width is not null ? InPlace : shown ? Plain : FirstPlain))
        {
            // The first portion compiles code, so it counts less than the next ones.
            double latest = (done - shownStep) / since.TotalSeconds;
            rate = shown ? (0.7 * rate) + (0.3 * latest) : latest;
            (shownAt, shownStep, shown) = (clock.GetTimestamp(), done, true);
            Draw(Text(done));
        }
    }

    /// <summary>Takes note of figures.</summary>
    /// <param name="entry">A log entry.</param>
    public void Logged(TrainingLogEntry entry)
    {
        StringBuilder text = new();
        foreach ((string figure, string label) in Shown)
        {
            if (entry.Figures.TryGetValue(figure, out double value))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {label} {value:G4}");
            }
        }

        figures = text.ToString();
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

    private string Text(long done)
    {
        string left = rate > 0 ? Duration(TimeSpan.FromSeconds(Math.Min((total - done) / rate, 1e8))) : "?";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {((done - 1) / stepsPerEpoch) + 1}/{total / stepsPerEpoch}  step {done}/{total} ({100.0 * done / total:F0} %)  {rate:G3} steps/s{figures}  {left} left");
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
