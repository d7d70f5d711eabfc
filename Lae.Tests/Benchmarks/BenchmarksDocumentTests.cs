using Lae.Benchmarks;

namespace Lae.Tests.Benchmarks;

/// <summary>docs/benchmarks.md: a command that renews its section leaves those of the others alone.</summary>
public sealed class BenchmarksDocumentTests
{
    private static readonly string[] Order = ["Speed", "Limits", "Growth"];

    private delegate string Renew(string? page, IReadOnlyList<string> order, string heading, string text);

    [Fact]
    public void A_page_that_is_not_there_is_begun() =>
        Assert.Equal("# Benchmarks\n\nEvery section names the command that wrote it, and renews it.\n\n## Limits\n\nten\n", BenchmarksDocument.With(null, Order, "Limits", "\nten\n\n"));

    [Fact]
    public void Sections_stand_in_their_order_whichever_was_first()
    {
        string page = Written(BenchmarksDocument.With, "Growth", "Speed", "Limits");
        Assert.Equal(Written(BenchmarksDocument.With, "Speed", "Limits", "Growth"), page);
        Assert.Equal(["## Speed", "## Limits", "## Growth"], page.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_others_wrote_stays() => Assert.True(LeavesTheOthers(BenchmarksDocument.With));

    [Fact]
    public void A_section_that_ends_at_a_deeper_heading_is_rejected() => Assert.False(LeavesTheOthers((page, order, heading, text) =>
        BenchmarksDocument.With(page?.Replace("\n### ", "\n## ", StringComparison.Ordinal), order, heading, text)));

    [Fact]
    public void A_section_that_goes_to_the_end_of_the_page_is_rejected() => Assert.False(LeavesTheOthers((page, order, heading, text) =>
    {
        int place = page?.IndexOf($"\n## {heading}\n", StringComparison.Ordinal) ?? -1;
        return BenchmarksDocument.With(place < 0 ? page : page![..(place + 1)], order, heading, text);
    }));

    private static bool LeavesTheOthers(Renew renew)
    {
        string page = Written(renew, Order);
        foreach (string heading in Order)
        {
            string renewed = renew(page, Order, heading, "new\n\n### Deeper\n\nnew too");
            string expected = page.Replace($"text of {heading}\n\n### Deeper\n\nmore of {heading}\n", "new\n\n### Deeper\n\nnew too\n", StringComparison.Ordinal);
            if (renewed != expected || renewed == page)
            {
                return false;
            }
        }

        return true;
    }

    private static string Written(Renew renew, params string[] headings)
    {
        string? page = "# Title\n\nA word before.\n";
        foreach (string heading in headings)
        {
            page = renew(page, Order, heading, $"text of {heading}\n\n### Deeper\n\nmore of {heading}");
        }

        return page;
    }
}
