using Lae.Diagnostics;

namespace Lae.Host.Reports;

/// <summary>Parameters by how badly their chains mix: where there is not room for all, those come first that speak against the draws.</summary>
internal static class ParameterOrder
{
    /// <summary>Indices of all parameters, the worst first: draws that are not finite, then the gravest level, R-hat, the least effective sample size.</summary>
    /// <param name="figures">The figures.</param>
    public static int[] WorstFirst(DrawSummary figures) =>
        [.. Enumerable.Range(0, figures.Parameters.Count)
            .OrderByDescending(i => double.IsFinite(figures.Parameters[i].Mean) ? 0 : 1)
            .ThenByDescending(i => Verdict.LevelOf(figures.Parameters[i]))
            .ThenByDescending(i => double.IsNaN(figures.Parameters[i].RHat) ? 0 : Math.Round(figures.Parameters[i].RHat, 2))
            .ThenBy(i => LeastSize(figures.Parameters[i]))];

    private static double LeastSize(ParameterSummary one)
    {
        // a figure that does not exist is no small one
        double bulk = double.IsNaN(one.EssBulk) ? double.PositiveInfinity : one.EssBulk;
        return double.IsNaN(one.EssTail) ? bulk : Math.Min(bulk, one.EssTail);
    }
}
