using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lae.Tests.Host;

/// <summary>README's table of <c>summary.json</c> names what is written, no more and no less.</summary>
public partial class SummaryTableTests
{
    /// <summary>Runs that between them write every key: one with warnings of the data, one with reasons against the draws and modes found.</summary>
    private static readonly string[][] Runs =
    [
        ["--Target:Type=GaussianMixture", "--Target:Weights=1,1", "--Target:Means=0,0,20,0", "--Target:Deviations=1", "--Start:Spread=0.5"],
        [
            "--Target:Type=LinearRegression", "--Target:Outcome=y", "--Target:Data:Type=Inline",
            "--Target:Data:Columns:0:Name=y", "--Target:Data:Columns:0:Values=1,2,4,3", "--Target:Data:Columns:1:Name=x", "--Target:Data:Columns:1:Values=5,5,5,5",
        ],
    ];

    [Fact]
    public void ReadmeNamesEveryKeyOfTheSummaryAndNoOther()
    {
        SortedSet<string> written = new(StringComparer.Ordinal);
        SortedSet<string> full = new(StringComparer.Ordinal);
        foreach (string[] target in Runs)
        {
            using HostRun host = new("{}");
            Assert.True(host.Run(["sample", "--Transitions=200", "--Warmup:Transitions=200", "--out", "out", .. target]) == 0, host.Error);
            Collect(JsonNode.Parse(File.ReadAllText(host.Path("out/summary.json")))!, written, full);
        }

        // what a list can hold was seen, so that no key is missed
        Assert.Superset(new HashSet<string>(["reasons", "warnings", "notes", "parameters", "found"]), full.ToHashSet());
        Assert.Equal(written, Named());
    }

    /// <summary>The keys at any depth; those of a place are the names of the run's own quantities.</summary>
    private static void Collect(JsonNode node, SortedSet<string> keys, SortedSet<string> lists)
    {
        if (node is JsonArray array)
        {
            foreach (JsonNode item in array.OfType<JsonObject>())
            {
                Collect(item, keys, lists);
            }
        }

        foreach ((string key, JsonNode? value) in node as JsonObject ?? [])
        {
            keys.Add(key);
            if (value is JsonArray { Count: > 0 })
            {
                lists.Add(key);
            }

            if (value is not null and not JsonValue && key != "found")
            {
                Collect(value, keys, lists);
            }
        }
    }

    /// <summary>Words in the style of a key in the table under the heading that the run folder's table points to.</summary>
    private static SortedSet<string> Named()
    {
        string readme = File.ReadAllText(Path.Combine(SharedFiles.Root(), "README.md"));
        string section = readme[readme.IndexOf("## Reading what a run says", StringComparison.Ordinal)..];
        string table = section[section.IndexOf("| key |", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n\n", StringComparison.Ordinal)];
        return new SortedSet<string>(Key().Matches(table).Select(match => match.Groups[1].Value).Where(word => word != "good"), StringComparer.Ordinal);
    }

    [GeneratedRegex("`([a-z][A-Za-z0-9]*)`")]
    private static partial Regex Key();
}
