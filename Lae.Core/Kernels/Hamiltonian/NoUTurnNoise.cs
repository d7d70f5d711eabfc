using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Kernels;

/// <summary>The noise of one chain in one transition of the no-U-turn sampler, but for its momentum.</summary>
internal sealed class NoUTurnNoise(double[] directions, double[] doublings, int first, RandomKey leaves)
{
    /// <summary>The noise of every chain.</summary>
    /// <param name="direction">[chains, maxDepth], in (0, 1).</param>
    /// <param name="doubling">[chains, maxDepth], in (0, 1).</param>
    /// <param name="seed">[chains, 2], whose bits are the key of the chain's leaves.</param>
    /// <returns>One for each chain.</returns>
    public static NoUTurnNoise[] Of(Tensor direction, Tensor doubling, Tensor seed)
    {
        double[] directions = direction.ToArray();
        double[] doublings = doubling.ToArray();
        double[] seeds = seed.ToArray();
        return [.. Enumerable.Range(0, seed.Shape[0]).Select(chain => new NoUTurnNoise(
            directions,
            doublings,
            chain * direction.Shape[1],
            RandomKey.FromValue(BitConverter.DoubleToUInt64Bits(seeds[2 * chain])).FoldIn(BitConverter.DoubleToUInt64Bits(seeds[(2 * chain) + 1]))))];
    }

    /// <summary>1 or −1, of each doubling.</summary>
    public int Direction(int doubling) => directions[first + doubling] > 0.5 ? 1 : -1;

    /// <summary>The uniform by which a doubling's leaf is taken or not.</summary>
    public double Doubling(int doubling) => doublings[first + doubling];

    /// <summary>The Gumbel number −log(−log u) of a leaf, with u from the chain's seed and the number of the leaf.</summary>
    public double Gumbel(int leaf)
    {
        Span<double> u = stackalloc double[1];
        RowDraws.Uniform(leaves, 0, leaf, 1, 1, u);
        return -Math.Log(-Math.Log(u[0]));
    }
}
