using System.Globalization;
using Lae.Diagnostics;
using Lae.Targets;

namespace Lae.Host.Reports;

/// <summary>The summary of a run of <c>lae sample</c> for the terminal: the table, then the verdict with what it means and what to do.</summary>
internal static class SamplingTerminal
{
    /// <summary>The width where there is no terminal.</summary>
    public const int UsualWidth = 100;

    private const int LeastWidth = 40;
    private const int MostRows = 20;

    /// <summary>Writes the table and the verdict.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="outcome">The run.</param>
    /// <param name="terminalWidth">Characters in a line; null where there is no terminal.</param>
    public static void Write(TextWriter output, SamplingOutcome outcome, int? terminalWidth)
    {
        int width = Math.Max(LeastWidth, (terminalWidth ?? UsualWidth) - 1);
        DrawSummary figures = outcome.Figures;
        int[] rows = [.. Enumerable.Range(0, figures.Parameters.Count)];
        if (rows.Length > MostRows)
        {
            rows = [.. ParameterOrder.WorstFirst(figures).Take(MostRows)];
        }

        Wrap(output, outcome.Sentence, width);
        output.WriteLine();
        foreach (string line in Table([.. rows.Select(i => figures.Parameters[i])], width))
        {
            output.WriteLine(line);
        }

        if (rows.Length < figures.Parameters.Count)
        {
            Wrap(output, string.Create(CultureInfo.InvariantCulture, $"{rows.Length} of {figures.Parameters.Count:N0} parameters, the worst first; all of them are in report.html and summary.json."), width);
        }

        if (rows.Any(i => Verdict.LevelOf(figures.Parameters[i]) != VerdictLevel.Good))
        {
            Wrap(output, "! marks parameters whose draws are not to be relied on.", width);
        }

        foreach (DataWarning warning in outcome.DataWarnings)
        {
            Wrap(output, $"Warning: {warning}", width, "  ");
        }

        output.WriteLine();
        WriteVerdict(output, outcome, width);
    }

    private static void WriteVerdict(TextWriter output, SamplingOutcome outcome, int width)
    {
        Wrap(output, $"Verdict: {VerdictWords.Headline(outcome.Verdict.Level)}", width);
        Wrap(output, VerdictWords.Ground(outcome), width);
        foreach (VerdictReason reason in outcome.Verdict.Reasons)
        {
            Wrap(output, $"- {reason.Problem}", width, "  ");
            Wrap(output, $"    what it means: {reason.Meaning}", width, "      ");
            Wrap(output, $"    what to do: {reason.Cure}", width, "      ");
        }
    }

    /// <summary>Lines of a table that fits: where it would not, columns go that say least.</summary>
    private static IEnumerable<string> Table(IReadOnlyList<ParameterSummary> rows, int width)
    {
        int longest = Math.Clamp(width / 4, 10, 32);
        List<Column> columns =
        [
            new("", 0, one => (Verdict.LevelOf(one) == VerdictLevel.Good ? "  " : "! ") + Cut(one.Name, longest), IsLeft: true),
            new("mean", 0, one => FigureText.Rounded(one.Mean, one.McseMean)),
            new("± error", 0, one => FigureText.Error(one.McseMean)),
            new("sd", 3, one => FigureText.Rounded(one.Sd, one.McseMean)),
            new("5 %", 2, one => FigureText.Rounded(one.Q5, one.McseMean)),
            new("median", 5, one => FigureText.Rounded(one.Median, one.McseMean)),
            new("95 %", 2, one => FigureText.Rounded(one.Q95, one.McseMean)),
            new("R-hat", 0, one => FigureText.Reduction(one.RHat)),
            new("bulk ESS", 1, one => FigureText.Size(one.EssBulk)),
            new("tail ESS", 4, one => FigureText.Size(one.EssTail)),
        ];

        // a column of figures that were not kept says nothing
        columns.RemoveAll(column => column.Rank > 0 && rows.All(one => column.Text(one) == FigureText.None));
        int[] widths = Widths(columns, rows);
        while (widths.Sum() + (2 * (widths.Length - 1)) > width && columns.Max(column => column.Rank) > 0)
        {
            int least = columns.Max(column => column.Rank);
            columns.RemoveAll(column => column.Rank == least);
            widths = Widths(columns, rows);
        }

        string Line(Func<Column, string> cell) =>
            string.Join("  ", columns.Select((column, i) => column.IsLeft ? cell(column).PadRight(widths[i]) : cell(column).PadLeft(widths[i]))).TrimEnd();
        yield return Line(column => column.Head);
        foreach (ParameterSummary one in rows)
        {
            yield return Line(column => column.Text(one));
        }
    }

    private static int[] Widths(IReadOnlyList<Column> columns, IReadOnlyList<ParameterSummary> rows) =>
        [.. columns.Select(column => Math.Max(column.Head.Length, rows.Max(one => column.Text(one).Length)))];

    /// <summary>A long name keeps its end, by which indexed names differ.</summary>
    private static string Cut(string name, int most)
    {
        string plain = string.Concat(name.Select(character => char.IsControl(character) ? '\uFFFD' : character));
        return plain.Length <= most ? plain : $"{plain[..(most / 2)]}…{plain[^(most - (most / 2) - 1)..]}";
    }

    private static void Wrap(TextWriter output, string text, int width, string indent = "")
    {
        string clean = string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
        string line = clean[..^clean.TrimStart().Length];
        bool isEmpty = true;
        foreach (string word in clean.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > width)
            {
                output.WriteLine(line);
                (line, isEmpty) = (indent, true);
            }

            line += isEmpty ? word : $" {word}";
            isEmpty = false;
        }

        output.WriteLine(line);
    }

    /// <summary>A column of the table.</summary>
    /// <param name="Head">Its heading.</param>
    /// <param name="Rank">0 stays; of the others the highest goes first where the table is too wide.</param>
    /// <param name="Text">What it shows of a parameter.</param>
    /// <param name="IsLeft">Whether its text begins at the left.</param>
    private sealed record Column(string Head, int Rank, Func<ParameterSummary, string> Text, bool IsLeft = false);
}
