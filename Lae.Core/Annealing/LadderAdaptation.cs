using System.Collections.Immutable;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;
using Lae.Running;

namespace Lae.Annealing;

/// <summary>A ladder of temperatures, and what was found on it.</summary>
/// <param name="Temperatures">T_1 … T_K.</param>
/// <param name="Acceptances">The share of accepted swaps of each pair, [K − 1], on the ladder from which this one came in the last pilot run.</param>
public sealed record AdaptedLadder(ImmutableArray<double> Temperatures, ImmutableArray<double> Acceptances)
{
    /// <summary>Λ = Σ (1 − acceptance): how hard it is to come from the hottest temperature to the coldest. A ladder of about 2 Λ + 1 temperatures is the best use of a computer that does them one after another.</summary>
    public double Barrier => Acceptances.Sum(acceptance => 1 - acceptance);

    /// <summary>Where the cold replicas ended, [chains, dimension].</summary>
    public Tensor? Position { get; init; }

    /// <summary>Gradients that the pilot runs cost each chain, all replicas together.</summary>
    public long GradientCount { get; init; }
}

/// <summary>
/// The ladder of replica exchange from pilot runs: run, count the swaps, space the temperatures so that they would be accepted alike (<see cref="TemperatureLadder.Equalise"/>), and again, each run twice as long as the one before and going
/// on from where it ended. A run with the outcome is an ordinary run: nothing of it adapts.
/// </summary>
public static class LadderAdaptation
{
    /// <summary>The adapted ladder.</summary>
    /// <typeparam name="TState">The state type of a replica.</typeparam>
    /// <param name="temperatures">The ladder to start from, such as <see cref="TemperatureLadder.Geometric"/>.</param>
    /// <param name="builder">The kernel of a replica, given its temperature.</param>
    /// <param name="position">Where the chains start, [chains, dimension].</param>
    /// <param name="key">The key of the pilot runs; give the run itself another.</param>
    /// <param name="rounds">How many pilot runs, in [1, 20].</param>
    /// <param name="transitions">Transitions of the first, 2 or more.</param>
    /// <param name="engine">Who computes; the default engine if null.</param>
    /// <param name="observe">Told after every transition; never changes a bit.</param>
    /// <returns>The ladder, and the swaps of the last pilot run.</returns>
    /// <exception cref="NonFiniteStateException">A NaN or an infinity arose in a state.</exception>
    public static AdaptedLadder Adapt<TState>(
        IReadOnlyList<double> temperatures,
        Func<double, Kernel<TState>> builder,
        Tensor position,
        RandomKey key,
        int rounds = 5,
        int transitions = 50,
        IEngine? engine = null,
        Action<StepInfo>? observe = null)
        where TState : class, IKernelState<TState>, IHasLogDensity
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rounds, 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(transitions, 2);
        AdaptedLadder ladder = new([.. temperatures], []);
        ReplicaExchangeState<TState>? reached = null;
        long gradients = 0;
        for (int round = 0; round < rounds; round++)
        {
            Kernel<ReplicaExchangeState<TState>> kernel = ReplicaExchange.Create(ladder.Temperatures, builder);
            RunState<ReplicaExchangeState<TState>> start = RunState.Start(kernel, position, key.FoldIn((ulong)round), engine: engine);

            gradients++;

            // the replicas stay; their caches do not depend on the temperature
            start = start with { State = reached ?? start.State };
            SwapCount count = new(ladder.Temperatures.Length - 1);
            (RunState<ReplicaExchangeState<TState>> final, _) = ChainRunner.Run(kernel, start, new RunOptions((long)transitions << round, engine: engine), Receive);
            reached = final.State;
            ImmutableArray<double> acceptances = count.Means();
            ladder = new AdaptedLadder(TemperatureLadder.Equalise(ladder.Temperatures, [.. acceptances.Select(acceptance => 1 - acceptance)]), acceptances);

            void Receive(Draw draw)
            {
                count.Add(draw);
                gradients += draw.Info.GradientCount;
                observe?.Invoke(draw.Info);
            }
        }

        return ladder with { Position = reached!.Position.Detach(), GradientCount = gradients };
    }

    /// <summary>The mean swap probability of each pair over the chains and the transitions in which it was its turn.</summary>
    /// <param name="draws">Draws of a run of replica exchange.</param>
    /// <returns>K − 1 numbers; NaN for a pair whose turn it never was.</returns>
    public static ImmutableArray<double> SwapAcceptances(IEnumerable<Draw> draws)
    {
        SwapCount? count = null;
        foreach (Draw draw in draws)
        {
            count ??= new SwapCount(Swaps(draw).Shape[1]);
            count.Add(draw);
        }

        return count is null ? throw new ArgumentException("There are no draws.", nameof(draws)) : count.Means();
    }

    private static Tensor Swaps(Draw draw) => draw.Info.Extras is { } extras && extras.TryGet("swapProbability", out Tensor? swaps)
        ? swaps
        : throw new ArgumentException("The draws are not of replica exchange: their info has no extra 'swapProbability'.", nameof(draw));

    private sealed class SwapCount(int pairs)
    {
        private readonly double[] sums = new double[pairs];
        private readonly long[] tries = new long[pairs];

        public void Add(Draw draw)
        {
            double[] swaps = Swaps(draw).ToArray();
            for (int i = 0; i < swaps.Length; i++)
            {
                if (!double.IsNaN(swaps[i]))
                {
                    sums[i % pairs] += swaps[i];
                    tries[i % pairs]++;
                }
            }
        }

        public ImmutableArray<double> Means() => [.. sums.Zip(tries, static (sum, n) => sum / n)];
    }
}
