using System.Globalization;
using System.Text;
using Lae.Diagnostics;

namespace Lae.Host.Reports;

/// <summary>The table of all parameters as markup, in the order in which the model names them; rows that speak against the draws are marked by a sign and a colour.</summary>
internal static class ParameterTable
{
    private const int OpenRows = 60;
    private const int MostRows = 2_000;
    private const int MostNamed = 8;

    private static readonly (string Head, string Title, Func<ParameterSummary, string> Text)[] Columns =
    [
        ("mean ± error", "the mean of the draws, and how far it may be off because there are not endlessly many of them (Monte Carlo standard error)", Mean),
        ("sd", "the standard deviation: how uncertain the parameter itself is", one => FigureText.Rounded(one.Sd, one.McseMean)),
        ("5 %", "one draw in twenty is below this", one => FigureText.Rounded(one.Q5, one.McseMean)),
        ("median", "half of the draws are below this", one => FigureText.Rounded(one.Median, one.McseMean)),
        ("95 %", "one draw in twenty is above this", one => FigureText.Rounded(one.Q95, one.McseMean)),
        ("R-hat", "1.00 where all chains give the same answer; above 1.01 is suspect", one => FigureText.Reduction(one.RHat)),
        ("ESS bulk", "how many independent draws the mean and the sd are worth; 400 or more are wanted", one => FigureText.Size(one.EssBulk)),
        ("ESS tail", "the same for the 5 % and 95 % quantiles", one => FigureText.Size(one.EssTail)),
    ];

    /// <summary>The table with a line on how to read it.</summary>
    /// <param name="figures">The figures.</param>
    /// <param name="level">The verdict's level.</param>
    public static string Write(DrawSummary figures, VerdictLevel level)
    {
        StringBuilder text = new();
        if (level == VerdictLevel.DoNotUse)
        {
            text.Append("<p class=\"alert\">Do not use these figures: they are shown so that you can find out what is wrong.</p>\n");
        }

        text.Append("<p class=\"caption\">How to read this: <b>mean</b> is the best single guess, and its <b>error</b> how far it may be off because the draws are not endless; no more digits are shown than that error supports. "
            + "<b>sd</b> is how uncertain the parameter itself is: nine times in ten it lies between <b>5&nbsp;%</b> and <b>95&nbsp;%</b>. <b>R-hat</b> should be at most 1.01, <b>ESS</b> (how many independent draws these are worth) at least 400.</p>\n");
        string[] marked = [.. figures.Parameters.Where(IsMarked).Select(one => one.Name)];
        if (marked.Length > 0)
        {
            string more = marked.Length > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {marked.Length - MostNamed:N0} more") : "";
            text.Append(CultureInfo.InvariantCulture, $"<p>Marked by <span class=\"mark\">!</span>, since their draws are not to be relied on: {ReportPage.Text(string.Join(", ", marked.Take(MostNamed)))}{more}.</p>\n");
        }

        ParameterSummary[] shown = [.. figures.Parameters.Take(MostRows)];
        Table(text, shown.Take(OpenRows));
        if (shown.Length > OpenRows)
        {
            text.Append(CultureInfo.InvariantCulture, $"<details><summary>{shown.Length - OpenRows:N0} further parameters</summary>\n");
            Table(text, shown.Skip(OpenRows));
            text.Append("</details>\n");
        }

        if (figures.Parameters.Count > shown.Length)
        {
            text.Append(CultureInfo.InvariantCulture, $"<p>{figures.Parameters.Count - shown.Length:N0} more parameters are in summary.json.</p>\n");
        }

        return text.ToString();
    }

    private static void Table(StringBuilder text, IEnumerable<ParameterSummary> rows)
    {
        text.Append("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">parameter</th>");
        foreach ((string head, string title, _) in Columns)
        {
            text.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\" class=\"number\" title=\"{ReportPage.Text(title)}\">{head}</th>");
        }

        text.Append("</tr></thead>\n<tbody>\n");
        foreach (ParameterSummary one in rows)
        {
            bool isMarked = IsMarked(one);
            text.Append(CultureInfo.InvariantCulture, $"<tr{(isMarked ? " class=\"marked\"" : "")}><th scope=\"row\">{(isMarked ? "<span class=\"mark\">!</span> " : "")}{ReportPage.Text(one.Name)}</th>");
            foreach ((_, _, Func<ParameterSummary, string> cell) in Columns)
            {
                text.Append(CultureInfo.InvariantCulture, $"<td class=\"number\">{cell(one)}</td>");
            }

            text.Append("</tr>\n");
        }

        text.Append("</tbody></table></div>\n");
    }

    private static bool IsMarked(ParameterSummary one) => Verdict.LevelOf(one) != VerdictLevel.Good;

    private static string Mean(ParameterSummary one) => double.IsFinite(one.McseMean)
        ? $"{FigureText.Rounded(one.Mean, one.McseMean)} ± {FigureText.Error(one.McseMean)}"
        : FigureText.Rounded(one.Mean, one.McseMean);
}
