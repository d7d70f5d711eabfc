using MathNet.Numerics.Distributions;

namespace Lae.Formats.Charts;

/// <summary>
/// For each chain, how the ranks of its draws among the draws of all chains are spread. Even bars: the chain's draws have the law of the others'. A slope is a chain that lies elsewhere, a valley or a hill one that is wider or
/// narrower. Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner, Bayesian Analysis 16 (2021), section 4.
/// </summary>
public static class RankChart
{
    private const int MostChains = 16;
    private const int Columns = 4;
    private const double PanelHeight = 112;
    private const double FalseAlarm = 0.01;

    /// <summary>Draws the histograms.</summary>
    /// <param name="chains">The draws of each chain, of one length of 1 or more. Of more than 16 chains those are shown whose bars are farthest from even, and the title says so.</param>
    /// <param name="bins">Bars of a histogram, 2 to 100. Default 20.</param>
    /// <param name="efficiency">Effective draws for each draw, in (0, 1]: the fewer, the wider the band in which all bars would lie in 99 of 100 pictures of chains that agree. Default 1, for independent draws.</param>
    /// <param name="options">Title and width, 760 when absent; labels and scales do not apply, and the height follows from the number of chains.</param>
    /// <returns>The SVG text; the same for the same input, everywhere.</returns>
    /// <exception cref="ArgumentException">There is no chain or no draw, or the lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width, the efficiency or the number of bars is out of range.</exception>
    public static string Render(IReadOnlyList<IReadOnlyList<double>> chains, int bins = 20, double efficiency = 1, ChartOptions? options = null)
    {
        if (chains.Count == 0 || chains[0].Count == 0 || chains.Any(chain => chain.Count != chains[0].Count))
        {
            throw new ArgumentException("One chain or more of one length are needed.", nameof(chains));
        }

        if (bins is < 2 or > 100)
        {
            throw new ArgumentOutOfRangeException(nameof(bins), bins, "A histogram has 2 to 100 bars.");
        }

        if (!(efficiency > 0) || efficiency > 1)
        {
            throw new ArgumentOutOfRangeException(nameof(efficiency), efficiency, "An efficiency must be in (0, 1].");
        }

        options ??= new ChartOptions(Width: 760);
        ChartFrame.CheckSize(options);
        int[][] counts = Histograms(chains, bins);
        double even = (double)chains[0].Count / bins;
        int[] shown = [.. Enumerable.Range(0, chains.Count).OrderByDescending(chain => counts[chain].Sum(count => (count - even) * (count - even))).Take(MostChains).Order()];
        string title = options.Title.Length > 0 ? options.Title : "ranks";
        if (shown.Length < chains.Count)
        {
            title += $" ({shown.Length} of {chains.Count} chains, those farthest from even)";
        }

        int columns = Math.Min(Columns, shown.Length);
        int rows = (shown.Length + columns - 1) / columns;
        double limit = Normal.InvCDF(0, 1, 1 - (FalseAlarm / (2.0 * bins * chains.Count)));
        double spread = limit * Math.Sqrt(even * (1 - (1.0 / bins)) * (chains.Count > 1 ? 1 - (1.0 / chains.Count) : 1) / efficiency);
        Axis x = new(AxisScale.Linear, [0, (double)chains.Count * chains[0].Count], 0);
        Axis y = new(AxisScale.Linear, [0, 1.08 * Math.Max(even + spread, shown.Max(chain => counts[chain].Max()))], 0);
        const double Left = 46;
        const double Top = 58;
        double pitch = (options.Width - Left - 14) / columns;
        Svg canvas = new(options.Width, (int)(Top + (rows * (PanelHeight + 26)) + 26), $"{title}: histograms of the ranks of the draws of each chain");
        canvas.Text(14, 24, title, "start", ChartColours.Text, " font-size=\"15\" font-weight=\"600\"");
        canvas.Text(14, 42, Panel.Cut("Even bars: the chains agree. A bar outside of the band (red) speaks against it.", options.Width - 28, 5.6), "start", ChartColours.FaintText, " font-size=\"11\"");
        for (int i = 0; i < shown.Length; i++)
        {
            double left = Left + (i % columns * pitch);
            double top = Top + (i / columns * (PanelHeight + 26)) + 14;
            Panel panel = new(canvas, left, top, left + pitch - 18, top + PanelHeight - 14, x, y);
            Draw(canvas, panel, counts[shown[i]], even, spread, shown[i], chains.Count * (double)chains[0].Count);
            panel.DrawAxes(numbersBelow: i + columns >= shown.Length, numbersLeft: i % columns == 0);
        }

        canvas.Text((Left + options.Width) / 2, Top + (rows * (PanelHeight + 26)) + 14, "rank among the draws of all chains", "middle", ChartColours.Text);
        return canvas.Finish();
    }

    private static void Draw(Svg canvas, Panel panel, int[] counts, double even, double spread, int chain, double ranks)
    {
        canvas.Text(panel.Left, panel.Top - 4, $"chain {chain + 1}", "start", ChartColours.Text, " font-size=\"11\"");
        double low = panel.PlaceY(Math.Max(0, even - spread));
        canvas.Rectangle(panel.Left, panel.PlaceY(even + spread), panel.Right - panel.Left, low - panel.PlaceY(even + spread), ChartColours.Band);
        canvas.BeginGroup($"chain {chain + 1}");
        for (int bin = 0; bin < counts.Length; bin++)
        {
            double from = panel.PlaceX(ranks * bin / counts.Length);
            double to = panel.PlaceX(ranks * (bin + 1) / counts.Length);
            double top = panel.PlaceY(counts[bin]);
            bool isOutside = Math.Abs(counts[bin] - even) > spread;
            canvas.Rectangle(from + 0.5, top, Math.Max(0.5, to - from - 1), panel.Bottom - top, isOutside ? ChartColours.Alarm : ChartColours.Of(0), $" fill-opacity=\"{(isOutside ? "0.75" : "0.6")}\"");
        }

        canvas.EndGroup();
        canvas.Line(panel.Left, panel.PlaceY(even), panel.Right, panel.PlaceY(even), ChartColours.Text, 1, "4 3");
    }

    /// <summary>How many draws of each chain have ranks in each of the bins; ties share the mean of their ranks.</summary>
    private static int[][] Histograms(IReadOnlyList<IReadOnlyList<double>> chains, int bins)
    {
        int length = chains[0].Count;
        double[] values = [.. chains.SelectMany(chain => chain)];
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        int[][] counts = [.. chains.Select(_ => new int[bins])];
        for (int first = 0; first < order.Length;)
        {
            int last = first;
            while (last + 1 < order.Length && values[order[last + 1]].Equals(values[order[first]]))
            {
                last++;
            }

            int bin = Math.Min(bins - 1, (int)((0.5 + (0.5 * (first + (double)last))) * bins / order.Length));
            for (; first <= last; first++)
            {
                counts[order[first] / length][bin]++;
            }
        }

        return counts;
    }
}
