using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Laws;

/// <summary>
/// Simulation-based calibration: parameters drawn from the prior, data simulated from them, and the posterior of those data sampled; then the rank of the parameters among the samples is uniform.
/// <code>
///     θ ~ p(θ),  y ~ p(y | θ),  a chain of the posterior of y through θ, θ at a random place of it:    rank of f(θ, y) uniform
/// </code>
/// Here in the form that is exact however slowly the chain mixes: since θ is itself an exact draw of the posterior of y, it is put at a random place of a chain that is run from it both ways by a reversible kernel (as in
/// <see cref="RankTest"/>), in place of a chain that is hoped to have forgotten its start. It tests prior, simulator, target and kernel together. Every replication has its own data.
/// Sources: Talts, Betancourt, Simpson, Vehtari and Gelman, arXiv 1804.06788 (2018); Gandy and Scott, arXiv 2001.06465 (2020), algorithms 2 and 3; statistics that use the data as
/// Modrák et al., Bayesian Analysis 20 (2025) advise.
/// </summary>
public static class SimulationBasedCalibration
{
    /// <summary>Puts a kernel and a model to the test.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="joint">Prior and simulator.</param>
    /// <param name="kernelGiven">The kernel of the posterior given data y [replications, columns], reversible: its target's row i must use row i of y.</param>
    /// <param name="key">All randomness, to be fixed beforehand.</param>
    /// <param name="plan">Replications, rounds, false alarm; the defaults if null.</param>
    /// <param name="length">States of a chain, 2 or more.</param>
    /// <param name="statistics">What is ranked; if null <see cref="JointStatistic.Parameters"/> about the mean of prior draws. The log likelihood is worth adding: it sees a posterior that is the prior.</param>
    /// <returns>The worst gap of the deciding round against its band, in words.</returns>
    public static LawResult Check<TState>(
        JointLaw joint, Func<Tensor, Kernel<TState>> kernelGiven, RandomKey key, SequentialPlan? plan = null, int length = 10, IReadOnlyList<JointStatistic>? statistics = null)
        where TState : class, IKernelState<TState>
    {
        const int PilotDraws = 10_000;
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        SequentialPlan by = plan ?? new SequentialPlan();
        by.RequireValid();
        IReadOnlyList<JointStatistic> ranked = statistics ?? JointStatistic.Parameters(joint.DrawParameters(key.FoldIn(0), PilotDraws).Mean(0));
        return by.Run(
            "simulation-based calibration",
            (round, draws) =>
            {
                RandomKey here = RankTest.Round(key, round);
                Tensor theta = joint.DrawParameters(here.FoldIn(0), draws);
                Tensor y = joint.DrawData(here.FoldIn(5), theta);
                Statistic[] given = [.. ranked.Select(statistic => new Statistic(statistic.Name, x => statistic.Of(x, y)) { WhenLarge = statistic.WhenLarge, WhenSmall = statistic.WhenSmall })];
                return ChainRanks.Gaps(kernelGiven(y), theta, given, length, here);
            },
            worst => $"True parameters do not rank among their posterior's draws as they should: in {worst.Statistic} the chain is {worst.Direction} beside them. The kernel does not keep the posterior or is not reversible, or prior, simulator and target do not belong together.");
    }
}
