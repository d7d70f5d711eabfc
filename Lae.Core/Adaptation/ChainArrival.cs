using System.Collections.Immutable;
using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Adaptation;

/// <summary>
/// Which chains have yet to arrive where the others are, seen over a window of a warm-up, as an immutable value. With ℓ the log densities of the chains (of π^{1/T}, at a temperature T), m their median, d the dimension and ā the mean acceptance probability of a chain,
/// a chain is <em>low</em> where ℓ &lt; m − 5 − 10 √(d/2): draws of a law like a Gaussian have log densities that scatter by √(d/2). It is <em>left behind</em> if it is low at the end of the window and
/// <code>
///     ā &lt; 0.1   (it hardly moves)   or   mean ℓ of the last third − mean ℓ of the first third &gt; 4 √d   (it is still coming in)
///     or   ℓ &lt; m − 5 − 10 √(d/2) − d ln 1,000   (too low to matter)
/// </code>
/// Being low is not enough: a wide mode in many dimensions lies lower than a narrow one by d times the logarithm of the ratio of their widths, and may hold as much mass. A chain that has arrived there moves, and does not rise, so that its two thirds differ by a
/// scatter of √d at most: it stays, and R-hat tells of it. Only a mode that would have to be a thousand times wider in every direction to hold as much is a local one of no mass. The limits are Lae's own.
/// </summary>
public sealed class ChainArrival
{
    private const double LeastAcceptance = 0.1;
    private const double Rise = 4;
    private const double MostWidths = 1000;

    private readonly ImmutableList<double[]> logDensities;
    private readonly double[] acceptance;
    private readonly int dimension;

    private ChainArrival(int dimension, ImmutableList<double[]> logDensities, double[] acceptance)
    {
        this.dimension = dimension;
        this.logDensities = logDensities;
        this.acceptance = acceptance;
    }

    /// <summary>Nothing seen yet.</summary>
    /// <param name="dimension">d, 1 or more.</param>
    /// <param name="chains">How many, 1 or more.</param>
    /// <returns>An empty window.</returns>
    public static ChainArrival Empty(int dimension, int chains)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 1);
        return new ChainArrival(dimension, [], new double[chains]);
    }

    /// <summary>The window with one transition more.</summary>
    /// <param name="logDensity">ℓ after it, [chains].</param>
    /// <param name="acceptanceProbability">Of each chain, [chains].</param>
    /// <returns>A new value.</returns>
    public ChainArrival Add(Tensor logDensity, Tensor acceptanceProbability) => new(
        dimension, logDensities.Add(logDensity.ToArray()), [.. acceptance.Zip(acceptanceProbability.ToArray(), static (sum, one) => sum + one)]);

    /// <summary>Whether each chain is left behind.</summary>
    /// <returns>[chains]; all false where nothing was seen.</returns>
    public ImmutableArray<bool> LeftBehind()
    {
        if (logDensities.Count == 0)
        {
            return [.. acceptance.Select(static _ => false)];
        }

        double[] last = logDensities[^1];
        double limit = Limit(last, dimension);
        double negligible = limit - (dimension * Math.Log(MostWidths));
        int third = Math.Max(1, logDensities.Count / 3);
        double rise = Rise * Math.Sqrt(dimension);
        return [.. last.Select((height, chain) => height < limit && (height < negligible
            || acceptance[chain] < LeastAcceptance * logDensities.Count
            || logDensities.TakeLast(third).Average(one => one[chain]) - logDensities.Take(third).Average(one => one[chain]) > rise))];
    }

    /// <summary>Whether each chain is low.</summary>
    /// <param name="logDensity">ℓ, one for each chain.</param>
    /// <param name="dimension">d.</param>
    /// <returns>One for each chain.</returns>
    public static bool[] Low(IReadOnlyList<double> logDensity, int dimension)
    {
        double limit = Limit(logDensity, dimension);
        return [.. logDensity.Select(value => value < limit)];
    }

    private static double Limit(IReadOnlyList<double> logDensity, int dimension)
    {
        double[] sorted = [.. logDensity.Order()];
        return sorted[sorted.Length / 2] - 5 - (10 * Math.Sqrt(dimension / 2.0));
    }

    /// <summary>Chains that were left behind begin anew where others are: with a scale and a step size that serve the others they may never come in, and a warm-up has no law to keep.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="chains">Where the chains are.</param>
    /// <returns>Where they are then, and the places that were left, [places, dimension]; null if none was.</returns>
    internal (TState Chains, Tensor? Left) Gather<TState>(TState chains)
        where TState : class, IKernelState<TState>
    {
        ImmutableArray<bool> behind = LeftBehind();
        int[] left = [.. Enumerable.Range(0, behind.Length).Where(row => behind[row])];
        if (left.Length == 0)
        {
            return (chains, null);
        }

        bool[] low = Low(logDensities[^1], dimension);
        int[] others = [.. Enumerable.Range(0, behind.Length).Where(row => !low[row])];
        int[] rows = [.. Enumerable.Range(0, behind.Length).Select(row => behind[row] ? others[row % others.Length] : row)];
        return (chains.Map(leaf => leaf.GatherRows(rows)), chains.Position.GatherRows(left).Detach());
    }
}
