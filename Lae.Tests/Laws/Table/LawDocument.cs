using System.Text;

namespace Lae.Tests.Laws.Table;

/// <summary>Writes <c>docs/laws.md</c>.</summary>
internal static class LawDocument
{
    private const string Proved = "✓";
    private const string Open = "**?**";

    /// <summary>The command that rewrites the document.</summary>
    public const string Command = "LAE_WRITE_DOCS=1 dotnet test Lae.Tests --filter LawTable";

    public static string Write(LawTable table)
    {
        StringBuilder text = new();
        text.Append($"""
            # Laws and kernels

            Which law is proved of which kernel, and by which test. Generated from the `[Proves]` and `[Rejects]` attributes of the tests: `{Command}` writes it anew, and a test fails where
            it is not what the tests say. {Proved}: proved by a test. A letter: why there is nothing to prove; the reasons are below the tables.


            """.ReplaceLineEndings("\n"));
        LawRow[] invariants = [.. LawCatalogue.All.Where(law => law.Id.StartsWith('I'))];
        LawRow[] running = [.. LawCatalogue.All.Except(invariants)];
        foreach (Family family in Enum.GetValues<Family>().Where(family => family != Family.Runner))
        {
            WriteFamily(text, table, family, invariants);
        }

        text.Append("## Runner\n\n");
        WriteGrid(text, "kernel", [.. running.Select(law => law.Id)], KernelCatalogue.All.Select(kernel => (kernel.Name, running.Select(law => Cell(table, law, kernel)))));
        text.Append("\n## Reasons\n\n");
        foreach (Reason reason in Reasons.All)
        {
            text.Append($"- **{reason.Mark}**: {reason.Text}.\n");
        }

        WriteLaws(text, table);
        WriteBugs(text, table);
        return text.ToString();
    }

    private static void WriteFamily(StringBuilder text, LawTable table, Family family, IReadOnlyList<LawRow> laws)
    {
        KernelColumn[] kernels = [.. KernelCatalogue.All.Where(kernel => kernel.Family == family)];
        (LawRow Law, string[] Cells)[] rows = [.. laws.Select(law => (law, kernels.Select(kernel => Cell(table, law, kernel)).ToArray()))];
        (LawRow Law, string[] Cells)[] same = [.. rows.Where(row => row.Cells.Distinct().Count() == 1 && row.Cells[0] is not (Proved or Open))];
        text.Append($"## {KernelCatalogue.Title(family)}\n\n");
        if (same.Length < rows.Length)
        {
            WriteGrid(text, "law", [.. kernels.Select(kernel => kernel.Name)], rows.Except(same).Select(row => (row.Law.Id, (IEnumerable<string>)row.Cells)));
            text.Append('\n');
        }

        // a row that says the same of every kernel is told in a sentence
        string[] others = [.. same.GroupBy(row => row.Cells[0]).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"**{group.Key}** {string.Join(", ", group.Select(row => row.Law.Id))}")];
        text.Append(others.Length == 0 ? string.Empty : $"The same for all of these: {string.Join("; ", others)}.\n\n");
    }

    private static void WriteGrid(StringBuilder text, string corner, IReadOnlyList<string> columns, IEnumerable<(string Name, IEnumerable<string> Cells)> rows)
    {
        text.Append($"| {corner} | {string.Join(" | ", columns)} |\n|---|{string.Concat(columns.Select(_ => ":-:|"))}\n");
        foreach ((string name, IEnumerable<string> cells) in rows)
        {
            text.Append($"| {name} | {string.Join(" | ", cells)} |\n");
        }
    }

    private static void WriteLaws(StringBuilder text, LawTable table)
    {
        text.Append("\n## The laws and their tests\n\nA is the precision of a Gaussian target, U = −log π, h the step size, T the temperature, M the mass, ξ standard normal.\n\n");
        foreach (LawRow law in LawCatalogue.All)
        {
            text.Append($"- **{law.Id}** {law.Statement}\n");
            var tests = KernelCatalogue.All
                .SelectMany(kernel => table.Proofs(law, kernel), (kernel, test) => (kernel.Name, Test: test))
                .GroupBy(proof => proof.Test, proof => proof.Name, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal);
            foreach (IGrouping<string, string> test in tests)
            {
                text.Append($"  - `{test.Key}`: {string.Join(", ", test)}\n");
            }
        }
    }

    private static void WriteBugs(StringBuilder text, LawTable table)
    {
        text.Append("\n## Planted bugs\n\nBugs that a law must see: those planted by Lae (§4), and those that trusted systems have shipped (§5), made again. A suite that rejects nothing is no evidence.\n\n| bug | rejected by |\n|---|---|\n");
        foreach (PlantedBug bug in PlantedBugs.All)
        {
            string[] tests = [.. table.Rejections(bug).Select(test => $"`{test}`")];
            text.Append($"| {bug.Name} | {(tests.Length > 0 ? string.Join(", ", tests) : Open)} |\n".Replace("|v|", "\\|v\\|", StringComparison.Ordinal));
        }
    }

    private static string Cell(LawTable table, LawRow law, KernelColumn kernel) => table.Proofs(law, kernel).Count > 0 ? Proved
        : Reasons.Of(law, kernel) is { } reason ? reason.Mark
        : Open;
}
