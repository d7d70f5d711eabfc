using System.Globalization;
using System.Text;
using Lae.Formats.Charts;

namespace Lae.Benchmarks.Growth;

/// <summary>The section of docs/benchmarks.md about one thing that grows, and its picture.</summary>
internal static class GrowthSection
{
    /// <summary>What stands below the heading.</summary>
    public static string Of(GrowthAxis axis, IReadOnlyList<GrowthCurve> curves, string picture)
    {
        int[] threads = [.. curves.Select(curve => curve.Threads).Distinct()];
        StringBuilder page = new();
        page.AppendLine(CultureInfo.InvariantCulture, $"Written by `dotnet run -c Release --project Lae.Benchmarks -- growth --only {axis.Name}`. {Machine.Description}.");
        page.AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"{axis.Explanation} An element is {axis.Element}.");
        page.AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"![the time of one {axis.Step} against {axis.Size}]({picture})");
        page.AppendLine();
        string[] cliffs = [.. Cliffs(axis, curves)];
        page.AppendLine(cliffs.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"No cliff: from one size to the next the time of an element rises nowhere by more than {GrowthCurve.MostRise} times.")
            : string.Create(CultureInfo.InvariantCulture, $"**Cliffs** (from one size to the next the time of an element rises by more than {GrowthCurve.MostRise} times, measured twice):"));
        foreach (string cliff in cliffs)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"- {cliff}");
        }

        page.AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"| work | {axis.Size} | {string.Join(" | ", threads.Select(count => $"{axis.Step}, {Threads(count)} | an element"))} |");
        page.AppendLine(CultureInfo.InvariantCulture, $"|---|---|{string.Concat(threads.Select(_ => "---|---|"))}");
        foreach (IGrouping<string, GrowthCurve> work in curves.GroupBy(curve => curve.Work))
        {
            GrowthCurve[] own = [.. work];
            for (int i = 0; i < own[0].Points.Count; i++)
            {
                IEnumerable<string> cells = own.Select(curve => string.Create(CultureInfo.InvariantCulture, $"{Duration.Text(curve.Points[i].Seconds)} | {Duration.Text(curve.Points[i].PerElement)}"));
                page.AppendLine(CultureInfo.InvariantCulture, $"| {work.Key} | {own[0].Points[i].Size:N0} | {string.Join(" | ", cells)} |");
            }
        }

        return page.ToString();
    }

    /// <summary>Every cliff in a sentence.</summary>
    public static IEnumerable<string> Cliffs(GrowthAxis axis, IEnumerable<GrowthCurve> curves) =>
        from curve in curves
        from cliff in curve.Cliffs
        select string.Create(
            CultureInfo.InvariantCulture,
            $"{curve.Work}, {Threads(curve.Threads)}: from {cliff.Before.Size:N0} to {cliff.After.Size:N0} {axis.Size} an element takes {cliff.Factor:F2} times as long, {Duration.Text(cliff.After.PerElement)} for {Duration.Text(cliff.Before.PerElement)}");

    /// <summary>The time of a step over the size, both logarithmic.</summary>
    public static string Picture(GrowthAxis axis, IEnumerable<GrowthCurve> curves) => LineChart.Render(
        [.. curves.Select(curve => new ChartSeries(
            $"{curve.Work}, {Threads(curve.Threads)}", [.. curve.Points.Select(point => (double)point.Size)], [.. curve.Points.Select(point => 1e3 * point.Seconds)]))],
        new ChartOptions(Title: "", XLabel: axis.Size, YLabel: $"ms a {axis.Step}", XScale: AxisScale.Logarithmic, YScale: AxisScale.Logarithmic, Width: 760, Height: 420));

    private static string Threads(int count) => count == 1 ? "1 thread" : string.Create(CultureInfo.InvariantCulture, $"{count} threads");
}
