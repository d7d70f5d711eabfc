using System.Text.RegularExpressions;
using Lae.Diagnostics;
using Lae.Host.Reports;
using Lae.Targets;

namespace Lae.Tests.Host.Reports;

/// <summary>The report of <c>lae sample</c>: the verdict is said, pictures are inside, foreign text is text, and nothing breaks it.</summary>
public sealed partial class SamplingReportTests
{
    private static readonly string[] Two = ["mu", "tau"];

    [Fact]
    public void AGoodRunIsSaidToBeGoodAndShowsItsPictures()
    {
        string page = SamplingReport.Page(Outcomes.Of(Two));
        Assert.Contains("</span> Good: you can use these draws</h2>", page, StringComparison.Ordinal);
        Assert.Contains("<h2>The answer</h2>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("not to be used", page, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"mark\"", page, StringComparison.Ordinal);
        foreach (string title in new[] { "Trace of mu", "Ranks of tau", "Autocorrelation of mu", "Pairs" })
        {
            Assert.Contains($"aria-label=\"{title}", page, StringComparison.Ordinal);
        }

        // one page that needs nothing else
        Assert.DoesNotMatch(@"(?:src|href)=|<script|http://(?!www\.w3\.org)", page);
        Assert.Equal(Opened().Count(page), Closed().Count(page));
    }

    [Fact]
    public void ABadRunIsSaidToBeBadWithReasonsThatAreEncoded()
    {
        SamplingOutcome outcome = Outcomes.Of(Two, (parameter, chain, _, normal) => normal + (parameter * chain * 4), sampler: new SamplerFigures(Divergences: 12, EnergyFractions: [0.1, 0.9, 0.9, 0.9]));
        string page = SamplingReport.Page(outcome);
        Assert.Contains("</span> Do not use these draws</h2>", page, StringComparison.Ordinal);
        Assert.Contains("<h2>The figures (not to be used)</h2>", page, StringComparison.Ordinal);
        Assert.All(outcome.Verdict.Reasons, reason =>
        {
            Assert.Contains($"<p class=\"problem\">{ReportPage.Text(reason.Problem)}</p>", page, StringComparison.Ordinal);
            Assert.Contains(ReportPage.Text(reason.Cure), page, StringComparison.Ordinal);
        });
        Assert.Contains("<span class=\"mark\">!</span> tau", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<span class=\"mark\">!</span> mu", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("<h3>tau", StringComparison.Ordinal) < page.IndexOf("<h3>mu", StringComparison.Ordinal));
        Assert.Contains("E-BFMI", page, StringComparison.Ordinal);

        // bars of ranks outside of the band: chains that disagree are not excused by the small effective size that this makes
        Assert.Contains("fill=\"#bd1f01\" fill-opacity=\"0.75\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void AWarningIsToBeUsedWithCare() =>
        Assert.Contains("</span> Warn: use these draws with care</h2>", SamplingReport.Page(Outcomes.Of(Two, sampler: new SamplerFigures(IsUnadjusted: true))), StringComparison.Ordinal);

    [Fact]
    public void NamesOfForeignOriginAreText()
    {
        const string Evil = "<script>alert(1)</script>\"'&";
        SamplingOutcome outcome = Outcomes.Of([Evil, "</svg><img src=x onerror=alert(1)>"], (_, chain, _, normal) => normal + chain) with
        {
            Name = Evil,
            Target = Evil,
            Kernel = Evil,
            DataWarnings = [new DataWarning("ConstantColumn", Evil, Evil)],
            DataNotes = [Evil],
            Making = [new(Evil, Evil)],
            Configuration = Evil,
        };
        string page = SamplingReport.Page(outcome);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void DrawsThatAreNotFiniteOrConstantOrFewBreakNothing()
    {
        string broken = SamplingReport.Page(Outcomes.Of(Two, (parameter, _, draw, normal) => parameter == 1 && draw > 500 ? double.NaN : normal));
        Assert.Contains("Do not use these draws", broken, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", broken.Replace("not a number (NaN)", "", StringComparison.Ordinal), StringComparison.Ordinal);

        string constant = SamplingReport.Page(Outcomes.Of(Two, (parameter, _, _, normal) => parameter == 1 ? 1 : normal));
        Assert.Contains("One parameter that mixes better or is constant has no pictures here", constant, StringComparison.Ordinal);

        string stuck = SamplingReport.Page(Outcomes.Of(Two, (_, chain, _, _) => chain));
        Assert.Contains("none of the 4 chains ever moved", stuck, StringComparison.Ordinal);
        Assert.DoesNotContain("Autocorrelation of", stuck, StringComparison.Ordinal);

        foreach (int length in new[] { 1, 2, 3, 10 })
        {
            Assert.Contains("Do not use these draws", SamplingReport.Page(Outcomes.Of(Two, length: length)), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("aria-label=\"Pairs", SamplingReport.Page(Outcomes.Of(["mu"])), StringComparison.Ordinal);
    }

    [Fact]
    public void AnIntervalIsMarkedByTheFigureThatSpeaksAgainstIt()
    {
        SamplingOutcome few = Outcomes.Of(["mu"], length: 90);
        ParameterSummary mu = few.Figures.Parameters[0];
        Assert.InRange(mu.RHat, 0.99, 1.01);
        Assert.InRange(Math.Min(mu.EssBulk, mu.EssTail), 100, 400);
        Assert.Contains($"! ESS {(int)Math.Min(mu.EssBulk, mu.EssTail)}<", SamplingReport.Page(few), StringComparison.Ordinal);
        Assert.DoesNotContain("! R-hat", SamplingReport.Page(few), StringComparison.Ordinal);
        Assert.Contains("! R-hat 1.", SamplingReport.Page(Outcomes.Of(["mu"], (_, chain, _, normal) => normal + chain)), StringComparison.Ordinal);
        Assert.DoesNotContain("! ESS", SamplingReport.Page(Outcomes.Of(["mu"])), StringComparison.Ordinal);
    }

    [Fact]
    public void AgreementIsNotSaidToBeEnoughWhereAModeWasMissed()
    {
        SamplingOutcome good = Outcomes.Of(["mu"]);
        Assert.DoesNotContain("not enough", SamplingReport.Page(good), StringComparison.Ordinal);
        Assert.Contains("Here that is not enough", SamplingReport.Page(good with { Sampler = new SamplerFigures(UnvisitedModes: 1) }), StringComparison.Ordinal);
    }

    [Fact]
    public void DrawsThatWereNotKeptAreSaidToBeMissing()
    {
        DrawSummary figures = DrawSummary.OfStream(["mu"], SamplingTerminalTests.Streamed());
        string page = SamplingReport.Page(new SamplingOutcome("test", "target", "kernel", figures, Verdict.Of(figures)));
        Assert.Contains("There are no pictures of the draws", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", page, StringComparison.Ordinal);
    }

    [Fact]
    public void HundredsOfParametersStayUsable()
    {
        string[] names = [.. Enumerable.Range(1, 400).Select(i => $"theta[{i}]")];
        SamplingOutcome outcome = Outcomes.Of(names, (parameter, chain, _, normal) => normal + (parameter == 277 ? chain : 0), length: 100);
        List<int> read = [];
        string page = SamplingReport.Page(outcome with { Draws = i => { read.Add(i); return outcome.Draws!(i); } });
        Assert.InRange(page.Length, 100_000, 3_500_000);
        Assert.Contains("<h3>theta[278]</h3>", page, StringComparison.Ordinal);
        Assert.Contains("340 further parameters", page, StringComparison.Ordinal);

        // the draws are on disk: each parameter is read once, and few are
        Assert.Equal(read.Order().Distinct(), read);
        Assert.InRange(read.Count, 20, 60);
    }

    [Fact]
    public void LongChainsStaySmall()
    {
        string page = SamplingReport.Page(Outcomes.Of(Two, length: 20_000));
        Assert.InRange(page.Length, 10_000, 1_500_000);
        Assert.Contains("the extremes in every pixel", page, StringComparison.Ordinal);
    }

    [Fact]
    public void EnergiesHaveAPicture()
    {
        SamplingOutcome outcome = Outcomes.Of(Two);
        Assert.Contains("aria-label=\"Energy", SamplingReport.Page(outcome with { Energies = outcome.Draws!(0) }), StringComparison.Ordinal);
    }

    [GeneratedRegex("<(section|figure|details|table|svg|g|ol|li|dl)[ >]")]
    private static partial Regex Opened();

    [GeneratedRegex("</(section|figure|details|table|svg|g|ol|li|dl)>")]
    private static partial Regex Closed();
}
