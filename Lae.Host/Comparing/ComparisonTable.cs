using System.Globalization;
using System.Text;
using Lae.Host.Reports;
using Lae.Host.Runs;

namespace Lae.Host.Comparing;

/// <summary>Models by figures: mean ± sd over the seeds, as text for a terminal, as CSV and as markup.</summary>
/// <param name="models">The rows.</param>
internal sealed class ComparisonTable(IReadOnlyList<ComparedModel> models)
{
    private const string Gap = "  ";

    /// <summary>Figures that a run has, in the order of tables.</summary>
    public IReadOnlyList<string> Figures { get; } = FigureNames.InOrder(models.SelectMany(model => model.Runs).SelectMany(run => run.Figures.Keys).Distinct(StringComparer.Ordinal));

    /// <summary>Writes the table; where its columns do not fit the terminal they go on below.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="width">Characters in a line; null for no end.</param>
    public void Write(TextWriter output, int? width)
    {
        string[][] columns =
        [
            ["model", .. models.Select(model => model.Label)],
            ["seeds", .. models.Select(model => model.Runs.Count.ToString(CultureInfo.InvariantCulture))],
            .. Figures.Select(figure => (string[])[figure, .. models.Select(model => Cell(model, figure))]),
        ];
        int[] widths = [.. columns.Select(column => column.Max(cell => cell.Length))];
        for (int next = 1; next < columns.Length;)
        {
            int used = widths[0];
            List<int> shown = [0];
            while (next < columns.Length && (shown.Count == 1 || width is null || used + Gap.Length + widths[next] < width))
            {
                used += Gap.Length + widths[next];
                shown.Add(next++);
            }

            for (int row = 0; row <= models.Count; row++)
            {
                output.WriteLine(string.Join(Gap, shown.Select(column => column == 0 ? columns[0][row].PadRight(widths[0]) : columns[column][row].PadLeft(widths[column]))));
            }

            if (next < columns.Length)
            {
                output.WriteLine();
            }
        }
    }

    /// <summary>A line for each model and figure: <c>model,figure,mean,sd,seeds</c>; sd is empty for one seed.</summary>
    public string ToCsv()
    {
        StringBuilder text = new("model,figure,mean,sd,seeds\n");
        foreach (ComparedModel model in models)
        {
            foreach (string figure in Figures)
            {
                if (model.Figure(figure) is { } value)
                {
                    string deviation = double.IsNaN(value.Deviation) ? string.Empty : value.Deviation.ToString("R", CultureInfo.InvariantCulture);
                    text.Append(CultureInfo.InvariantCulture, $"\"{model.Label.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{figure},{value.Mean:R},{deviation},{value.Seeds}\n");
                }
            }
        }

        return text.ToString();
    }

    /// <summary>The table as markup, a figure a row, so that any number of figures can be read.</summary>
    public string ToMarkup()
    {
        StringBuilder text = new("<div class=\"wide\"><table>\n<tr><th>figure</th>");
        foreach (ComparedModel model in models)
        {
            text.Append(CultureInfo.InvariantCulture, $"<th class=\"number\">{ReportPage.Text(model.Label)}<br>{model.Runs.Count} {(model.Runs.Count == 1 ? "seed" : "seeds")}</th>");
        }

        text.Append("</tr>\n");
        foreach (string figure in Figures)
        {
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{ReportPage.Text(figure)}</td>");
            foreach (ComparedModel model in models)
            {
                text.Append(CultureInfo.InvariantCulture, $"<td class=\"number\">{Cell(model, figure)}</td>");
            }

            text.Append("</tr>\n");
        }

        return text.Append("</table></div>").ToString();
    }

    /// <summary>A mean with the digits that its deviation supports; how many seeds have the figure where not all do.</summary>
    private static string Cell(ComparedModel model, string figure)
    {
        if (model.Figure(figure) is not { } value)
        {
            return FigureText.None;
        }

        string text = double.IsNaN(value.Deviation)
            ? value.Mean.ToString("G5", CultureInfo.InvariantCulture)
            : $"{FigureText.Rounded(value.Mean, value.Deviation)} ± {FigureText.Error(value.Deviation)}";
        return value.Seeds == model.Runs.Count ? text : string.Create(CultureInfo.InvariantCulture, $"{text} ({value.Seeds} of {model.Runs.Count})");
    }
}
