using System.Globalization;
using System.Net;
using Lae.Host.Runs;

namespace Lae.Host.Reports;

/// <summary>The frame of a report: one page that needs nothing else, no script and no link.</summary>
internal static class ReportPage
{
    private const string Style = """
        body { font: 16px/1.5 system-ui, sans-serif; color: #1c2430; background: #f6f7f9; margin: 0; }
        main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
        h1 { font-size: 1.8rem; margin: 0 0 .5rem; } h2 { font-size: 1.2rem; margin: 0 0 .5rem; }
        section { background: #fff; border: 1px solid #dde1e7; border-radius: 8px; padding: 1rem 1.25rem; margin-top: 1rem; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 2rem; }
        table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .2rem .75rem .2rem 0; border-bottom: 1px solid #eceff3; }
        td.number { text-align: right; font-variant-numeric: tabular-nums; } .wide { overflow-x: auto; }
        img { max-width: 100%; image-rendering: pixelated; } svg { max-width: 100%; height: auto; }
        pre { overflow-x: auto; font-size: .85rem; margin: 0; } p.caption { color: #596579; margin: .25rem 0 .75rem; }
        .warning { border-left: 4px solid #d08700; } footer { color: #596579; font-size: .85rem; margin-top: 1.5rem; }
        """;

    /// <summary>The page.</summary>
    /// <param name="title">Its title, plain text.</param>
    /// <param name="body">Markup of what it shows.</param>
    /// <param name="style">More rules of style.</param>
    public static string Write(string title, string body, string style = "") => string.Create(
        CultureInfo.InvariantCulture,
        $"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{Text(title)}</title>\n<style>\n{Style}\n{style}</style>\n</head>\n<body>\n<main>\n{body}<footer>Lae {Text(RunEnvironment.LaeVersion)}</footer>\n</main>\n</body>\n</html>\n");

    /// <summary>Plain text as markup.</summary>
    /// <param name="text">The text.</param>
    public static string Text(string text) => WebUtility.HtmlEncode(text);
}
