using System.Buffers;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Kernels;

/// <summary>The noise of all chains in one transition of the no-U-turn sampler, but for their momenta.</summary>
internal readonly struct NoUTurnNoise
{
    private readonly Tensor directions;
    private readonly Tensor doublings;
    private readonly RandomKey[] leaves;

    /// <summary>Takes the key of every chain's leaves from the bits of its seed.</summary>
    /// <param name="direction">[chains, maxDepth], in (0, 1).</param>
    /// <param name="doubling">[chains, maxDepth], in (0, 1).</param>
    /// <param name="seed">[chains, 2].</param>
    public NoUTurnNoise(Tensor direction, Tensor doubling, Tensor seed)
    {
        directions = direction.Cast(DType.Float64);
        doublings = doubling.Cast(DType.Float64);
        leaves = ArrayPool<RandomKey>.Shared.Rent(seed.Shape[0]);
        ReadOnlySpan<double> seeds = seed.Cast(DType.Float64).Read<double>();
        for (int chain = 0; chain < seed.Shape[0]; chain++)
        {
            leaves[chain] = RandomKey.FromValue(BitConverter.DoubleToUInt64Bits(seeds[2 * chain])).FoldIn(BitConverter.DoubleToUInt64Bits(seeds[(2 * chain) + 1]));
        }
    }

    /// <summary>1 or −1: a chain's way in time in one of its doublings.</summary>
    public int Direction(int chain, int doubling) => Of(directions, chain, doubling) > 0.5 ? 1 : -1;

    /// <summary>The uniform by which the leaf of a doubling is taken or not.</summary>
    public double Doubling(int chain, int doubling) => Of(doublings, chain, doubling);

    /// <summary>The Gumbel number −log(−log u) of a leaf, with u from the chain's seed and the number of the leaf.</summary>
    public double Gumbel(int chain, int leaf)
    {
        double u = 0;
        RowDraws.Uniform(leaves[chain], 0, leaf, 1, 1, new Span<double>(ref u));
        return -Math.Log(-Math.Log(u));
    }

    /// <summary>Gives back what was rented; nothing can be asked afterwards.</summary>
    public void Return() => ArrayPool<RandomKey>.Shared.Return(leaves);

    private static double Of(Tensor uniform, int chain, int doubling) => uniform.Read<double>()[(chain * uniform.Shape[1]) + doubling];
}
