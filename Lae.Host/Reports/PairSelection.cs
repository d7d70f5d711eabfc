using Lae.Diagnostics;

namespace Lae.Host.Reports;

/// <summary>Which parameters a pair plot shows: those that mix worst if there are such, then those most correlated with what is chosen already.</summary>
internal sealed class PairSelection
{
    private const int MostShown = 5;
    private const int MostDraws = 20_000;

    private readonly SortedDictionary<int, double[]> thinned = [];

    /// <summary>Takes the draws of a parameter, every so-manieth where there are many.</summary>
    /// <param name="parameter">Its index.</param>
    /// <param name="draws">Its draws, finite.</param>
    public void Add(int parameter, ChainDraws draws) => thinned.Add(parameter, Thin(draws));

    /// <summary>The draws taken of a parameter.</summary>
    /// <param name="parameter">An index that was added.</param>
    public double[] this[int parameter] => thinned[parameter];

    /// <summary>Draws of all chains one after the other, every so-manieth where there are many, as <see cref="Add"/> takes them.</summary>
    /// <param name="draws">Draws.</param>
    public static double[] Thin(ChainDraws draws)
    {
        int stride = Math.Max(1, (draws.Count + MostDraws - 1) / MostDraws);
        double[] pooled = draws.Pooled();
        return stride == 1 ? pooled : [.. pooled.Where((_, i) => i % stride == 0)];
    }

    /// <summary>The choice.</summary>
    /// <param name="suspects">Parameters that speak against the draws, the worst first.</param>
    /// <returns>At most five, in rising order; fewer than two if there is no pair.</returns>
    public int[] Choose(IEnumerable<int> suspects)
    {
        List<int> chosen = [.. suspects.Where(thinned.ContainsKey).Take(2)];
        Dictionary<(int, int), double> strengths = [];
        double Strength(int a, int b)
        {
            (int, int) pair = (Math.Min(a, b), Math.Max(a, b));
            return strengths.TryGetValue(pair, out double known) ? known : strengths[pair] = Correlation(thinned[a], thinned[b]);
        }

        if (chosen.Count == 0 && thinned.Count > 1)
        {
            int[] all = [.. thinned.Keys];
            (int first, int second) = all.SelectMany((a, i) => all.Skip(i + 1).Select(b => (a, b))).MaxBy(pair => Strength(pair.a, pair.b));
            chosen = [first, second];
        }

        while (chosen.Count is > 0 and < MostShown && thinned.Count > chosen.Count)
        {
            chosen.Add(thinned.Keys.Except(chosen).MaxBy(candidate => chosen.Max(one => Strength(candidate, one))));
        }

        return [.. chosen.Order()];
    }

    private static double Correlation(double[] a, double[] b)
    {
        (double meanA, double meanB) = (a.Average(), b.Average());
        (double both, double squaresA, double squaresB) = (0, 0, 0);
        for (int i = 0; i < a.Length; i++)
        {
            both += (a[i] - meanA) * (b[i] - meanB);
            squaresA += (a[i] - meanA) * (a[i] - meanA);
            squaresB += (b[i] - meanB) * (b[i] - meanB);
        }

        double size = Math.Abs(both) / Math.Sqrt(squaresA * squaresB);
        return double.IsFinite(size) ? size : 0;
    }
}
