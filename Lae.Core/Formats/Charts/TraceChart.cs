namespace Lae.Formats.Charts;

/// <summary>
/// The draws of one parameter in their order, a line for each chain. Chains that agree lie over each other like one band of noise; a chain that is elsewhere, or wanders slowly, stands out.
/// </summary>
public static class TraceChart
{
    private const int MostChains = 16;
    private const double RugHeight = 7;

    /// <summary>Draws the traces.</summary>
    /// <param name="chains">The draws of each chain; the first 16 chains are shown, and the title says so where there are more.</param>
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
        int shown = Math.Min(chains.Count, MostChains);
        if (shown < chains.Count)
        {
            options = options with { Title = $"{options.Title} ({shown} of {chains.Count} chains)".TrimStart() };
        }

        List<ChartSeries> series = [.. Enumerable.Range(0, shown).Select(chain => new ChartSeries($"chain {chain + 1}", [.. Enumerable.Range(1, chains[chain].Count).Select(draw => (double)draw)], chains[chain]))];
        bool marks = divergent is not null && divergent.Take(shown).Any(chain => chain.Any(one => one));
        if (marks)
        {
            series.Add(new ChartSeries("divergent", [], []));
        }

        ChartFrame frame = new(series, options, xMargin: 0, (canvas, index, x, y) =>
        {
            if (index < shown)
            {
                LineChart.DrawKey(canvas, index, x, y);
            }
            else
            {
                canvas.Line(x, y - 5, x, y + 5, ChartColours.Text, 1.5);
            }
        });
        for (int chain = 0; chain < shown; chain++)
        {
            LineChart.Draw(frame, series[chain], chain, width: "0.9", longWidth: "0.7", more: " stroke-opacity=\"0.75\"");
        }

        for (int chain = 0; marks && chain < shown; chain++)
        {
            for (int draw = 0; draw < divergent![chain].Count; draw++)
            {
                if (divergent[chain][draw])
                {
                    double x = frame.PlaceX(draw + 1);
                    frame.Canvas.Line(x, frame.Bottom - RugHeight, x, frame.Bottom, ChartColours.Text, 1);
                }
            }
        }

        return frame.Canvas.Finish();
    }
}
