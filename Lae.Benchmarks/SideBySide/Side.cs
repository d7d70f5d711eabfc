using System.Globalization;
using System.Text.Json;

namespace Lae.Benchmarks.SideBySide;

/// <summary>One way of doing a work, with its times.</summary>
internal sealed class Side : IDisposable
{
    /// <summary>.NET compiles a method anew while it runs, some tenths of a second after it was found to be in use, and again with what was seen.</summary>
    private const double WarmUpSeconds = 2;

    /// <summary>A turn of the warm-up is such a share of one that counts: a side that is many times slower than others need not do more.</summary>
    private const int WarmUpShare = 10;

    /// <summary>Who is so many times slower in the warm-up than the fastest of the same program cannot have the best median.</summary>
    private const double Hopeless = 1.5;

    private readonly TurnProcess process;
    private readonly List<double> seconds = [];
    private double unitOfWarmUp;
    private JsonElement figures;

    private Side(TurnProcess process, bool isLae, string settings)
    {
        this.process = process;
        IsLae = isLae;
        Settings = settings;
        Version = process.Hello.GetProperty("version").GetString()!;
    }

    /// <summary>This program: its own file, since the process may be `dotnet` with it as an argument.</summary>
    public static string Program { get; } = Path.ChangeExtension(typeof(Side).Assembly.Location, null);

    public bool IsLae { get; }

    public string Version { get; }

    /// <summary>Threads, and how it is written.</summary>
    public string Settings { get; }

    /// <summary>Whether it only warmed up.</summary>
    public bool SatOut => seconds.Count == 0;

    /// <summary>The median time of a turn, in seconds a unit; of the fastest turn of the warm-up if there was no other.</summary>
    public double Seconds => SatOut ? unitOfWarmUp : Median(seconds);

    public double Fastest => SatOut ? unitOfWarmUp : seconds.Min();

    public double Slowest => SatOut ? unitOfWarmUp : seconds.Max();

    /// <summary>The most memory it ever had, in bytes.</summary>
    public long PeakMemory => process.PeakMemory;

    /// <summary>Starts every side of a work that is there.</summary>
    public static List<Side> Start(Work work, string data, string peers)
    {
        List<Side> sides = [];
        foreach (int threads in work.OneThread ? [1] : new[] { 1, 2 })
        {
            string count = threads.ToString(CultureInfo.InvariantCulture);
            string own = threads == 1 ? "1 thread" : "2 threads";
            Add(true, own, Program, ["serve", "lae", work.LaeName, count, data], false);
            foreach (string variant in work.Peer.Variants)
            {
                string settings = work.Peer.Variants.Count == 1 ? own : $"{own}, {variant}";
                if (work.Peer.Script is null)
                {
                    Add(false, own, Program, ["serve", "openblas", work.Peer.Name, count], false);
                    continue;
                }

                string[] arguments = [Path.Combine(peers, work.Peer.Script), work.Peer.Name, variant, count, data];
                Add(false, settings, TurnProcess.Python, arguments, false);
                if (threads > 1)
                {
                    Add(false, $"{settings}, passive waiting", TurnProcess.Python, arguments, true);
                }
            }

            void Add(bool isLae, string settings, string program, string[] arguments, bool isPassive)
            {
                if (TurnProcess.Start(program, arguments, TurnProcess.Environment(threads, isPassive)) is { } started)
                {
                    sides.Add(new Side(started, isLae, settings));
                }
            }
        }

        return sides;
    }

    /// <summary>Those that may be the fastest of their program, by the warm-up.</summary>
    public static List<Side> Hopeful(IReadOnlyList<Side> sides) =>
        [.. sides.Where(side => side.unitOfWarmUp <= Hopeless * sides.Where(other => other.IsLae == side.IsLae).Min(other => other.unitOfWarmUp))];

    /// <summary>Turns that do not count, until they have taken long enough for compilers in the background, on either side, to be done.</summary>
    public void WarmUp(int units)
    {
        int few = Math.Max(units / WarmUpShare, 1);
        for (double spent = 0; spent < WarmUpSeconds;)
        {
            double turn = process.Ask(few.ToString(CultureInfo.InvariantCulture)).GetProperty("seconds").GetDouble();
            spent += turn;
            unitOfWarmUp = unitOfWarmUp == 0 ? turn / few : Math.Min(unitOfWarmUp, turn / few);
        }
    }

    /// <summary>A turn.</summary>
    public void Measure(int units)
    {
        JsonElement answer = process.Ask(units.ToString(CultureInfo.InvariantCulture));
        seconds.Add(answer.GetProperty("seconds").GetDouble() / units);
        figures = answer.GetProperty("figures");
    }

    /// <summary>In which figure this side did something else than another; null if in none.</summary>
    public string? Disagreement(Work work, Side other)
    {
        foreach ((string name, Agreement agreement) in work.Agreements)
        {
            (double own, double theirs) = (figures.GetProperty(name).GetDouble(), other.figures.GetProperty(name).GetDouble());
            if (!agreement.Holds(own, theirs))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{work.Name}: {name} is {own:G6} for {Version} ({Settings}) and {theirs:G6} for {other.Version} ({other.Settings})");
            }
        }

        return null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}, {Settings}: {Duration.Text(Seconds)} [{Duration.Text(Fastest)}, {Duration.Text(Slowest)}] {PeakMemory / 1048576.0:F0} MB {(SatOut ? "only warmed up" : figures)}");

    public void Dispose() => process.Dispose();

    internal static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
