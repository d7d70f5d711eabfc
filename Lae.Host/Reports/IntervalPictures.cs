using Lae.Diagnostics;
using Lae.Formats.Charts;

namespace Lae.Host.Reports;

/// <summary>Intervals of the parameters under each other. Parameters whose sizes differ by much do not share an axis, on which the small ones would be dots.</summary>
internal static class IntervalPictures
{
    private const int MostRows = 60;
    private const double MostRatio = 30;

    /// <summary>The pictures; none where quantiles were not kept.</summary>
    /// <param name="figures">The figures.</param>
    public static IReadOnlyList<string> Draw(DrawSummary figures)
    {
        // where there is not room for all, those come that speak against the draws; either way in the order of the model
        HashSet<int> chosen = [.. (figures.Parameters.Count > MostRows ? ParameterOrder.WorstFirst(figures) : Enumerable.Range(0, figures.Parameters.Count)).Take(MostRows)];
        ParameterSummary[] shown = [.. figures.Parameters.Where((one, i) => chosen.Contains(i) && double.IsFinite(one.Q5) && double.IsFinite(one.Q95) && one.Q95 > one.Q5)];
        List<List<ParameterSummary>> groups = [];
        double largest = 0;
        foreach (ParameterSummary one in shown.OrderByDescending(Width))
        {
            if (groups.Count == 0 || Width(one) < largest / MostRatio)
            {
                groups.Add([]);
                largest = Width(one);
            }

            groups[^1].Add(one);
        }

        return [.. groups
            .Select(group => group.OrderBy(one => Array.IndexOf(shown, one)).ToArray())
            .OrderBy(group => Array.IndexOf(shown, group[0]))
            .Select(group => ForestChart.Render([.. group.Select(Row)], new ChartOptions(Width: 760)))];
    }

    /// <summary>Whether some parameters are left out.</summary>
    /// <param name="figures">The figures.</param>
    public static bool AreSome(DrawSummary figures) => figures.Parameters.Count > MostRows;

    /// <summary>How long an axis the parameter asks for: from 0, which is worth seeing, unless it is far away.</summary>
    private static double Width(ParameterSummary one)
    {
        double width = one.Q95 - one.Q5;
        double reach = Math.Max(Math.Abs(one.Q5), Math.Abs(one.Q95));
        return Math.Max(width, reach);
    }

    private static ForestRow Row(ParameterSummary one)
    {
        // the figure that speaks against it: one that is good beside a ! would contradict it
        bool isSuspect = Verdict.LevelOf(one) != VerdictLevel.Good;
        bool disagrees = Verdict.LevelOf(one with { EssBulk = double.NaN, EssTail = double.NaN }) != VerdictLevel.Good;
        string note = disagrees ? $"! R-hat {FigureText.Reduction(one.RHat)}" : $"! ESS {FigureText.Size(Math.Min(one.EssBulk, one.EssTail))}";
        return new ForestRow(one.Name, one.Q5, one.Median, one.Q95, isSuspect ? note : "", isSuspect);
    }
}
