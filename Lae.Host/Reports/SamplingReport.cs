using System.Globalization;
using System.Text;
using Lae.Diagnostics;
using Lae.Host.Runs;
using Lae.Targets;

namespace Lae.Host.Reports;

/// <summary>The report of a run of <c>lae sample</c>: the verdict in words, the answer, pictures to check it by, and how it was made. One page that needs nothing else, of a few MB at most.</summary>
internal static class SamplingReport
{
    private const int OpenParameters = 4;
    private const int MostConfiguration = 100_000;

    private const string Style = """
        h3 { font-size: 1.05rem; margin: 1.25rem 0 .25rem; } th { font-weight: 600; } th.number { text-align: right; } .wide td, .wide th { white-space: nowrap; } tbody th { font-weight: 400; }
        .verdict { border-left-width: 12px; } .verdict h2 { font-size: 1.8rem; line-height: 1.2; } .verdict li { margin-top: .75rem; } .verdict p { margin: .2rem 0; }
        .good { border-color: #1a7f4b; } .good h2 { color: #14613a; } .care { border-color: #d08700; } .care h2 { color: #7d5200; } .bad { border-color: #bd1f01; } .bad h2 { color: #a31a00; }
        .problem, .alert { font-weight: 600; } .mark { color: #a31a00; font-weight: 700; } tr.marked th, tr.marked td { background: #fdf0ec; } .alert { color: #a31a00; }
        figure { margin: .75rem 0 0; overflow-x: auto; } figcaption { color: #455062; font-size: .9rem; } details { margin-top: .75rem; } summary { cursor: pointer; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; } dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
        @media (max-width: 40rem) { main { padding: 1rem .5rem; } section { padding: .75rem; } .verdict h2 { font-size: 1.4rem; } figure svg { max-width: none; } }
        @media print { body { background: #fff; font-size: 12px; -webkit-print-color-adjust: exact; print-color-adjust: exact; } main { max-width: none; padding: 0; } figure, tr, li { break-inside: avoid; } }

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
        WriteVerdict(page, outcome);
        Data(page, outcome);
        Section(page, outcome.Verdict.Level == VerdictLevel.DoNotUse ? "The figures (not to be used)" : "The answer", ParameterTable.Write(outcome.Figures, outcome.Verdict.Level));
        Intervals(page, outcome);
        Draws(page, outcome);
        Energy(page, outcome);
        Making(page, outcome);
        return ReportPage.Write($"{outcome.Name}: {VerdictWords.Headline(outcome.Verdict.Level)}", page.ToString(), Style);
    }

    private static void WriteVerdict(StringBuilder page, SamplingOutcome outcome)
    {
        string look = outcome.Verdict.Level switch { VerdictLevel.Good => "good", VerdictLevel.Warn => "care", _ => "bad" };
        string sign = outcome.Verdict.Level switch { VerdictLevel.Good => "✓", VerdictLevel.Warn => "!", _ => "✗" };
        string headline = VerdictWords.Headline(outcome.Verdict.Level);
        page.Append(CultureInfo.InvariantCulture, $"<section class=\"verdict {look}\">\n<h2><span aria-hidden=\"true\">{sign}</span> {char.ToUpperInvariant(headline[0])}{Text(headline[1..])}</h2>\n<p>{Text(VerdictWords.Ground(outcome))}</p>\n");
        if (outcome.Verdict.Reasons.Count > 0)
        {
            page.Append("<ol>\n");
            foreach (VerdictReason reason in outcome.Verdict.Reasons)
            {
                page.Append(CultureInfo.InvariantCulture, $"<li><p class=\"problem\">{Text(reason.Problem)}</p><p>What it means: {Text(reason.Meaning)}</p><p>What to do: {Text(reason.Cure)}</p></li>\n");
            }

            page.Append("</ol>\n");
        }

        page.Append("</section>\n");
    }

    private static void Data(StringBuilder page, SamplingOutcome outcome)
    {
        if (outcome.DataWarnings.Count > 0)
        {
            page.Append("<section class=\"warning\">\n<h2>Warnings about the data</h2>\n<ul>\n");
            foreach (DataWarning warning in outcome.DataWarnings)
            {
                page.Append(CultureInfo.InvariantCulture, $"<li>{Text(warning.ToString())}</li>\n");
            }

            page.Append("</ul>\n</section>\n");
        }
    }

    private static void Intervals(StringBuilder page, SamplingOutcome outcome)
    {
        DrawSummary figures = outcome.Figures;
        IReadOnlyList<string> pictures = IntervalPictures.Draw(figures);
        if (pictures.Count > 0)
        {
            string some = IntervalPictures.AreSome(figures) ? " Those that mix worst are shown; the table has all." : "";
            string apart = pictures.Count > 1 ? " Parameters of different size have axes of their own." : "";
            string reliance = outcome.Verdict.Level == VerdictLevel.DoNotUse ? "Here neither can be relied on."
                : "A line that does not touch 0 (dashed) means a parameter whose sign is clear." + (figures.Parameters.Any(one => Verdict.LevelOf(one) != VerdictLevel.Good) ? " Red ones with a ! are not to be relied on." : "");
            Section(page, outcome.Verdict.Level == VerdictLevel.DoNotUse ? "The figures as a picture (not to be used)" : "The answer as a picture", Figure(string.Concat(pictures.Select(Inside)), $"How to read this: the dot is the median, and nine times in ten the parameter lies on the line. {reliance}{apart}{some}"));
        }
    }

    private static void Draws(StringBuilder page, SamplingOutcome outcome)
    {
        if (outcome.Draws is null)
        {
            Section(page, "Do the chains agree?", "<p>There are no pictures of the draws: the run kept none (Keep is Figures), or more of each parameter than fit into memory. The figures come from looking at each draw once, so that quantiles are missing too. To see pictures, run with Keep Draws and a larger Thinning.</p>\n");
            return;
        }

        SamplingPictures pictures = SamplingPictures.Of(outcome, outcome.Draws);
        StringBuilder content = new();
        string unvisited = outcome.Sampler.UnvisitedModes > 0 ? " Here that is not enough: none of them was everywhere, so they can look alike and all be wrong." : "";
        content.Append(CultureInfo.InvariantCulture, $"<p>A check by eye that does not rely on any figure: chains that look alike have found the same answer, wherever each of them began.{unvisited}</p>\n");
        foreach (ParameterPictures one in pictures.Parameters.Take(OpenParameters))
        {
            content.Append(CultureInfo.InvariantCulture, $"<h3>{Text(one.Name)}</h3>\n").Append(Figures(one, outcome.Figures.Length));
        }

        foreach (ParameterPictures one in pictures.Parameters.Skip(OpenParameters))
        {
            content.Append(CultureInfo.InvariantCulture, $"<details><summary>{Text(one.Name)}</summary>\n").Append(Figures(one, outcome.Figures.Length)).Append("</details>\n");
        }

        int without = outcome.Figures.Parameters.Count - pictures.Parameters.Count;
        if (without > 0)
        {
            content.Append(CultureInfo.InvariantCulture, $"<p>{(without == 1 ? "One parameter that mixes better or is" : $"{without:N0} parameters that mix better or are")} constant {(without == 1 ? "has" : "have")} no pictures here; the draws of all are in the run folder.</p>\n");
        }

        Section(page, "Do the chains agree?", content.ToString());
        if (pictures.Pairs is { } pairs)
        {
            string marked = outcome.Sampler.Divergences > 0 ? " Crosses are draws after a divergent transition: where they crowd, the posterior is too narrow for the step." : "";
            Section(page, "Parameters against each other", Figure(Inside(pairs), $"How to read this: each dot is a draw. A round cloud: the two parameters have nothing to do with each other. A slanted one: the data settle a combination of them better than each. Separate clouds: several modes. Numbers are correlations, from −1 to 1.{marked}"));
        }
    }

    private static string Figures(ParameterPictures one, long length)
    {
        string thinned = length > 2_000 ? " Of a long chain the lines show the extremes in every pixel." : "";
        return Figure(Inside(one.Trace), $"How to read this: one line for each chain, from its first draw to its last. Good: all lie over each other like one band of noise. Bad: lines at different levels, slow waves, flat pieces.{thinned}")
            + (one.Ranks is null ? "" : Figure(Inside(one.Ranks), "How to read this: all draws are sorted by size, and the bars count where those of each chain stand. Good: bars of about one height. Bad: a slope, a hump, or bars outside of the shaded band (red)."))
            + (one.Autocorrelation is null ? "" : Figure(Inside(one.Autocorrelation), "How to read this: how much a draw still resembles the one so many draws before. Good: the bars soon fall into the thin band about 0. Bad: they stay high, and many draws are worth one."));
    }

    private static void Energy(StringBuilder page, SamplingOutcome outcome)
    {
        string fractions = outcome.Sampler.EnergyFractions is { Count: > 0 } all
            ? string.Create(CultureInfo.InvariantCulture, $"<p>E-BFMI (a share of the spread of the energy that one transition covers) is {all.Min():0.00} in the {(all.Count == 1 ? "chain" : $"worst of {all.Count:N0} chains")}; it should be above 0.3.</p>\n")
            : "";
        string picture = outcome.Energies is { } energies && EnergyPicture.Draw(energies) is { } chart
            ? Figure(Inside(chart), "How to read this: good if the two curves are about equally wide. If the change in a transition is much narrower, the chains reach rare values too slowly.")
            : "";
        if (fractions.Length + picture.Length > 0)
        {
            Section(page, "Energy", fractions + picture);
        }
    }

    private static void Making(StringBuilder page, SamplingOutcome outcome)
    {
        StringBuilder content = new("<dl>\n");
        foreach ((string name, string value) in outcome.Making)
        {
            content.Append(CultureInfo.InvariantCulture, $"<dt>{Text(name)}</dt><dd>{Text(value)}</dd>\n");
        }

        foreach (string note in outcome.DataNotes)
        {
            content.Append(CultureInfo.InvariantCulture, $"<dt>Data</dt><dd>{Text(note)}</dd>\n");
        }

        string configuration = outcome.Configuration.Length <= MostConfiguration ? outcome.Configuration : $"{outcome.Configuration[..MostConfiguration]}\n… the rest is in config.json";
        content.Append(CultureInfo.InvariantCulture, $"</dl>\n<details><summary>The configuration with all defaults, which makes the same draws again (config.json)</summary>\n<pre>{Text(configuration)}</pre>\n</details>\n");
        Section(page, "How the draws were made", content.ToString());
    }

    private static void Section(StringBuilder page, string title, string content) =>
        page.Append(CultureInfo.InvariantCulture, $"<section>\n<h2>{Text(title)}</h2>\n").Append(content).Append("</section>\n");

    private static string Figure(string picture, string caption) => $"<figure>\n{picture}\n<figcaption>{Text(caption)}</figcaption>\n</figure>\n";

    /// <summary>A picture inside the page, which needs no name of its namespace.</summary>
    private static string Inside(string svg) => ReportPicture.Svg(string.Empty, string.Empty, svg).Content;

    private static string Text(string text) => ReportPage.Text(text);
}
