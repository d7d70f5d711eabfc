using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Lae.Benchmarks.Efficiency;

/// <summary>The command <c>efficiency</c>: every row of the table, printed, and written to docs/efficiency.md where all were run.</summary>
internal static class EfficiencyTable
{
    /// <summary>Gradients of a chain after which a kernel is given up.</summary>
    private const double Budget = 40_000;

    public static int Run(string[] args)
    {
        string? only = args is [_, "--only", string name] ? name : null;
        if (args.Length > 1 && only is null)
        {
            Console.Error.WriteLine("Usage: efficiency [--only <part of a kernel's name>]");
            return 1;
        }

        EfficiencyProblem problem = new();
        List<(EfficiencyEntry Entry, string Settings, EfficiencyFigure Figure, int? Tuning)> rows = [];
        Stopwatch clock = Stopwatch.StartNew();
        foreach (EfficiencyEntry entry in EfficiencyEntries.All.Where(entry => only is null || entry.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            double before = clock.Elapsed.TotalSeconds;
            Chosen chosen = entry.Choose(problem, Budget);
            EfficiencyFigure figure = chosen.Kernel.Accept(new EfficiencyMeasure(problem, EfficiencyProblem.Start(EfficiencyProblem.Chains), Budget));
            rows.Add((entry, chosen.Settings, figure, chosen.TuningGradients));
            Console.WriteLine(Row(entry, chosen.Settings, figure, chosen.TuningGradients) + string.Create(CultureInfo.InvariantCulture, $"  ({clock.Elapsed.TotalSeconds - before:F1} s)"));
        }

        if (only is null)
        {
            string path = Path.Combine(Root(), "docs", "efficiency.md");
            File.WriteAllText(path, Page(rows));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path} written after {clock.Elapsed.TotalSeconds:F0} s."));
        }

        return rows.Count == 0 ? 1 : 0;
    }

    private static string Page(List<(EfficiencyEntry Entry, string Settings, EfficiencyFigure Figure, int? Tuning)> rows)
    {
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $$"""
            # Efficiency of the catalogue

            Written by `dotnet run -c Release --project Lae.Benchmarks -- efficiency`; every number follows from the seed in `Lae.Benchmarks/Efficiency`.

            **Target.** The Gaussian of {{EfficiencyProblem.Dimension}} dimensions with condition number {{EfficiencyProblem.Condition:N0}}: mean 0, axes along the coordinates (not rotated, as published), variances evenly spaced
            on a log scale from 1000^(−1/2) to 1000^(1/2).

            **Measure.** error = max over i of (mean over one chain of x_i² − E x_i²)² / Var x_i², median over {{EfficiencyProblem.Chains}} chains; the figure is the first number of gradients of a chain from which the error stays
            below {{EfficiencyMeasure.Threshold:G}}. Chains start from N(0, I) and the mean is over all transitions from the first, so that the burn-in is in it; a transition counts once, at its end, whatever it
            costs. "Stays": the run goes on for as many gradients again, and 1,000 more. Where chains spend different numbers of gradients, their mean is counted. A kernel that does not get there within
            {{Budget:N0}} gradients is given up. An unadjusted kernel whose bias is larger than the threshold never gets there.

            **Settings.** "P" in the second column: the kernel works in coordinates of variance 1, by the *exact* variances, except for MCLMC, which has to find them. MCLMC is tuned by
            `MicrocanonicalTuning` (energy variance 5e-4 for each dimension) in a run of its own, whose gradients, all chains together, stand in the column "tuning" and not in the figure. A kernel that decides has the step size with a
            given acceptance in the target's law (0.574 for MALA, 0.4 for Barker, 0.9 for GHMC and adjusted MCLMC, 0.8 else), or the largest that leaves its trajectories two steps. A step size "the best of n" is
            the best of n candidates by this very measure with other draws: such rows are at their best.

            **What it does not tell.** BAOAB, ABOBA, BAOA, BADODAB and Leimkuhler–Matthews have the exact variances of a Gaussian at any stable step size, so that here, where the best step size is known, none is too long; on
            another target their bias grows with the square of the step. MCLMC has a bias on a Gaussian as elsewhere, and its step size is found without knowing the answer.

            | kernel | P | settings | gradients a transition | gradients until the error stays below {{EfficiencyMeasure.Threshold:G}} | tuning |
            |---|---|---|---|---|---|

            """);
        foreach ((EfficiencyEntry entry, string settings, EfficiencyFigure figure, int? tuning) in rows.OrderBy(row => row.Figure.Gradients ?? double.PositiveInfinity).ThenBy(row => row.Figure.LastError))
        {
            page.AppendLine(Row(entry, settings, figure, tuning));
        }

        page.Append("""

            Published for this target: 1,798 for preconditioned underdamped Langevin, unadjusted, against 16,864 for preconditioned NUTS.

            Not in the table: annealed Langevin and annealed importance sampling, which have no law of their own to stay in, and amortized Langevin dynamics, which moves an encoder.

            """);
        return page.ToString();
    }

    private static string Row(EfficiencyEntry entry, string settings, EfficiencyFigure figure, int? tuning)
    {
        string reached = figure.Gradients is double count
            ? string.Create(CultureInfo.InvariantCulture, $"{count:N0}")
            : double.IsNaN(figure.LastError) ? "not stable" : string.Create(CultureInfo.InvariantCulture, $"{(figure.LastError < EfficiencyMeasure.Threshold ? "reached, but not for long," : "not")} within {figure.Spent:N0} (error {figure.LastError:G2})");
        return string.Create(
            CultureInfo.InvariantCulture, $"| {entry.Name} | {(entry.Preconditioned ? "P" : "")} | {settings} | {figure.PerTransition:G3} | {reached} | {tuning:N0} |");
    }

    internal static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lae.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Lae.sln was not found above the program.");
    }
}
