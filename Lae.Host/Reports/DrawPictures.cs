using Lae.Diagnostics;
using Lae.Formats.Charts;

namespace Lae.Host.Reports;

/// <summary>The pictures of the draws of one parameter.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Trace">Draws in their order.</param>
/// <param name="Ranks">Ranks by chain; null where draws are not finite or all the same.</param>
/// <param name="Autocorrelation">Autocorrelations; null likewise.</param>
internal sealed record ParameterPictures(string Name, string Trace, string? Ranks, string? Autocorrelation)
{
    /// <summary>Characters of all of them.</summary>
    public int Size => Trace.Length + (Ranks?.Length ?? 0) + (Autocorrelation?.Length ?? 0);
}

/// <summary>Draws the pictures of single parameters.</summary>
internal static class DrawPictures
{
    private const int LeastLags = 30;
    private const int MostLags = 100;
    private const double LeastSizeOfBand = 50;
    private const double LeastEfficiency = 0.1;
    private const int MostChains = 64;
    private const int LeastBinCount = 10;

    /// <summary>The pictures of a parameter.</summary>
    /// <param name="one">Its figures.</param>
    /// <param name="draws">Its draws.</param>
    /// <param name="divergent">Whether transitions diverged, 1 or 0; null if they cannot.</param>
    public static ParameterPictures Draw(ParameterSummary one, ChainDraws draws, ChainDraws? divergent)
    {
        double[][] chains = [.. Enumerable.Range(0, draws.Chains).Select(chain => draws[chain].ToArray())];
        bool[][]? marks = divergent is null ? null : [.. Enumerable.Range(0, divergent.Chains).Select(chain => Array.ConvertAll(divergent[chain].ToArray(), value => value > 0))];
        string trace = TraceChart.Render(chains, marks, new ChartOptions($"Trace of {one.Name}", "draw", Width: 760, Height: 240));
        bool canBeJudged = double.IsFinite(one.Mean) && one.Sd > 0 && draws.Length > 1;
        return new ParameterPictures(one.Name, trace, canBeJudged ? Ranks(one, draws, chains) : null, canBeJudged ? Autocorrelation(one, draws) : null);
    }

    private static string Ranks(ParameterSummary one, ChainDraws draws, double[][] chains)
    {
        // the effective size of the chains each by itself: of all together it is small where they disagree, and the band would hide that;
        // and from too few effective draws no band follows, so that uneven bars may show as what they are
        double[] sizes = [.. Shown(draws).Select(chain => EffectiveSampleSize.Bulk(ChainDraws.Of(chains[chain]))).Where(double.IsFinite)];
        double size = sizes.Length == 0 ? draws.Length : sizes.Average();
        double efficiency = Math.Clamp(size / draws.Length, size < LeastSizeOfBand ? LeastEfficiency : 1.0 / draws.Length, 1);
        int bins = Math.Clamp(draws.Length / LeastBinCount, 5, 20);
        return RankChart.Render(chains, bins, efficiency, new ChartOptions($"Ranks of {one.Name}", Width: 760));
    }

    private static string? Autocorrelation(ParameterSummary one, ChainDraws draws)
    {
        double perEffective = (double)draws.Count / Math.Max(1, double.IsNaN(one.EssBulk) ? draws.Count : one.EssBulk);
        int lags = (int)Math.Min(draws.Length - 1, Math.Max(Math.Ceiling(2.5 * perEffective), LeastLags));
        int stride = (lags + MostLags - 1) / MostLags;
        double[][] moving = [.. Shown(draws).Where(chain => Moves(draws[chain])).Select(chain => Autocovariance.Normalized(draws[chain])[..(lags + 1)].Where((_, lag) => lag % stride == 0).ToArray())];
        return moving.Length == 0 ? null : AutocorrelationChart.Render(
            moving, draws.Length, new ChartOptions($"Autocorrelation of {one.Name}", "draws apart", Width: 760, Height: 260), stride);
    }

    private static bool Moves(ReadOnlySpan<double> chain) => chain.IndexOfAnyExcept(chain[0]) >= 0;

    /// <summary>Chains that are looked at where there are very many.</summary>
    private static IEnumerable<int> Shown(ChainDraws draws)
    {
        int stride = Math.Max(1, draws.Chains / MostChains);
        return Enumerable.Range(0, Math.Min(draws.Chains, MostChains)).Select(i => i * stride);
    }
}

/// <summary>How the energy is spread, and how much of that a single transition changes.</summary>
internal static class EnergyPicture
{
    private const int Bins = 40;

    /// <summary>The picture; null where the energy never changes or is not finite.</summary>
    /// <param name="energies">The Hamiltonian at each draw.</param>
    public static string? Draw(ChainDraws energies)
    {
        double[] pooled = energies.Pooled();
        if (energies.Length < 2 || !Array.TrueForAll(pooled, double.IsFinite))
        {
            return null;
        }

        double mean = energies.Mean();
        double[] spread = Array.ConvertAll(pooled, value => value - mean);
        List<double> changes = [];
        for (int chain = 0; chain < energies.Chains; chain++)
        {
            ReadOnlySpan<double> energy = energies[chain];
            for (int t = 1; t < energy.Length; t++)
            {
                changes.Add(energy[t] - energy[t - 1]);
            }
        }

        double least = Math.Min(spread.Min(), changes.Min());
        double most = Math.Max(spread.Max(), changes.Max());
        return most <= least ? null : LineChart.Render(
            [Histogram("energy of the draws", spread, least, most), Histogram("change in a transition", changes, least, most)],
            new ChartOptions("Energy", "energy, less its mean", "share of the draws", Width: 760, Height: 260));
    }

    private static ChartSeries Histogram(string name, IReadOnlyList<double> values, double least, double most)
    {
        double[] shares = new double[Bins];
        foreach (double value in values)
        {
            shares[Math.Min(Bins - 1, (int)((value - least) / (most - least) * Bins))] += 1.0 / values.Count;
        }

        return new ChartSeries(name, [.. Enumerable.Range(0, Bins).Select(bin => least + ((bin + 0.5) * (most - least) / Bins))], shares);
    }
}
