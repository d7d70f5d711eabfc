using System.Globalization;
using System.Text;
using Lae.Host.Reports;

namespace Lae.Host.Inferring;

/// <summary>The report of <c>lae infer</c>: one page that needs nothing else.</summary>
internal static class InferenceReport
{
    /// <summary>The page.</summary>
    /// <param name="results">The results.</param>
    /// <param name="picture">The picture, SVG.</param>
    /// <param name="configuration">The content of <c>config.json</c>.</param>
    public static string Write(InferenceResults results, string picture, string configuration)
    {
        StringBuilder body = new();
        body.Append(CultureInfo.InvariantCulture, $"<h1>{ReportPage.Text(results.Run.Configuration.Name)}</h1>\n<p>{ReportPage.Text(Summary(results))}</p>\n");
        if (results.Warning is { } warning)
        {
            body.Append(CultureInfo.InvariantCulture, $"<section class=\"warning\"><p>{ReportPage.Text(warning)}</p></section>\n");
        }

        Section(body, "Figures", $"{Meanings(results)} The row \"{InferenceResults.ReferenceName}\" is a second reference sample: the floor below which nothing is told apart.", Rows(results.Table()));
        ReportPicture drawn = ReportPicture.Svg("Draws", InferencePictures.Caption(results), picture);
        Section(body, drawn.Title, drawn.Caption, drawn.Content);
        Section(body, "The methods themselves", "Acceptance and step size after the burn-in; the condition number of K = G Gᵀ, whose inverse is the pace of plain amortized Langevin dynamics; the evidence bound in nats.", Rows(Own(results)));
        Section(body, "Configuration", string.Empty, $"<pre>{ReportPage.Text(configuration)}</pre>");
        return ReportPage.Write($"{results.Run.Configuration.Name}: {results.Run.Problem.Name}", body.ToString());
    }

    /// <summary>What was done, in a sentence.</summary>
    /// <param name="results">The results.</param>
    public static string Summary(InferenceResults results) => string.Create(
        CultureInfo.InvariantCulture,
        $"{results.Run.Problem.Name}, {results.Run.Problem.Points} {(results.Run.Problem.Points == 1 ? "law" : "points")}, dimension {results.Run.Problem.LatentSize}: {results.Run.Configuration.Draws:N0} draws of each by each method, beside as many {(results.Run.Problem.IsReferenceExact ? "exact draws" : "draws of long MALA chains")}.");

    private static string Meanings(InferenceResults results) =>
        string.Concat(InferenceResults.Meanings.Where(figure => results.Figures.Contains(figure.Name)).Select(figure => $"{figure.Name}: {figure.Meaning}. "));

    private static List<IReadOnlyList<string>> Own(InferenceResults results)
    {
        string[] names = [.. results.Methods.SelectMany(method => method.Own.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return
        [
            ["method", .. names],
            .. results.Methods.Select(method => (IReadOnlyList<string>)[method.Name, .. names.Select(name => method.Own.TryGetValue(name, out double value) ? value.ToString("G4", CultureInfo.InvariantCulture) : FigureText.None)]),
        ];
    }

    private static void Section(StringBuilder body, string title, string caption, string content) => body.Append(
        CultureInfo.InvariantCulture, $"<section>\n<h2>{ReportPage.Text(title)}</h2>\n<p class=\"caption\">{ReportPage.Text(caption)}</p>\n{content}\n</section>\n");

    private static string Rows(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        StringBuilder text = new("<div class=\"wide\"><table>\n");
        for (int i = 0; i < rows.Count; i++)
        {
            string cell = i == 0 ? "th" : "td";
            text.Append("<tr>");
            for (int column = 0; column < rows[i].Count; column++)
            {
                text.Append(CultureInfo.InvariantCulture, $"<{cell}{(column > 0 ? " class=\"number\"" : string.Empty)}>{ReportPage.Text(rows[i][column])}</{cell}>");
            }

            text.Append("</tr>\n");
        }

        return text.Append("</table></div>").ToString();
    }
}
