using System.Globalization;
using System.Text;
using Lae.Models;

namespace Lae.Host.Runs;

/// <summary>Shows how training goes.</summary>
/// <param name="output">Where to.</param>
/// <param name="width">Characters in a line of the terminal; null where there is no terminal.</param>
/// <param name="clock">Times.</param>
/// <param name="start">Steps done before.</param>
/// <param name="total">Steps of the whole plan.</param>
/// <param name="stepsPerEpoch">Steps in an epoch.</param>
internal sealed class ProgressDisplay(TextWriter output, int? width, TimeProvider clock, long start, long total, int stepsPerEpoch)
{
    /// <summary>Figures that are shown, with what they are called here; what comes first is what training lowers.</summary>
    private static readonly (string Figure, string Label)[] Shown =
        [("loss", "loss"), ("energy", "energy"), ("negativeElboPerDimension", "-elbo/dim"), ("acceptanceProbability", "acceptance")];

    private readonly ProgressLine line = new(output, width, clock, start, total, "steps");
    private string figures = string.Empty;

    /// <summary>Time since training began in this process.</summary>
    public TimeSpan Elapsed => line.Elapsed;

    /// <summary>Takes note of a step.</summary>
    /// <param name="done">Steps done.</param>
    public void Stepped(long done) => line.Stepped(
        done, () => string.Create(CultureInfo.InvariantCulture, $"epoch {((done - 1) / stepsPerEpoch) + 1}/{total / stepsPerEpoch}  step"), () => figures);

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
    public void Line(string text) => line.Line(text);

    /// <summary>Takes the line in place away.</summary>
    public void Clear() => line.Clear();
}
