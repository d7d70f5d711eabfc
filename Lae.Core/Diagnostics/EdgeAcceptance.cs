namespace Lae.Diagnostics;

/// <summary>
/// Where proposals are refused: the mean acceptance probability of the transitions that ended at the 2.5 % smallest, or the 2.5 % largest, draws of a quantity, of that quantity and end at which it is least. One step size fits a posterior whose scale is
/// about the same everywhere; at the neck of a funnel, as of a hierarchical model in the centred form, it is too long, and a chain that comes there is refused again and again. Energy errors there need not be large, so that divergences alone do not show it:
/// in eight schools the acceptance falls from 0.8 to 0.2 or less at the smallest tau in the centred form, and to 0.55 at the largest in the other; in no other reference posterior below 0.6.
/// </summary>
/// <param name="Quantity">The quantity.</param>
/// <param name="IsSmallest">Whether at its smallest values, or its largest.</param>
/// <param name="Acceptance">The mean acceptance probability there.</param>
/// <param name="MeanAcceptance">The same of all draws.</param>
public sealed record EdgeAcceptance(string Quantity, bool IsSmallest, double Acceptance, double MeanAcceptance)
{
    /// <summary>Draws in an edge: one in 40.</summary>
    private const int Edge = 40;

    private const int LeastInEdge = 25;

    /// <summary>The edge where acceptance is least.</summary>
    /// <param name="names">The quantities.</param>
    /// <param name="draws">The draws of each, by its number.</param>
    /// <param name="acceptance">The acceptance probability of the transition that led to each draw, of the same shape.</param>
    /// <returns>The edge; null if there are fewer than 1,000 draws, or none of finite numbers that differ.</returns>
    /// <exception cref="ArgumentException">There are not as many acceptance probabilities as draws.</exception>
    public static EdgeAcceptance? Least(IReadOnlyList<string> names, Func<int, ChainDraws> draws, ChainDraws acceptance)
    {
        double[] probabilities = Flat(acceptance);
        int size = probabilities.Length / Edge;
        if (size < LeastInEdge)
        {
            return null;
        }

        double mean = probabilities.Average();
        EdgeAcceptance? least = null;
        for (int i = 0; i < names.Count; i++)
        {
            double[] values = Flat(draws(i));
            if (values.Length != probabilities.Length)
            {
                throw new ArgumentException($"{values.Length} draws of {names[i]} have {probabilities.Length} acceptance probabilities.", nameof(acceptance));
            }

            if (!Array.TrueForAll(values, double.IsFinite) || Array.TrueForAll(values, value => value == values[0]))
            {
                continue;
            }

            // the order of equal draws is that of the chains, so that no figure depends on how a sort treats them
            int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(k => values[k])];
            least = Lower(least, new EdgeAcceptance(names[i], true, order.Take(size).Average(k => probabilities[k]), mean));
            least = Lower(least, new EdgeAcceptance(names[i], false, order.TakeLast(size).Average(k => probabilities[k]), mean));
        }

        return least;
    }

    private static EdgeAcceptance Lower(EdgeAcceptance? least, EdgeAcceptance other) => least is null || other.Acceptance < least.Acceptance ? other : least;

    private static double[] Flat(ChainDraws draws) => [.. Enumerable.Range(0, draws.Chains).SelectMany(chain => draws[chain].ToArray())];
}
