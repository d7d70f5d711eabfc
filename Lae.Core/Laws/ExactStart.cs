using System.Globalization;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;

namespace Lae.Laws;

/// <summary>
/// The exact-start test: many chains that start from independent exact draws of a law must still have that law after any number of transitions, however slowly they mix. The distribution
/// function of each statistic (coordinates, their squares, the energy) after each of some numbers of transitions is compared with the exact one, or with that of a much larger independent
/// exact sample, and must lie within the band of Dvoretzky, Kiefer, Wolfowitz and Massart.
/// <code>
///     band = √(ln(2/α)/(2 n)) + √(ln(2/α')/(2 m)),    n chains, m draws to compare with (second term 0 where the law is known exactly)
/// </code>
/// α and α' are the allowed false alarm divided among statistics and numbers of transitions, so that a right kernel fails with at most that probability, whatever its law: no tolerance is chosen.
/// It is the test for kernels without a closed form (MALA, HMC, NUTS, replica exchange). What it sees, in one transition of 20,000 chains, is a distance of about 0.02 between distribution functions.
/// </summary>
/// <example>
/// <code>
///     new ExactStart(Banana.Create()).Check(MetropolisLangevin.Create(banana.Target, new LangevinSettings(0.5)), RandomKey.FromSeed(1)).Require();
/// </code>
/// </example>
public sealed class ExactStart
{
    private const int Largeness = 20;
    private readonly int[] transitions;
    private readonly Lazy<Prepared> prepared;

    /// <summary>A test; exact draws are made once, so that one object serves many kernels.</summary>
    /// <param name="law">
    /// The law that kernels are to keep, with exact draws; its density is used for the energy alone. For a kernel at temperature T this is π^{1/T}, not the target π that the kernel was
    /// given: see <see cref="ExactGaussian.Create(Tensor, Tensor, double)"/>. For a kernel that is exact on another law than its target's (as unadjusted ones are), it is that law.
    /// </param>
    /// <param name="chains">n, 100 or more.</param>
    /// <param name="transitions">After how many transitions to compare, 1 or more each, rising; 1 and 20 if null.</param>
    /// <param name="falseAlarm">The largest probability that a right kernel fails, in (0, 1).</param>
    /// <param name="statistics">What is compared; if null <see cref="Statistic.CoordinatesSquaresAndEnergy"/> about the mean of exact draws.</param>
    public ExactStart(ExactTarget law, int chains = 20_000, IReadOnlyList<int>? transitions = null, double falseAlarm = 1e-6, IReadOnlyList<Statistic>? statistics = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 100);
        FalseAlarm.Require(falseAlarm);
        this.transitions = [.. transitions ?? [1, 20]];
        if (this.transitions.Length == 0 || this.transitions[0] < 1 || !this.transitions.Zip(this.transitions.Skip(1)).All(pair => pair.First < pair.Second))
        {
            throw new ArgumentException($"Numbers of transitions must rise from 1 or more, not {string.Join(", ", this.transitions)}.", nameof(transitions));
        }

        Law = law;
        ChainCount = chains;
        AllowedFalseAlarm = falseAlarm;
        prepared = new Lazy<Prepared>(() => new Prepared(law, chains, statistics));
    }

    /// <summary>The law that kernels are to keep.</summary>
    public ExactTarget Law { get; }

    /// <summary>n.</summary>
    public int ChainCount { get; }

    /// <summary>The largest probability that a right kernel fails.</summary>
    public double AllowedFalseAlarm { get; }

    /// <summary>Puts a kernel to the test.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="key">All randomness of the chains: the one key of the test, to be fixed beforehand and never chosen by trial.</param>
    /// <returns>The worst gap against its band, naming statistic, transition and direction.</returns>
    public LawResult Check<TState>(Kernel<TState> kernel, RandomKey key)
        where TState : class, IKernelState<TState> => Run(kernel, key).Law;

    /// <summary>Puts a kernel to the test, and tells all that was seen.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="key">All randomness of the chains.</param>
    /// <returns>The law's result, the mean acceptance, and every gap.</returns>
    public ExactStartReport Run<TState>(Kernel<TState> kernel, RandomKey key)
        where TState : class, IKernelState<TState>
    {
        string name = $"exact start of {kernel.Name} on {Law.Target.Name}";
        List<StatisticGap> gaps = [];
        double acceptance = 0;
        int done = 0;
        try
        {
            RunState<TState> state = RunState.Start(kernel, Law.Draw(key.FoldIn(0), ChainCount), key.FoldIn(1));
            foreach (int checkpoint in transitions)
            {
                (state, _) = ChainRunner.Run(kernel, state, new RunOptions(checkpoint - done), receive: draw => acceptance += draw.Info.MeanAcceptance);
                done = checkpoint;
                gaps.AddRange(Gaps(state.State.Position, checkpoint));
            }
        }
        catch (NonFiniteStateException stop)
        {
            return new ExactStartReport(new LawResult(name, double.NaN, 0, $"The run stopped: {stop.Message}"), double.NaN, gaps);
        }

        StatisticGap worst = gaps.MaxBy(gap => double.IsNaN(gap.Gap) ? double.PositiveInfinity : gap.Gap / gap.Band)!;
        return new ExactStartReport(new LawResult(name, worst.Gap, worst.Band, Explain(worst, gaps)), acceptance / done, gaps);
    }

    private IEnumerable<StatisticGap> Gaps(Tensor position, int checkpoint)
    {
        IReadOnlyList<Statistic> statistics = prepared.Value.Statistics;
        double each = AllowedFalseAlarm / statistics.Count;
        for (int i = 0; i < statistics.Count; i++)
        {
            Statistic statistic = statistics[i];
            double[] values = statistic.Of(position).ToArray();
            Array.Sort(values);
            bool isExact = statistic.Distribution is not null;
            DistributionGap gap = isExact ? DistributionGap.Of(values, statistic.Distribution!) : DistributionGap.Of(values, prepared.Value.Reference(i));
            double band = isExact
                ? DistributionGap.Band(ChainCount, each / transitions.Length)
                : DistributionGap.Band(ChainCount, each / 2 / transitions.Length) + DistributionGap.Band(Largeness * ChainCount, each / 2);
            yield return new StatisticGap(statistic.Name, checkpoint, gap.Largest, band, gap.Direction(statistic.WhenLarge, statistic.WhenSmall));
        }
    }

    private string Explain(StatisticGap worst, List<StatisticGap> gaps)
    {
        string compared = string.Create(
            CultureInfo.InvariantCulture, $"{ChainCount} chains from exact draws, {gaps.Count} distribution functions, all within their bands but with probability {AllowedFalseAlarm:G2}.");
        if (worst.Holds)
        {
            return compared;
        }

        string when = gaps.Any(gap => gap.Transition == transitions[0] && !gap.Holds)
            ? transitions[0] == 1 ? "One transition is enough to see it: the proposal and its accept test (or weights) do not belong together, or the law is not that of the kernel's temperature."
                : $"It is seen after {transitions[0]} transitions already."
            : $"After {transitions[0]} it was not seen yet: a small error in each transition, or noise that transitions share.";
        string others = string.Join(", ", gaps.Where(gap => !gap.Holds && gap != worst).OrderByDescending(gap => gap.Gap / gap.Band).Take(3).Select(gap => $"{gap.Statistic} {gap.Direction} after {gap.Transition}"));
        return $"After {worst.Transition} transition{(worst.Transition == 1 ? string.Empty : "s")} {worst.Statistic} is {worst.Direction}. {when} {(others.Length == 0 ? string.Empty : $"Broken too: {others}. ")}{compared}";
    }

    /// <summary>The statistics, and a large exact sample of each that has no known distribution function, sorted when it is first asked for.</summary>
    private sealed class Prepared
    {
        private static readonly RandomKey PilotKey = RandomKey.FromSeed(0xE5AC7).FoldIn(0);
        private static readonly RandomKey ReferenceKey = RandomKey.FromSeed(0xE5AC7).FoldIn(1);
        private readonly Lazy<Tensor> draws;
        private readonly double[]?[] sorted;

        public Prepared(ExactTarget law, int chains, IReadOnlyList<Statistic>? statistics)
        {
            // the centre comes from draws of its own: statistics must not depend on the sample that they are compared in
            Statistics = statistics ?? Statistic.CoordinatesSquaresAndEnergy(law.Target, law.Draw(PilotKey, chains).Mean(0));
            draws = new Lazy<Tensor>(() => law.Draw(ReferenceKey, Largeness * chains));
            sorted = new double[]?[Statistics.Count];
        }

        public IReadOnlyList<Statistic> Statistics { get; }

        public double[] Reference(int statistic)
        {
            if (sorted[statistic] is { } known)
            {
                return known;
            }

            double[] values = Statistics[statistic].Of(draws.Value).ToArray();
            Array.Sort(values);
            return sorted[statistic] = values;
        }
    }
}

/// <summary>One comparison of distribution functions.</summary>
/// <param name="Statistic">Of what.</param>
/// <param name="Transition">After how many transitions.</param>
/// <param name="Gap">The largest distance, in [0, 1].</param>
/// <param name="Band">The largest distance allowed.</param>
/// <param name="Direction">What the chains' law looks like beside the exact one, in words.</param>
public sealed record StatisticGap(string Statistic, int Transition, double Gap, double Band, string Direction)
{
    /// <summary>Whether the distance is within the band.</summary>
    public bool Holds => Gap <= Band;
}

/// <summary>All that an exact-start test saw.</summary>
/// <param name="Law">The law's result.</param>
/// <param name="MeanAcceptance">The mean acceptance probability of all transitions and chains, in stationarity if the kernel is right; 1 for an unadjusted kernel.</param>
/// <param name="Gaps">Every comparison.</param>
public sealed record ExactStartReport(LawResult Law, double MeanAcceptance, IReadOnlyList<StatisticGap> Gaps);
