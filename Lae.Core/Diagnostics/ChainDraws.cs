using Lae.Numerics;

namespace Lae.Diagnostics;

/// <summary>
/// The draws of one quantity: chains of equal length. Immutable. What diagnostics are functions of; names and models are no concern of theirs.
/// </summary>
public sealed class ChainDraws
{
    private readonly double[][] chains;

    private ChainDraws(double[][] chains) => this.chains = chains;

    /// <summary>How many chains, 1 or more.</summary>
    public int Chains => chains.Length;

    /// <summary>Draws in each chain, 1 or more.</summary>
    public int Length => chains[0].Length;

    /// <summary>Draws in all.</summary>
    public int Count => Chains * Length;

    /// <summary>Whether the draws can be judged: all are finite, and not all are the same. Diagnostics of other draws are NaN.</summary>
    internal bool CanBeJudged
    {
        get
        {
            double first = chains[0][0];
            return chains.All(chain => Array.TrueForAll(chain, double.IsFinite)) && !chains.All(chain => Array.TrueForAll(chain, value => value == first));
        }
    }

    /// <summary>One chain.</summary>
    /// <param name="chain">In [0, chains).</param>
    /// <returns>Its draws in order.</returns>
    public ReadOnlySpan<double> this[int chain] => chains[chain];

    /// <summary>Chains as arrays.</summary>
    /// <param name="chains">At least one, all of one length, which is 1 or more.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentException">There is no chain or no draw, or the lengths differ.</exception>
    public static ChainDraws Of(params IReadOnlyList<IReadOnlyList<double>> chains)
    {
        if (chains.Count == 0 || chains[0].Count == 0 || chains.Any(chain => chain.Count != chains[0].Count))
        {
            throw new ArgumentException($"One chain or more of one length are needed, not lengths {string.Join(", ", chains.Select(chain => chain.Count))}.", nameof(chains));
        }

        return new ChainDraws([.. chains.Select(chain => chain.ToArray())]);
    }

    /// <summary>One coordinate of the positions of a run.</summary>
    /// <param name="positions">[draws, chains, dimension], as a run gives them.</param>
    /// <param name="coordinate">In [0, dimension).</param>
    /// <returns>The draws of that coordinate.</returns>
    /// <exception cref="ArgumentException">The positions do not have three axes, or are empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such coordinate.</exception>
    public static ChainDraws OfPositions(Tensor positions, int coordinate)
    {
        if (positions.Rank != 3 || positions.Count == 0)
        {
            throw new ArgumentException($"Positions [draws, chains, dimension] are needed, not {positions.Shape}.", nameof(positions));
        }

        if (coordinate < 0 || coordinate >= positions.Shape[2])
        {
            throw new ArgumentOutOfRangeException(nameof(coordinate), coordinate, $"Must be in [0, {positions.Shape[2]}).");
        }

        (int length, int count, int dimension) = (positions.Shape[0], positions.Shape[1], positions.Shape[2]);
        double[][] chains = [.. Enumerable.Range(0, count).Select(_ => new double[length])];
        for (int draw = 0; draw < length; draw++)
        {
            for (int chain = 0; chain < count; chain++)
            {
                chains[chain][draw] = positions.ElementAt((((draw * count) + chain) * dimension) + coordinate);
            }
        }

        return new ChainDraws(chains);
    }

    /// <summary>A function of every draw.</summary>
    /// <param name="function">A pure function.</param>
    /// <returns>New draws.</returns>
    public ChainDraws Map(Func<double, double> function) => new([.. chains.Select(chain => Array.ConvertAll(chain, value => function(value)))]);

    /// <summary>Each chain in two halves, so that a trend within a chain shows as a difference between chains; the middle draw of an odd length is left out.</summary>
    /// <returns>Twice as many chains of half the length; the same draws if there is only one in each chain.</returns>
    public ChainDraws Split()
    {
        int half = Length / 2;
        return half == 0 ? this : new ChainDraws([.. chains.SelectMany(chain => new[] { chain[..half], chain[^half..] })]);
    }

    /// <summary>Distances from the median, by which chains that differ in spread differ in place.</summary>
    /// <returns>|x − median|.</returns>
    public ChainDraws Fold()
    {
        double median = Quantile.Of(Sorted(), 0.5);
        return Map(value => Math.Abs(value - median));
    }

    /// <summary>The mean of all draws.</summary>
    /// <returns>Their mean.</returns>
    public double Mean() => chains.Sum(chain => chain.Sum()) / Count;

    /// <summary>The standard deviation of all draws, with divisor count − 1.</summary>
    /// <returns>NaN for one draw.</returns>
    public double StandardDeviation()
    {
        double mean = Mean();
        return Math.Sqrt(chains.Sum(chain => chain.Sum(value => (value - mean) * (value - mean))) / (Count - 1));
    }

    /// <summary>All draws in rising order.</summary>
    /// <returns>A new array.</returns>
    public double[] Sorted()
    {
        double[] all = Pooled();
        Array.Sort(all);
        return all;
    }

    /// <summary>All draws, chain after chain.</summary>
    /// <returns>A new array.</returns>
    public double[] Pooled() => [.. chains.SelectMany(chain => chain)];

    /// <summary>Draws of the same form from values laid out as <see cref="Pooled"/> does.</summary>
    internal ChainDraws WithPooled(double[] values) => new([.. Enumerable.Range(0, Chains).Select(chain => values[(chain * Length)..((chain + 1) * Length)])]);
}
