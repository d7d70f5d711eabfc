using Lae.Tests.Laws.Table;

namespace Lae.Tests.Laws;

/// <summary>The table kernel × law of <c>docs/laws.md</c>: what it names is known, no cell is unexplained, and the document is what the tests say.</summary>
public sealed class LawTableTests
{
    private static readonly LawTable Table = new(typeof(LawTableTests).Assembly);

    [Fact]
    public void Every_law_kernel_and_bug_that_a_test_names_is_in_the_catalogue() => Assert.Equal(string.Empty, string.Join(", ", Table.Unknown));

    [Fact]
    public void No_cell_is_left_unexplained() => Assert.Equal(string.Empty, string.Join(", ", Table.Unexplained()));

    [Fact]
    public void Every_planted_bug_is_rejected() => Assert.Equal(string.Empty, string.Join(", ", Table.Unrejected()));

    [Fact]
    public void The_catalogue_is_whole_and_has_no_name_twice()
    {
        IEnumerable<string> expected = [.. Enumerable.Range(1, 55).Select(i => $"I-{i}"), .. Enumerable.Range(1, 15).Select(i => $"R-{i}")];
        Assert.Equal(expected, LawCatalogue.All.Select(law => law.Id).Where(id => id != "I-13b"));
        Assert.Distinct(KernelCatalogue.All.Select(kernel => kernel.Name));
        Assert.Distinct(Reasons.All.Select(reason => reason.Mark));
        Assert.Distinct(PlantedBugs.All.Select(bug => bug.Name));
        string[] kernels = [.. KernelCatalogue.All.Select(kernel => kernel.Name)];
        Assert.All(LawCatalogue.All.SelectMany(law => law.Kernels).Distinct(), name => Assert.Contains(name, kernels));
    }

    [Fact]
    public void Names_that_nobody_knows_are_found()
    {
        // the same reflection over a class that is all wrong
        LawTable table = new(typeof(Misnamed));
        Assert.Equal(["Misnamed.Test: bug §4 nothing", "Misnamed.Test: kernel Alma", "Misnamed.Test: law I-99", "Misnamed.Test: law R-4…R-1", "Misnamed.Test: no kernel for I-1"], table.Unknown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_document_is_what_the_tests_say()
    {
        string path = Path.Combine(SharedFiles.Root(), "docs", "laws.md");
        string expected = LawDocument.Write(Table);
        if (Environment.GetEnvironmentVariable("LAE_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        string actual = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : string.Empty;
        Assert.True(expected == actual, $"docs/laws.md is not what the tests say; write it anew with: {LawDocument.Command}");
    }

    /// <summary>Left out where the assembly is read as a whole.</summary>
    internal sealed class Misnamed : LawTable.IExample
    {
        [Proves("I-99", "ULA")]
        [Proves("I-1", "Alma")]
        [Proves("R-4…R-1", "ULA")]
        [Proves("I-1")]
        [Rejects("§4 nothing")]
        public void Test() => throw new NotSupportedException();
    }
}
