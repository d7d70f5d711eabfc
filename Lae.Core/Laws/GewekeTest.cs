using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Laws;

/// <summary>
/// Geweke's joint test ("getting it right") with an exact false alarm: replications start from exact draws of the joint law of parameters and data, and alternate
/// <code>
///     θ' ~ kernel(· | θ; y),    compare the law of (θ', y) with exact joint draws,    y' ~ p(y | θ')
/// </code>
/// If the kernel keeps the posterior of each replication's own data, (θ, y) has the joint law after any number of rounds, however slowly the simulator mixes, so that independent replications are held to the band of Dvoretzky,
/// Kiefer, Wolfowitz and Massart beside a larger independent joint sample. It tests target, data and kernel together: a likelihood that is not the simulator's is seen as a wrong kernel is.
/// Source: Geweke, Journal of the American Statistical Association 99 (2004), section 3; started exactly and run in many replications as in the exact-start test.
/// </summary>
public static class GewekeTest
{
    private const int Largeness = 20;

    /// <summary>Puts a kernel to the test.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="joint">Prior and simulator.</param>
    /// <param name="kernelGiven">The kernel of the posterior given data y [replications, columns]: its target's row i must use row i of y. Built anew in every round.</param>
    /// <param name="key">All randomness, to be fixed beforehand.</param>
    /// <param name="replications">100 or more.</param>
    /// <param name="rounds">After which rounds to compare, rising from 1 or more; 1 and 10 if null.</param>
    /// <param name="transitions">Transitions of the kernel in a round, 1 or more.</param>
    /// <param name="falseAlarm">The largest probability that a right kernel fails, in (0, 1).</param>
    /// <param name="statistics">What is compared; if null <see cref="JointStatistic.ParametersSquaresAndProducts"/>.</param>
    /// <returns>The worst gap against its band, and the mean acceptance.</returns>
    public static GewekeReport Run<TState>(
        JointLaw joint,
        Func<Tensor, Kernel<TState>> kernelGiven,
        RandomKey key,
        int replications = 20_000,
        IReadOnlyList<int>? rounds = null,
        int transitions = 1,
        double falseAlarm = 1e-6,
        IReadOnlyList<JointStatistic>? statistics = null)
        where TState : class, IKernelState<TState>
    {
        int[] compared = [.. rounds ?? [1, 10]];
        ArgumentOutOfRangeException.ThrowIfLessThan(replications, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(transitions, 1);
        FalseAlarm.Require(falseAlarm);
        if (compared.Length == 0 || compared[0] < 1 || !compared.Zip(compared.Skip(1)).All(pair => pair.First < pair.Second))
        {
            throw new ArgumentException($"Rounds must rise from 1 or more, not {string.Join(", ", compared)}.", nameof(rounds));
        }

        Chains chains = Chains.Range(replications);
        Tensor theta = joint.DrawParameters(key.FoldIn(0), replications);
        Tensor y = joint.DrawData(key.FoldIn(1), theta);
        Reference exact = new(joint, key.FoldIn(2), replications, y.Shape[1], statistics);
        string name = string.Empty;
        List<StatisticGap> gaps = [];
        double acceptance = 0;
        int last = compared[^1];
        for (int round = 1; round <= last; round++)
        {
            Kernel<TState> kernel = kernelGiven(y);
            name = kernel.Name;
            RandomKey roundKey = key.FoldIn(3).FoldIn((ulong)round);
            RandomKey runKey = roundKey.FoldIn(0);
            TState state = kernel.Thermalize(NoiseSource.OfStart(runKey, chains, Workspace.Default), kernel.Initialize(theta));
            for (int t = 0; t < transitions; t++)
            {
                Transition<TState> next = kernel.Transition(new NoiseSource(runKey, t, chains, Workspace.Default), state);
                state = next.State;
                if (!state.Position.AllFinite())
                {
                    return new GewekeReport(new LawResult($"Geweke's joint test of {name}", double.NaN, 0, $"The chains left the finite numbers in round {round}."), double.NaN, gaps);
                }

                acceptance += next.Info.MeanAcceptance / (last * transitions);
            }

            theta = state.Position.Detach();
            if (compared.Contains(round))
            {
                gaps.AddRange(exact.Gaps(theta, y, round, compared.Length, falseAlarm));
            }

            y = joint.DrawData(roundKey.FoldIn(1), theta);
        }

        StatisticGap worst = gaps.MaxBy(gap => double.IsNaN(gap.Gap) ? double.PositiveInfinity : gap.Gap / gap.Band)!;
        string law = FormattableString.Invariant($"{replications} replications, {gaps.Count} distribution functions, all within their bands but with probability {falseAlarm:G2}.");
        string explanation = worst.Holds
            ? law
            : $"After {worst.Transition} round{(worst.Transition == 1 ? string.Empty : "s")} {worst.Statistic} is {worst.Direction} beside the joint law: the kernel does not keep the posterior of its data, or prior, simulator and target do not belong together. {law}";
        return new GewekeReport(new LawResult($"Geweke's joint test of {name}", worst.Gap, worst.Band, explanation), acceptance, gaps);
    }

    /// <summary>As <see cref="Run"/>, of which only the law's result is wanted.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="joint">Prior and simulator.</param>
    /// <param name="kernelGiven">The kernel of the posterior given data.</param>
    /// <param name="key">All randomness, to be fixed beforehand.</param>
    /// <param name="falseAlarm">The largest probability that a right kernel fails.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Check<TState>(JointLaw joint, Func<Tensor, Kernel<TState>> kernelGiven, RandomKey key, double falseAlarm = 1e-6)
        where TState : class, IKernelState<TState> => Run(joint, kernelGiven, key, falseAlarm: falseAlarm).Law;

    /// <summary>A large exact joint sample, by sorted statistics.</summary>
    private sealed class Reference
    {
        private readonly IReadOnlyList<JointStatistic> statistics;
        private readonly double[][] sorted;

        public Reference(JointLaw joint, RandomKey key, int replications, int columns, IReadOnlyList<JointStatistic>? given)
        {
            // the centre comes from draws of its own: statistics must not depend on the sample that they are compared in
            statistics = given ?? JointStatistic.ParametersSquaresAndProducts(joint.DrawParameters(key.FoldIn(0), replications).Mean(0), columns);
            Tensor theta = joint.DrawParameters(key.FoldIn(1), Largeness * replications);
            Tensor y = joint.DrawData(key.FoldIn(2), theta);
            sorted = [.. statistics.Select(statistic =>
            {
                double[] values = statistic.Of(theta, y).ToArray();
                Array.Sort(values);
                return values;
            })];
        }

        public IEnumerable<StatisticGap> Gaps(Tensor theta, Tensor y, int round, int rounds, double falseAlarm)
        {
            double each = falseAlarm / statistics.Count / 2;
            double band = DistributionGap.Band(theta.Shape[0], each / rounds) + DistributionGap.Band(Largeness * theta.Shape[0], each);
            for (int i = 0; i < sorted.Length; i++)
            {
                double[] values = statistics[i].Of(theta, y).ToArray();
                Array.Sort(values);
                DistributionGap gap = DistributionGap.Of(values, sorted[i]);
                yield return new StatisticGap(statistics[i].Name, round, gap.Largest, band, gap.Direction(statistics[i].WhenLarge, statistics[i].WhenSmall));
            }
        }
    }
}

/// <summary>All that Geweke's test saw.</summary>
/// <param name="Law">The law's result.</param>
/// <param name="MeanAcceptance">The mean acceptance probability; 1 for an unadjusted kernel.</param>
/// <param name="Gaps">Every comparison; the number of its transition is that of its round.</param>
public sealed record GewekeReport(LawResult Law, double MeanAcceptance, IReadOnlyList<StatisticGap> Gaps);
