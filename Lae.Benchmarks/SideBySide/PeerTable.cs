using System.Globalization;
using System.Text.Json;
using Lae.Benchmarks.Efficiency;

namespace Lae.Benchmarks.SideBySide;

/// <summary>The command <c>peers</c>: every work by Lae and by its peer, in turns.</summary>
internal static class PeerTable
{
    /// <summary>Whole programs take minutes.</summary>
    private const int EndToEndRounds = 3;

    public static int Run(string[] args)
    {
        if (!TryRead(args, out PeerOptions options))
        {
            Console.Error.WriteLine("Usage: peers [--json <file>] [--rounds <1 or more, 5 if not given>] [--only <part of a work's name>]");
            return 1;
        }

        string peers = Path.Combine(EfficiencyTable.Root(), "Lae.Benchmarks", "Peers");
        List<PeerRow> rows = [];
        bool agree = true;
        foreach (Work work in Works.All.Where(work => options.Only is null || work.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
        {
            if (Measure(work, peers, options.Rounds) is { } row)
            {
                rows.Add(row);
                agree &= row.Disagreement is null;
                Console.WriteLine(row);
            }
        }

        if (options.Only is null || EndToEnd.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase))
        {
            foreach (PeerRow row in EndToEnd.Measure(EfficiencyTable.Root(), Math.Min(options.Rounds, EndToEndRounds)))
            {
                rows.Add(row);
                agree &= row.Disagreement is null;
                Console.WriteLine(row);
            }
        }

        if (rows.Count == 0)
        {
            Console.Error.WriteLine(options.Only is null ? "No row could be measured." : $"No row could be measured: is there a work with '{options.Only}' in its name? There are {string.Join(", ", Works.All.Select(work => work.Name))}, {EndToEnd.Name}.");
            return 1;
        }

        if (options.Json is { } json)
        {
            File.WriteAllText(json, JsonSerializer.Serialize(rows, JsonSerializerOptions.Web));
        }

        if (options.Only is null)
        {
            BenchmarkSections.Write(BenchmarkSections.Peers, PeerSection.Of(rows, options.Rounds));
        }

        return agree ? 0 : 1;
    }

    private static PeerRow? Measure(Work work, string peers, int rounds)
    {
        string data = Path.GetTempFileName();
        List<Side> sides = [];
        try
        {
            work.WriteData?.Invoke(data);
            sides = Side.Start(work, data, peers);
            foreach (Side side in sides)
            {
                side.WarmUp(work.Units);
            }

            List<Side> hopeful = Side.Hopeful(sides);
            for (int round = 0; round < rounds; round++)
            {
                foreach (Side side in hopeful)
                {
                    side.Measure(work.Units);
                }
            }

            foreach (Side side in sides)
            {
                Console.WriteLine($"  {work.Name}: {side}");
            }

            Side? lae = hopeful.Where(side => side.IsLae).MinBy(side => side.Seconds);
            Side? peer = hopeful.Where(side => !side.IsLae).MinBy(side => side.Seconds);
            if (lae is null || peer is null)
            {
                Console.Error.WriteLine($"{work.Name}: left out, a side is not there.");
                return null;
            }

            return new PeerRow(work.Name, lae.Seconds, peer.Seconds, work.AtLeast)
            {
                Title = work.Title,
                Unit = work.Unit,
                Peers = peer.Version,
                LaeSettings = lae.Settings,
                PeerSettings = peer.Settings,
                LaePeakMemory = lae.PeakMemory,
                PeerPeakMemory = peer.PeakMemory,
                Disagreement = hopeful.Select(side => side.Disagreement(work, lae)).FirstOrDefault(text => text is not null),
                Sides = [.. sides.Select(side => new PeerSide(side.Version, side.Settings, side.Seconds, side.Fastest, side.Slowest, side.PeakMemory) { SatOut = side.SatOut })],
            };
        }
        finally
        {
            sides.ForEach(side => side.Dispose());
            File.Delete(data);
        }
    }

    private static bool TryRead(string[] args, out PeerOptions options)
    {
        options = new PeerOptions(null, 5, null);
        for (int i = 1; i < args.Length; i += 2)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            options = (args[i], value) switch
            {
                ("--json", { } file) => options with { Json = file },
                ("--rounds", { } text) when int.TryParse(text, CultureInfo.InvariantCulture, out int count) && count > 0 => options with { Rounds = count },
                ("--only", { } name) => options with { Only = name },
                _ => options with { Rounds = 0 },
            };
            if (options.Rounds == 0)
            {
                return false;
            }
        }

        return true;
    }

    private readonly record struct PeerOptions(string? Json, int Rounds, string? Only);
}
