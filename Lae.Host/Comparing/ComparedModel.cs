using Lae.Host.Runs;
using Lae.Models;

namespace Lae.Host.Comparing;

/// <summary>A figure over the seeds of a model.</summary>
/// <param name="Mean">Its mean.</param>
/// <param name="Deviation">Its sample standard deviation; NaN for one seed.</param>
/// <param name="Seeds">Runs that have it.</param>
internal readonly record struct ComparedFigure(double Mean, double Deviation, int Seeds);

/// <summary>Points of a curve: means over the seeds, at every abscissa that all of them have.</summary>
/// <param name="Epochs">Passes over the data.</param>
/// <param name="Seconds">Seconds of training.</param>
/// <param name="Values">The figure.</param>
internal sealed record ComparedCurve(IReadOnlyList<double> Epochs, IReadOnlyList<double> Seconds, IReadOnlyList<double> Values);

/// <summary>A row of a comparison: the runs that are equal but for the seed.</summary>
/// <param name="Label">What tells it from the other rows.</param>
/// <param name="Runs">Its runs, by seed.</param>
internal sealed record ComparedModel(string Label, IReadOnlyList<FinishedRun> Runs)
{
    private const int MostDifferences = 4;

    /// <summary>Gathers runs to rows, in the order in which they were named.</summary>
    /// <param name="runs">Finished runs.</param>
    /// <exception cref="RunFolderException">One run is there twice.</exception>
    public static IReadOnlyList<ComparedModel> Gather(IReadOnlyList<FinishedRun> runs)
    {
        FinishedRun[][] rows = [.. runs.GroupBy(Key).Select(row => row.OrderBy(run => run.Seed).ToArray())];
        foreach (FinishedRun[] row in rows)
        {
            for (int i = 1; i < row.Length; i++)
            {
                if (row[i].Seed == row[i - 1].Seed)
                {
                    throw new RunFolderException($"run folders {row[i - 1].Folder} and {row[i].Folder}: they have the same configuration and the same seed {row[i].Seed}, so one of them would count twice");
                }
            }
        }

        string[] differing = [.. runs.SelectMany(run => run.Settings.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(key => runs.Select(run => run.Settings.GetValueOrDefault(key)).Distinct(StringComparer.Ordinal).Count() > 1)];
        string[] names = [.. rows.Select(NameOf)];
        return [.. rows.Select((row, i) => new ComparedModel(
            names[i].Length > 0 && names.Count(name => name == names[i]) == 1 ? names[i] : Described(row[0], differing), row))];
    }

    /// <summary>A figure over the seeds; null if no run has it.</summary>
    /// <param name="name">Its name.</param>
    public ComparedFigure? Figure(string name)
    {
        double[] values = [.. Runs.Where(run => run.Figures.ContainsKey(name)).Select(run => run.Figures[name])];
        if (values.Length == 0)
        {
            return null;
        }

        double mean = values.Average();
        double deviation = values.Length == 1 ? double.NaN : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        return new ComparedFigure(mean, deviation, values.Length);
    }

    /// <summary>A curve over the seeds.</summary>
    /// <param name="name">The figure.</param>
    /// <param name="isTest">Whether it is of the test set.</param>
    public ComparedCurve Curve(string name, bool isTest)
    {
        var entries = Runs.SelectMany(run => (isTest ? run.TestLog : run.Log).Where(entry => entry.Figures.ContainsKey(name)).Select(entry => (run, entry)))
            .GroupBy(one => one.entry.Step)
            .Where(step => step.Count() == Runs.Count)
            .OrderBy(step => step.Key)
            .ToArray();
        return new ComparedCurve(
            [.. entries.Select(step => step.Average(one => one.run.StepsPerEpoch > 0 ? step.Key / one.run.StepsPerEpoch : 0))],
            [.. entries.Select(step => step.Average(one => step.Key * one.run.SecondsPerStep))],
            [.. entries.Select(step => step.Average(one => one.entry.Figures[name]))]);
    }

    private static string Key(FinishedRun run) => string.Join('\n', run.Settings.Select(setting => $"{setting.Key}={setting.Value}"));

    /// <summary>The name that all runs of a row have; empty if they have none in common.</summary>
    private static string NameOf(FinishedRun[] row) => row.All(run => run.Name == row[0].Name) ? row[0].Name : string.Empty;

    private static string Described(FinishedRun run, string[] differing)
    {
        string[] parts = [.. differing.Where(run.Settings.ContainsKey).Select(key => $"{key}={run.Settings[key].Trim('"')}")];
        string more = parts.Length > MostDifferences ? ", …" : string.Empty;
        return parts.Length == 0 ? run.Model : $"{run.Model} [{string.Join(", ", parts.Take(MostDifferences))}{more}]";
    }
}
