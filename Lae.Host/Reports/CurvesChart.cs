using Lae.Formats.Charts;
using Lae.Models;

namespace Lae.Host.Reports;

/// <summary>Learning curves: one small chart for each figure that changed during training, two in a row, over the same steps.</summary>
internal static class CurvesChart
{
    private const int Columns = 2;
    private const int Width = 460;
    private const int Height = 260;

    /// <summary>The SVG document.</summary>
    /// <param name="log">All log entries, in order.</param>
    public static string Draw(IReadOnlyList<TrainingLogEntry> log)
    {
        string[] names = [.. log.SelectMany(entry => entry.Figures.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Where(name => Changes(log, name))];
        if (names.Length == 0)
        {
            return LineChart.Render([], new ChartOptions("Learning curves", "step"));
        }

        return ChartPanels.Compose([.. names.Select(name => Panel(log, name))], Columns);
    }

    private static bool Changes(IReadOnlyList<TrainingLogEntry> log, string name) =>
        log.Count == 1 || log.Select(entry => entry.Figures.GetValueOrDefault(name, double.NaN)).Distinct().Count() > 1;

    private static string Panel(IReadOnlyList<TrainingLogEntry> log, string name)
    {
        TrainingLogEntry[] entries = [.. log.Where(entry => entry.Figures.ContainsKey(name))];
        ChartSeries series = new(name, [.. entries.Select(entry => (double)entry.Step)], [.. entries.Select(entry => entry.Figures[name])]);
        return LineChart.Render([series], new ChartOptions(name, "step", Width: Width, Height: Height));
    }
}
