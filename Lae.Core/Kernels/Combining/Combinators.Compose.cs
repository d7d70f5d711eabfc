using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lae.Numerics;

namespace Lae.Kernels;

/// <content>One kernel after another.</content>
public static partial class Combinators
{
    /// <summary>One kernel, then the other, as one transition. Both must have the same target: the caches of a state are handed on.</summary>
    /// <typeparam name="TState">The state type of both.</typeparam>
    /// <param name="first">The kernel that runs first.</param>
    /// <param name="second">The kernel that runs on its outcome.</param>
    /// <returns>A kernel; acceptances are averaged, gradients added.</returns>
    public static Kernel<TState> Compose<TState>(Kernel<TState> first, Kernel<TState> second)
        where TState : class, IKernelState<TState> => Compose([first, second]);

    /// <summary>
    /// Kernels one after another, as one transition. All must have the same target: the caches of a state are handed on. For given noise composition is associative, bit for bit; drawn
    /// noise depends on the nesting, since part i of a composition draws from the key of part i.
    /// </summary>
    /// <typeparam name="TState">The state type of all.</typeparam>
    /// <param name="kernels">One or more, in the order in which they run.</param>
    /// <returns>A kernel; acceptances are averaged, gradients added.</returns>
    public static Kernel<TState> Compose<TState>(IReadOnlyList<Kernel<TState>> kernels)
        where TState : class, IKernelState<TState>
    {
        Kernel<TState>[] parts = [.. kernels];
        RequireAlike(parts, nameof(kernels));
        return new Kernel<TState>(
            string.Join(" then ", parts.Select(part => part.Name)),
            parts[0].Dimension,
            parts[0].DType,
            parts[0].Initialize,
            parts[0].Refresh,
            source => new Noise(source, TensorTree.Empty, DrawParts(parts, source)),
            (noise, state) => Move(noise, default, state),
            parts[0].Thermalize)
        {
            IsDivisible = parts.All(part => part.IsDivisible),
            Move = (source, state) => Move(null, source, state),
        };

        // by given noise, or by what the source draws when its turn comes
        Transition<TState> Move(Noise? noise, NoiseSource source, TState state)
        {
            InfoRoom room = default;
            Span<StepInfo> infos = parts.Length <= InfoRoom.Size ? ((Span<StepInfo>)room)[..parts.Length] : new StepInfo[parts.Length];
            for (int i = 0; i < parts.Length; i++)
            {
                (state, infos[i]) = noise is null ? parts[i].Transition(source.Part(i), state) : parts[i].Advance(noise.Parts[i], state);
            }

            return new Transition<TState>(state, InfoAverage.Of(infos));
        }
    }

    /// <summary>The noise of each part, from its own source.</summary>
    internal static ImmutableArray<Noise> DrawParts<TState>(Kernel<TState>[] parts, NoiseSource source)
        where TState : class, IKernelState<TState>
    {
        Noise[] noises = new Noise[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            noises[i] = parts[i].DrawNoise(source.Part(i));
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(noises);
    }

    /// <summary>The kernel that stays where it is, of no noise and no cost: the neutral element of composition.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="like">A kernel whose states it takes.</param>
    /// <returns>A kernel.</returns>
    public static Kernel<TState> Identity<TState>(Kernel<TState> like)
        where TState : class, IKernelState<TState> => new(
            "identity",
            like.Dimension,
            like.DType,
            like.Initialize,
            like.Refresh,
            static _ => new Noise(TensorTree.Empty),
            static (_, state) => new Transition<TState>(state, InfoAverage.Nothing),
            like.Thermalize)
        {
            IsDivisible = like.IsDivisible,
            Move = static (_, state) => new Transition<TState>(state, InfoAverage.Nothing),
        };
}
