using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Laws;

/// <summary>
/// Kernels side by side, one for each row, as one kernel: what <see cref="SimulationBasedCalibration"/> and <see cref="GewekeTest"/> need of a kernel that evaluates some of its chains at a time, as NUTS does. The target
/// of such a kernel cannot tell from the rows that it is given which replication's data are theirs; here each replication has a kernel and a target of its own. Slower than a kernel on all rows, by the overhead of
/// small tensors.
/// </summary>
public static class RowByRow
{
    /// <summary>The kernel.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="rows">How many rows every position has, 1 or more.</param>
    /// <param name="kernelOfRow">The kernel of row i, from 0: all of one dimension and type, with noise leaves of one shape.</param>
    /// <returns>A kernel whose row i moves by its own kernel; noise is drawn for all rows as that of row 0's kernel is. Its info has acceptance and decisions, and the gradients of the costliest row.</returns>
    public static Kernel<TState> Create<TState>(int rows, Func<int, Kernel<TState>> kernelOfRow)
        where TState : class, IKernelState<TState>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        Kernel<TState>[] kernels = [.. Enumerable.Range(0, rows).Select(kernelOfRow)];
        Kernel<TState> first = kernels[0];
        return new Kernel<TState>(
            first.Name,
            first.Dimension,
            first.DType,
            position => Joined(i => kernels[i].Initialize(Row(position, i))),
            state => Joined(i => kernels[i].Refresh(RowOf(state, i))),
            first.DrawNoise,
            Advance,
            first.Thermalize)
        {
            IsDivisible = false,
        };

        Transition<TState> Advance(Noise noise, TState state)
        {
            Transition<TState>[] next = [.. kernels.Select((kernel, i) => kernel.Advance(noise.Map(leaf => Row(leaf, i)), RowOf(state, i)))];
            return new Transition<TState>(Joined(i => next[i].State), new StepInfo(
                next.Max(one => one.Info.GradientCount),
                Info(info => info.AcceptanceProbability),
                Info(info => info.Accepted),
                Info(info => info.EnergyError),
                Info(info => info.Divergent)));

            Tensor? Info(Func<StepInfo, Tensor?> quantity) =>
                next.All(one => quantity(one.Info) is not null) ? Shaping.Join(0, [.. next.Select(one => quantity(one.Info)!)]) : null;
        }

        TState Joined(Func<int, TState> row)
        {
            TState[] states = [.. Enumerable.Range(0, rows).Select(row)];
            return states[0].WithLeaves([.. Enumerable.Range(0, states[0].Layout.Count).Select(leaf => Shaping.Join(0, [.. states.Select(state => state.Leaf(leaf))]))]);
        }
    }

    private static Tensor Row(Tensor x, int row) => x.Slice(0, row, 1);

    private static TState RowOf<TState>(TState state, int row)
        where TState : class, IKernelState<TState> => state.Map(leaf => Row(leaf, row));
}
