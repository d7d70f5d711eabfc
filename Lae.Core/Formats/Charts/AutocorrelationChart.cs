namespace Lae.Formats.Charts;

/// <summary>
/// How much a draw still resembles the one so many draws before it: bars for the mean of the chains, a line for each chain, and the band in which 95 % of the autocorrelations of independent draws would lie.
/// The sooner the bars fall into the band, the more each draw is worth.
/// </summary>
public static class AutocorrelationChart
{
    private const int MostChains = 16;
    private const double BandLimit = 1.959963984540054;

    /// <summary>Draws autocorrelations.</summary>
    /// <param name="autocorrelations">For each chain, ρ at the lags 0, <paramref name="stride"/>, 2 <paramref name="stride"/>, …, as many lags for each; the first 16 chains get lines, all go into the mean.</param>
    /// <param name="draws">Draws in a chain, 1 or more: the band is ±1.96/√draws.</param>
    /// <param name="options">Texts and size; 480 × 280 when absent.</param>
    /// <param name="stride">From one lag to the next, 1 or more. Default 1.</param>
    /// <returns>The SVG text; the same for the same input, everywhere.</returns>
    /// <exception cref="ArgumentException">There is no chain, or the numbers of lags differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range, there are no draws, or the stride is below 1.</exception>
    public static string Render(IReadOnlyList<IReadOnlyList<double>> autocorrelations, long draws, ChartOptions? options = null, int stride = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        if (autocorrelations.Count == 0 || autocorrelations.Any(chain => chain.Count != autocorrelations[0].Count))
        {
            throw new ArgumentException("One chain or more with equally many lags are needed.", nameof(autocorrelations));
        }

        options ??= new ChartOptions(XLabel: "lag", YLabel: "autocorrelation", Width: 480, Height: 280);
        double[] lags = [.. Enumerable.Range(0, autocorrelations[0].Count).Select(lag => (double)lag * stride)];
        double band = BandLimit / Math.Sqrt(draws);
        double[] mean = [.. lags.Select((_, lag) => autocorrelations.Average(chain => chain[lag]))];
        int shown = autocorrelations.Count > 1 ? Math.Min(autocorrelations.Count, MostChains) : 0;
        List<ChartSeries> series = [.. Enumerable.Range(0, shown).Select(chain => new ChartSeries($"chain {chain + 1}", lags, autocorrelations[chain]))];
        series.Add(new ChartSeries(autocorrelations.Count > 1 ? "mean" : "bars", lags, mean));
        // the band and the line at 0 belong to the picture whatever the figures are
        series.Add(new ChartSeries("independent", [0, 0, 0], [-band, band, 0]));
        ChartFrame frame = new(series, options, xMargin: 0.03, (canvas, index, x, y) =>
        {
            if (index < shown)
            {
                LineChart.DrawKey(canvas, index, x, y);
            }
            else
            {
                canvas.Rectangle(x - 9, y - 5, 16, 10, index == shown ? ChartColours.Bar : ChartColours.Band, " stroke=\"#c4ccd4\" stroke-width=\"0.5\"");
            }
        });
        frame.Canvas.BeginGroup("95 % of the autocorrelations of independent draws lie here");
        frame.Canvas.Rectangle(frame.Left, frame.PlaceY(band), frame.PlotWidth, frame.PlaceY(-band) - frame.PlaceY(band), ChartColours.Band);
        frame.Canvas.EndGroup();
        frame.Canvas.Line(frame.Left, frame.PlaceY(band), frame.Right, frame.PlaceY(band), ChartColours.Axis, 1, "4 3");
        frame.Canvas.Line(frame.Left, frame.PlaceY(-band), frame.Right, frame.PlaceY(-band), ChartColours.Axis, 1, "4 3");
        double width = Math.Max(1, 0.62 * frame.PlotWidth / (lags.Length + 1));
        frame.Canvas.BeginGroup("mean of the chains");
        for (int lag = 0; lag < lags.Length; lag++)
        {
            if (frame.CanShow(lags[lag], mean[lag]))
            {
                (double x, double y) = frame.Place(lags[lag], mean[lag]);
                double zero = frame.PlaceY(0);
                frame.Canvas.Rectangle(x - (width / 2), Math.Min(y, zero), width, Math.Abs(zero - y), ChartColours.Bar);
            }
        }

        frame.Canvas.EndGroup();
        frame.Canvas.Line(frame.Left, frame.PlaceY(0), frame.Right, frame.PlaceY(0), ChartColours.Axis);
        for (int chain = 0; chain < shown; chain++)
        {
            LineChart.Draw(frame, series[chain], chain, width: "1.2");
        }

        return frame.Canvas.Finish();
    }
}
