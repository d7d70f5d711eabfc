using System.Globalization;
using System.Net;
using System.Text;
using Lae.Host.Runs;

namespace Lae.Host.Reports;

/// <summary>What the report of a run shows.</summary>
/// <param name="Name">The name of the run.</param>
/// <param name="Summary">What was trained, in sentences.</param>
/// <param name="Metrics">The final figures.</param>
/// <param name="Configuration">The content of <c>config.json</c>.</param>
/// <param name="Timing">Times.</param>
/// <param name="Pictures">Pictures in order.</param>
internal sealed record ReportContent(
    string Name, string Summary, FinalMetrics Metrics, string Configuration, RunTiming Timing, IReadOnlyList<ReportPicture> Pictures);

/// <summary>A picture of the report.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Caption">What it shows.</param>
/// <param name="Content">Markup that holds all of the picture.</param>
internal sealed record ReportPicture(string Title, string Caption, string Content)
{
    /// <summary>A PNG file, inside the page.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="png">The file.</param>
    public static ReportPicture Png(string title, string caption, byte[] png) =>
        new(title, caption, $"<img alt=\"{WebUtility.HtmlEncode(title)}\" src=\"data:image/png;base64,{Convert.ToBase64String(png)}\">");

    /// <summary>An SVG document, inside the page, which needs no name of its namespace.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="svg">The document.</param>
    public static ReportPicture Svg(string title, string caption, string svg) => new(
        title, caption, svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].Replace(" xmlns=\"http://www.w3.org/2000/svg\"", string.Empty, StringComparison.Ordinal));

    /// <summary>Rows of a table.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="rows">Rows of numbers.</param>
    public static ReportPicture Table(string title, string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<double>> rows)
    {
        StringBuilder content = new("<div class=\"wide\"><table><tr>");
        foreach (string column in columns)
        {
            content.Append(CultureInfo.InvariantCulture, $"<th>{WebUtility.HtmlEncode(column)}</th>");
        }

        content.Append("</tr>");
        foreach (IReadOnlyList<double> row in rows)
        {
            content.Append("<tr>");
            foreach (double value in row)
            {
                content.Append(CultureInfo.InvariantCulture, $"<td class=\"number\">{value:G5}</td>");
            }

            content.Append("</tr>");
        }

        return new ReportPicture(title, caption, content.Append("</table></div>").ToString());
    }
}

/// <summary>Writes the report of a run as one page that needs nothing else: no script, no link, pictures inside.</summary>
internal static class HtmlReport
{
    /// <summary>The page.</summary>
    /// <param name="content">What it shows.</param>
    public static string Write(ReportContent content)
    {
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(content.Name)}</h1>\n<p>{Text(content.Summary)}</p>\n");
        Warnings(page, content.Metrics);
        page.Append("<section class=\"pair\">\n");
        Figures(page, "Test figures", content.Metrics.Test);
        Figures(page, "Training figures of the last log entry", content.Metrics.Training);
        page.Append("</section>\n");
        foreach (ReportPicture picture in content.Pictures)
        {
            page.Append(CultureInfo.InvariantCulture, $"<section>\n<h2>{Text(picture.Title)}</h2>\n<p class=\"caption\">{Text(picture.Caption)}</p>\n{picture.Content}\n</section>\n");
        }

        Times(page, content.Timing);
        page.Append(CultureInfo.InvariantCulture, $"<section>\n<h2>Configuration</h2>\n<pre>{Text(content.Configuration)}</pre>\n</section>\n");
        return ReportPage.Write($"{content.Name}: {content.Metrics.Model}", page.ToString());
    }

    private static void Warnings(StringBuilder page, FinalMetrics metrics)
    {
        if (metrics.Warnings.Count == 0)
        {
            page.Append("<section>\n<h2>Warnings</h2>\n<p>None.</p>\n</section>\n");
            return;
        }

        page.Append("<section class=\"warning\">\n<h2>Warnings</h2>\n<ul>\n");
        foreach (RunWarning warning in metrics.Warnings)
        {
            page.Append(CultureInfo.InvariantCulture, $"<li>{Text(warning.Describe(metrics.LogEntries))}</li>\n");
        }

        page.Append("</ul>\n</section>\n");
    }

    private static void Figures(StringBuilder page, string title, IReadOnlyDictionary<string, double> figures)
    {
        page.Append(CultureInfo.InvariantCulture, $"<div>\n<h2>{title}</h2>\n<table>\n");
        foreach ((string name, double value) in figures.OrderBy(figure => figure.Key, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(name)}</td><td class=\"number\">{value:G6}</td></tr>\n");
        }

        page.Append("</table>\n</div>\n");
    }

    private static void Times(StringBuilder page, RunTiming timing) => page.Append(
        CultureInfo.InvariantCulture,
        $"<section>\n<h2>Time</h2>\n<p>{timing.Steps} steps in {ProgressLine.Duration(timing.Training)} ({timing.Rate:G3} steps/s; threads: {timing.Threads}), evaluation in {ProgressLine.Duration(timing.Evaluation)}; finished {timing.Finished:yyyy-MM-dd HH:mm:ss zzz}.</p>\n</section>\n");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
