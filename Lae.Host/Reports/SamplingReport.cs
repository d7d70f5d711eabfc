using System.Globalization;
using System.Text;
using Lae.Diagnostics;
using Lae.Host.Runs;

namespace Lae.Host.Reports;

/// <summary>The report of a run of <c>lae sample</c>: the verdict in words, the answer, pictures to check it by, and how it was made.</summary>
internal static class SamplingReport
{
    private const string Style = """
        .verdict { border-width: 1px 1px 1px 10px; } .verdict h2 { font-size: 1.7rem; line-height: 1.2; } .verdict li { margin-top: .75rem; } .verdict p { margin: .25rem 0; }
        .good { border-color: #1a7f4b; } .good h2 { color: #14613a; } .warn { border-color: #d08700; } .warn h2 { color: #8a5a00; } .bad { border-color: #bd1f01; } .bad h2 { color: #a31a00; }
        .problem { font-weight: 600; } th.number { text-align: right; } td, th { white-space: nowrap; } tr.marked td { background: #fdf0ec; }
        """;

    /// <summary>Writes the page.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="outcome">The run.</param>
    public static void Write(RunFolder folder, SamplingOutcome outcome) => AtomicFile.WriteText(folder.Report, Page(outcome));

    /// <summary>The page.</summary>
    /// <param name="outcome">The run.</param>
    public static string Page(SamplingOutcome outcome)
    {
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(outcome.Name)}</h1>\n<p>{Text(outcome.Sentence)}</p>\n");
        Verdict(page, outcome);
        Making(page, outcome);
        page.Append(CultureInfo.InvariantCulture, $"<section>\n<h2>Configuration</h2>\n<pre>{Text(outcome.Configuration)}</pre>\n</section>\n");
        return ReportPage.Write($"{outcome.Name}: {VerdictWords.Headline(outcome.Verdict.Level)}", page.ToString(), Style);
    }

    private static void Verdict(StringBuilder page, SamplingOutcome outcome)
    {
        string look = outcome.Verdict.Level switch { VerdictLevel.Good => "good", VerdictLevel.Warn => "warn", _ => "bad" };
        page.Append(CultureInfo.InvariantCulture, $"<section class=\"verdict {look}\">\n<h2>{Text(VerdictWords.Headline(outcome.Verdict.Level))}</h2>\n<p>{Text(VerdictWords.Ground(outcome))}</p>\n");
        if (outcome.Verdict.Reasons.Count > 0)
        {
            page.Append("<ul>\n");
            foreach (VerdictReason reason in outcome.Verdict.Reasons)
            {
                page.Append(CultureInfo.InvariantCulture, $"<li><p class=\"problem\">{Text(reason.Problem)}</p><p>What it means: {Text(reason.Meaning)}</p><p>What to do: {Text(reason.Cure)}</p></li>\n");
            }

            page.Append("</ul>\n");
        }

        page.Append("</section>\n");
    }

    private static void Making(StringBuilder page, SamplingOutcome outcome)
    {
        page.Append("<section>\n<h2>How the draws were made</h2>\n<table>\n");
        foreach ((string name, string value) in outcome.Making)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(name)}</td><td>{Text(value)}</td></tr>\n");
        }

        page.Append("</table>\n</section>\n");
    }

    private static string Text(string text) => ReportPage.Text(text);
}
