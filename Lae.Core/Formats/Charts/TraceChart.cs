using System.Globalization;
using System.Text;

namespace Lae.Formats.Charts;

/// <summary>
/// The draws of one parameter in their order, a line for each chain. Chains that agree lie over each other like one band of noise; a chain that is elsewhere, or wanders slowly, stands out.
/// </summary>
public static class TraceChart
{
    private const int MostChains = 16;
    private const double RugHeight = 7;
    private const int ShortChain = 300;
    private const int MostPoints = 8_000;

    /// <summary>Draws the traces.</summary>
    /// <param name="chains">The draws of each chain; of more than 16 those are shown whose means lie farthest from that of all, and the title says so.</param>
    /// <param name="divergent">For each chain, whether the transition that led to a draw diverged, marked by ticks at the foot; null for none.</param>
    /// <param name="options">Texts and size; title and labels of the caller, 760 × 240 when absent.</param>
    /// <returns>The SVG text; the same for the same input, everywhere.</returns>
    /// <exception cref="ArgumentException">Chains and divergences differ in form.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public static string Render(IReadOnlyList<IReadOnlyList<double>> chains, IReadOnlyList<IReadOnlyList<bool>>? divergent = null, ChartOptions? options = null)
    {
        if (divergent is not null && (divergent.Count != chains.Count || chains.Zip(divergent).Any(pair => pair.First.Count != pair.Second.Count)))
        {
            throw new ArgumentException("Divergences are needed for every draw of every chain, or for none.", nameof(divergent));
        }

        options ??= new ChartOptions(XLabel: "draw", Width: 760, Height: 240);
        int[] shown = Farthest(chains);
        if (shown.Length < chains.Count)
        {
            options = options with { Title = $"{options.Title} ({shown.Length} of {chains.Count} chains, those farthest from the rest)".TrimStart() };
        }

        List<ChartSeries> series = [.. shown.Select(chain => new ChartSeries($"chain {chain + 1}", [.. Enumerable.Range(1, chains[chain].Count).Select(draw => (double)draw)], chains[chain]))];
        bool marks = divergent is not null && shown.Any(chain => divergent[chain].Any(one => one));
        if (marks)
        {
            series.Add(new ChartSeries("divergent", [], []));
        }

        ChartFrame frame = new(series, options, xMargin: 0, (canvas, index, x, y) =>
        {
            if (index < shown.Length)
            {
                LineChart.DrawKey(canvas, index, x, y);
            }
            else
            {
                canvas.Line(x, y - 5, x, y + 5, ChartColours.Text, 1.5);
            }
        });
        bool isShort = series.Max(chain => chain.X.Count) <= ShortChain;
        double column = Math.Max(1, shown.Length / 4.0);
        for (int i = 0; i < shown.Length; i++)
        {
            LineChart.Draw(frame, series[i], i, isShort ? "1.4" : "0.9", longWidth: "0.7", more: " stroke-opacity=\"0.75\"", longestWhole: MostPoints / shown.Length, column);
        }

        if (marks)
        {
            Marks(frame, shown.Select(chain => divergent![chain]));
        }

        return frame.Canvas.Finish();
    }

    private static int[] Farthest(IReadOnlyList<IReadOnlyList<double>> chains)
    {
        if (chains.Count <= MostChains)
        {
            return [.. Enumerable.Range(0, chains.Count)];
        }

        double[] means = [.. chains.Select(chain => chain.DefaultIfEmpty(double.NaN).Average())];
        double middle = means.Average();

        // a mean that is no number lies farthest of all
        return [.. Enumerable.Range(0, chains.Count).OrderByDescending(chain => double.IsFinite(means[chain]) ? Math.Abs(means[chain] - middle) : double.PositiveInfinity).Take(MostChains).Order()];
    }

    /// <summary>Ticks at the foot, one in a pixel however many draws it stands for.</summary>
    private static void Marks(ChartFrame frame, IEnumerable<IReadOnlyList<bool>> divergent)
    {
        SortedSet<double> places = [];
        foreach (IReadOnlyList<bool> chain in divergent)
        {
            for (int draw = 0; draw < chain.Count; draw++)
            {
                if (chain[draw])
                {
                    places.Add(Math.Round(frame.PlaceX(draw + 1)));
                }
            }
        }

        StringBuilder ticks = new();
        foreach (double x in places)
        {
            ticks.Append(CultureInfo.InvariantCulture, $"M{x} {Svg.Number(frame.Bottom - RugHeight)}v{RugHeight}");
        }

        frame.Canvas.Path(ticks, $"stroke=\"{ChartColours.Text}\" stroke-width=\"1\"");
    }
}
