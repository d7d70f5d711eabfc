using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;

namespace Lae.Laws;

/// <summary>Ranks of starting points among the states of chains that are run from them both ways.</summary>
internal static class ChainRanks
{
    /// <summary>The gap between the law of the ranks and the uniform one for each statistic, told as what the chains look like beside the starting points.</summary>
    public static IReadOnlyList<StatisticGap> Gaps<TState>(Kernel<TState> kernel, Tensor start, IReadOnlyList<Statistic> statistics, int length, RandomKey key)
        where TState : class, IKernelState<TState>
    {
        double[][] ranks = Of(kernel, start, statistics, length, key);
        return [.. statistics.Select((statistic, i) =>
        {
            Array.Sort(ranks[i]);
            DistributionGap gap = DistributionGap.Of(ranks[i], static u => u);

            // a start that ranks high has chains below it
            DistributionGap chains = new(gap.Below, gap.BelowAt, gap.Above, gap.AboveAt);
            return new StatisticGap(statistic.Name, length, gap.Largest, double.NaN, chains.Direction(statistic.WhenLarge, statistic.WhenSmall));
        })];
    }

    /// <summary>(rank + fraction)/L of each start in its chain, for each statistic.</summary>
    private static double[][] Of<TState>(Kernel<TState> kernel, Tensor start, IReadOnlyList<Statistic> statistics, int length, RandomKey key)
        where TState : class, IKernelState<TState>
    {
        int rows = start.Shape[0];
        int[] backward = new int[rows];
        Permutation.Integers(key.FoldIn(1), length, backward);
        double[][] own = [.. statistics.Select(statistic => statistic.Of(start).ToArray())];
        int[][] less = [.. own.Select(_ => new int[rows])];
        int[][] equal = [.. own.Select(_ => new int[rows])];
        Follow(key.FoldIn(2), row => length - 1 - backward[row]);
        Follow(key.FoldIn(3), row => backward[row]);

        double[][] ranks = [.. own.Select(_ => new double[rows])];
        for (int i = 0; i < ranks.Length; i++)
        {
            RowDraws.Uniform(key.FoldIn(4), (uint)i, 0, rows, 1, ranks[i]);
            for (int row = 0; row < rows; row++)
            {
                bool isNumber = !double.IsNaN(own[i][row]);
                ranks[i][row] = isNumber ? (less[i][row] + (ranks[i][row] * (equal[i][row] + 1))) / length : double.NaN;
            }
        }

        return ranks;

        // the chains one way, of which a row counts the first so many states
        void Follow(RandomKey run, Func<int, int> states)
        {
            RunState<TState> state = RunState.Start(kernel, start, run);
            for (int t = 1; t < length; t++)
            {
                (state, _) = ChainRunner.Run(kernel, state, new RunOptions(1), receive: null);
                for (int i = 0; i < own.Length; i++)
                {
                    double[] values = statistics[i].Of(state.State.Position).ToArray();
                    for (int row = 0; row < rows; row++)
                    {
                        if (t <= states(row))
                        {
                            less[i][row] += values[row] < own[i][row] ? 1 : 0;
                            equal[i][row] += values[row] == own[i][row] ? 1 : 0;
                        }
                    }
                }
            }
        }
    }
}
