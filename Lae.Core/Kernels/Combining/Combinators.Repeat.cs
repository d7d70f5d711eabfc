using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lae.Numerics;

namespace Lae.Kernels;

/// <content>One kernel several times.</content>
public static partial class Combinators
{
    /// <summary>
    /// A kernel run several times as one transition. Its chain is every count-th state of the plain kernel's, bit for bit; so repeating n times what is repeated m times is repeating n m times.
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="count">How often, 1 or more.</param>
    /// <returns>A kernel; acceptances are averaged over the transitions, gradients added.</returns>
    public static Kernel<TState> Repeat<TState>(this Kernel<TState> kernel, int count)
        where TState : class, IKernelState<TState> => Times(kernel, count, $"{kernel.Name} × {count}", InfoAverage.Of);

    /// <summary>
    /// Every count-th state of a kernel, with the info of that transition alone (gradients are those of all).
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="count">How many transitions to one that is seen, 1 or more.</param>
    /// <returns>A kernel.</returns>
    public static Kernel<TState> Thin<TState>(this Kernel<TState> kernel, int count)
        where TState : class, IKernelState<TState> => Times(
            kernel, count, $"{kernel.Name}, 1 in {count}", static infos =>
            {
                (int gradients, Tensor? ofChains) = StepInfo.TotalGradients(infos);
                return infos[^1] with { GradientCount = gradients, ChainGradients = ofChains };
            });

    private static Kernel<TState> Times<TState>(Kernel<TState> kernel, int count, string name, Func<ReadOnlySpan<StepInfo>, StepInfo> summarize)
        where TState : class, IKernelState<TState>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new Kernel<TState>(
            name,
            kernel.Dimension,
            kernel.DType,
            kernel.Initialize,
            kernel.Refresh,
            source => new Noise(source, TensorTree.Empty, DrawParts(source)),
            (noise, state) => Move(noise, default, state),
            kernel.Thermalize)
        {
            IsDivisible = kernel.IsDivisible,
            Move = (source, state) => Move(null, source, state),
        };

        // by given noise, or by what the source draws when its turn comes
        Transition<TState> Move(Noise? noise, NoiseSource source, TState state)
        {
            int times = noise?.Parts.Length ?? count;
            InfoRoom room = default;
            Span<StepInfo> infos = times <= InfoRoom.Size ? ((Span<StepInfo>)room)[..times] : new StepInfo[times];
            for (int i = 0; i < infos.Length; i++)
            {
                (state, infos[i]) = noise is null ? kernel.Transition(source.Inner(count, i), state) : kernel.Advance(noise.Parts[i], state);
            }

            return new Transition<TState>(state, summarize(infos));
        }

        ImmutableArray<Noise> DrawParts(NoiseSource source)
        {
            Noise[] parts = new Noise[count];
            for (int i = 0; i < count; i++)
            {
                parts[i] = kernel.DrawNoise(source.Inner(count, i));
            }

            return ImmutableCollectionsMarshal.AsImmutableArray(parts);
        }
    }
}
