using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Laws;

/// <summary>
/// The rank test of a reversible kernel: an exact draw is put at a random place of a chain that is run from it forward and backward (which for a reversible kernel is forward again). If the kernel keeps the law and is
/// reversible, all places of the chain are alike, so that the rank of any statistic of the draw among its chain is uniform, however slowly the chain mixes.
/// <code>
///     θ_m ~ π,  m uniform in 1 … L;    θ_{m±1}, θ_{m±2}, … by the kernel;    rank of f(θ_m) among f(θ_1) … f(θ_L) uniform
/// </code>
/// Ties, which rejections make, are broken at random. The rank with a uniform fraction has a continuous uniform law, and is held to the band of Dvoretzky, Kiefer, Wolfowitz and Massart; the test is repeated by a
/// <see cref="SequentialPlan"/>. Source: Gandy and Scott, arXiv 2001.06465 (2020), algorithms 2 and 3. It sees, beside a wrong law, a kernel that is not reversible: do not ask it of persistent momenta or of compositions.
/// </summary>
public static class RankTest
{
    /// <summary>Puts a kernel to the test.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">A kernel whose positions are a reversible chain.</param>
    /// <param name="law">The law that it is to keep, with exact draws; for temperature T that is π^{1/T}.</param>
    /// <param name="key">All randomness, to be fixed beforehand.</param>
    /// <param name="plan">Draws, rounds, false alarm; the defaults if null.</param>
    /// <param name="length">L, states of a chain, 2 or more.</param>
    /// <param name="statistics">What is ranked; if null <see cref="Statistic.CoordinatesSquaresAndEnergy"/> about the mean of exact draws.</param>
    /// <returns>The worst gap of the deciding round against its band, in words.</returns>
    public static LawResult Check<TState>(
        Kernel<TState> kernel, ExactTarget law, RandomKey key, SequentialPlan? plan = null, int length = 10, IReadOnlyList<Statistic>? statistics = null)
        where TState : class, IKernelState<TState>
    {
        const int PilotDraws = 10_000;
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        SequentialPlan by = plan ?? new SequentialPlan();
        by.RequireValid();
        IReadOnlyList<Statistic> ranked = statistics ?? Statistic.CoordinatesSquaresAndEnergy(law.Target, law.Draw(key.FoldIn(0), PilotDraws).Mean(0));
        return by.Run(
            $"rank test of {kernel.Name} on {law.Target.Name}",
            (round, draws) => ChainRanks.Gaps(kernel, law.Draw(Round(key, round).FoldIn(0), draws), ranked, length, Round(key, round)),
            worst => $"Among the states of its chain an exact draw is not as any other: in {worst.Statistic} the chain is {worst.Direction} beside it. The kernel does not keep the law, or is not reversible.");
    }

    /// <summary>The randomness of a round.</summary>
    internal static RandomKey Round(RandomKey key, int round) => key.FoldIn((ulong)(round + 1));
}
