using System.Text;

namespace Lae.Benchmarks;

/// <summary>
/// docs/benchmarks.md: sections that different commands write, each under a heading <c>## </c> of its own. A command renews its section and leaves every other byte as it is, so that what takes minutes to
/// measure is not lost to what takes seconds.
/// </summary>
internal static class BenchmarksDocument
{
    private const string Start = "# Benchmarks\n\nEvery section names the command that wrote it, and renews it.\n";
    private const string Mark = "## ";

    /// <summary>The page with one section renewed; a section that was not there comes before the first of those that are listed after it, else at the end.</summary>
    /// <param name="page">The page; null if there is none yet.</param>
    /// <param name="order">The headings of all sections that are known, in their order.</param>
    /// <param name="heading">The heading of the section.</param>
    /// <param name="text">What stands below the heading; deeper headings are part of it.</param>
    public static string With(string? page, IReadOnlyList<string> order, string heading, string text)
    {
        List<(string? Heading, string Text)> parts = Parts(page ?? Start);
        (string? Heading, string Text) renewed = (heading, $"{Mark}{heading}\n\n{text.Trim('\n')}\n");
        int place = parts.FindIndex(part => part.Heading == heading);
        if (place >= 0)
        {
            parts[place] = renewed;
        }
        else
        {
            string[] after = [.. order.SkipWhile(name => name != heading).Skip(1)];
            int next = parts.FindIndex(part => part.Heading is { } name && after.Contains(name));
            parts.Insert(next < 0 ? parts.Count : next, renewed);
        }

        return string.Join('\n', parts.Select(part => part.Text.TrimEnd('\n') + "\n"));
    }

    /// <summary>Renews a section of the file, which is made if it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="order">The headings of all sections that are known, in their order.</param>
    /// <param name="heading">The heading of the section.</param>
    /// <param name="text">What stands below the heading.</param>
    public static void Renew(string path, IReadOnlyList<string> order, string heading, string text) =>
        File.WriteAllText(path, With(File.Exists(path) ? File.ReadAllText(path) : null, order, heading, text));

    /// <summary>What stands before the first section, and the sections, each with its heading.</summary>
    private static List<(string? Heading, string Text)> Parts(string page)
    {
        List<(string?, string)> parts = [];
        string? heading = null;
        StringBuilder text = new();
        foreach (string line in page.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                parts.Add((heading, text.ToString()));
                heading = line[Mark.Length..].Trim();
                text.Clear();
            }

            text.Append(line).Append('\n');
        }

        parts.Add((heading, text.ToString()));
        return parts;
    }
}
