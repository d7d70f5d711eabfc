using System.Globalization;
using System.Text;

namespace Lae.Benchmarks.SideBySide;

/// <summary>The section of docs/benchmarks.md that <c>peers</c> writes.</summary>
internal static class PeerSection
{
    private const double Mebibyte = 1 << 20;

    public static string Of(IReadOnlyList<PeerRow> rows, int rounds)
    {
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"""
            Written by `dotnet run -c Release --project Lae.Benchmarks -- peers`. {Machine.Description}; {string.Join("; ", rows.Select(row => row.Peers).Distinct())}.

            Ratio = the peer's time / Lae's. Every side is a process of its own; all do the same number of units in turns, {rounds} times after a warm-up of shorter turns, two seconds or more, while the others are stopped; the median counts. Who is 1.5 times slower in the warm-up than the fastest of the same program takes no turns. "One thread": both have one. Else each side
            is at the best of its settings, Lae's of 1 and 2 threads, PyTorch's of 1 and 2 threads, of active and passive waiting of its threads, and of the ways to write the work that the second table names. PyTorch and OpenBLAS have `OPENBLAS_CORETYPE=SkylakeX`.
            Whether the sides do the same is checked by what comes out (sums of products, mean energies, acceptances, numbers of parameters, losses). Peak memory is the resident size of the process, its runtime included.

            | work | Lae | peer | ratio | at least | | Lae, MB | peer, MB |
            |---|---|---|---|---|---|---|---|

            """);
        foreach (PeerRow row in rows)
        {
            string verdict = row.Disagreement is not null ? "not the same work" : row.AtLeast is not { } bar ? "" : row.Ratio >= bar ? "yes" : "**no**";
            page.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Title} | {Duration.Text(row.Lae)} ({row.LaeSettings}) | {Duration.Text(row.Peer)} ({row.PeerSettings}) | {row.Ratio:F2} | {row.AtLeast} | {verdict} | {row.LaePeakMemory / Mebibyte:F0} | {row.PeerPeakMemory / Mebibyte:F0} |"));
        }

        page.Append("""

            ### Everyone who took turns

            | work | who | a unit | fastest, slowest | MB |
            |---|---|---|---|---|

            """);
        foreach (PeerRow row in rows)
        {
            foreach (PeerSide side in row.Sides)
            {
                page.AppendLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {row.Work} ({row.Unit}) | {(side.Who.StartsWith("OpenBLAS", StringComparison.Ordinal) ? "OpenBLAS" : side.Who)}, {side.Settings} | {Duration.Text(side.Seconds)} | {(side.SatOut ? "only warmed up" : $"{Duration.Text(side.Fastest)}, {Duration.Text(side.Slowest)}")} | {side.PeakMemory / Mebibyte:F0} |"));
            }
        }

        return page.ToString();
    }
}
