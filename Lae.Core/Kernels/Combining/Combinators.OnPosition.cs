using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Kernels;

/// <content>A kernel that keeps nothing but its position.</content>
public static partial class Combinators
{
    private static readonly ImmutableArray<string> OnPositionNoise = ["seed"];

    /// <summary>
    /// A kernel that keeps its position alone: each transition initialises the state anew, at the cost of one gradient, and draws what the position does not determine (a momentum, carried noise) from its
    /// stationary law. So kernels of different state types can be composed, cycled and mixed. A kernel that leaves the joint law of its state invariant leaves that of its position so; one that keeps a momentum for long
    /// loses what it had of it. Noise leaf <c>seed</c> [chains, 5], the address of the draws that begin a state, and the kernel's own noise as part 0.
    /// </summary>
    /// <typeparam name="TState">The state type, which must keep a log density.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <returns>A kernel of positions, with one gradient more to a transition.</returns>
    /// <exception cref="ArgumentException">The state of the kernel keeps no log density, or cannot be begun from a position (replica exchange).</exception>
    public static Kernel<PositionState> OnPosition<TState>(this Kernel<TState> kernel)
        where TState : class, IKernelState<TState> => kernel.OnUntemperedPosition(temperature: 1);

    /// <summary>The same, where the kernel is one on π^{1/T} and the state is to have the log density of π, as replica exchange asks for it.</summary>
    internal static Kernel<PositionState> OnUntemperedPosition<TState>(this Kernel<TState> kernel, double temperature)
        where TState : class, IKernelState<TState>
    {
        RequireLogDensity(kernel);
        RequireBegins(kernel);
        return new Kernel<PositionState>(
            kernel.Name,
            kernel.Dimension,
            kernel.DType,
            At,
            state => At(state.Position),
            source => new Noise(source, TensorTree.Of(OnPositionNoise, [source.Part(1).Address()]), [kernel.DrawNoise(source.Part(0))]) { Chains = source.Chains },
            Advance)
        {
            IsDivisible = kernel.IsDivisible,
            Move = kernel.MoveFrom is { } move
                ? (source, state) => Moved(move(source.Part(0), source.Part(1), state.Position))
                : (source, state) => After(kernel.Transition(source.Part(0), Begun(source.Part(1), state.Position))),
        };

        PositionState At(Tensor position) => Of(kernel.Initialize(position)) with { Position = position };

        PositionState Of(TState state) => new(state.Position, Untempered(LogDensity(state))) { KnowsLogDensity = state is IHasLogDensity { KnowsLogDensity: true } };

        Tensor Untempered(Tensor logDensity) => temperature == 1 ? logDensity : logDensity * temperature;

        Transition<PositionState> Advance(Noise noise, PositionState state)
        {
            NoiseSource source = NoiseSource.At(noise[0], state.Position.Workspace, noise.Chains);
            return After(kernel.Advance(noise.Parts[0], Begun(source, state.Position)));
        }

        TState Begun(NoiseSource source, Tensor position) => kernel.Thermalize(source, kernel.Initialize(position));

        Transition<PositionState> Moved(PositionMove move) => new(new PositionState(move.Position, Untempered(move.LogDensity)), move.Info);

        Transition<PositionState> After(Transition<TState> next) => new(Of(next.State), next.Info.WithMoreGradients(1));

        static Tensor LogDensity(TState state)
        {
            Tensor sum = ((IHasLogDensity)state).LogDensity;
            int count = state.Layout.Count;
            for (int i = 0; i < count; i++)
            {
                sum = PositionMove.Witness(sum, state.Leaf(i));
            }

            return sum;
        }
    }

    /// <summary>Throws if the state cannot be drawn from its stationary law given a position, so that beginning it anew would spoil the law of the position.</summary>
    internal static void RequireBegins<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState>
    {
        if (KeepsHistory(typeof(TState)))
        {
            throw new ArgumentException(
                $"The state of '{kernel.Name}' cannot be begun anew from a position: what else it holds (replicas) has a law that cannot be drawn from. Put other kernels inside it, not it among others.", nameof(kernel));
        }

        static bool KeepsHistory(Type state) => typeof(IKeepsHistory).IsAssignableFrom(state) || state.GenericTypeArguments.Any(KeepsHistory);
    }

    /// <summary>Throws unless states of the kernel keep a log density.</summary>
    internal static void RequireLogDensity<TState>(Kernel<TState> kernel)
        where TState : class, IKernelState<TState>
    {
        if (!typeof(IHasLogDensity).IsAssignableFrom(typeof(TState)))
        {
            throw new ArgumentException($"The state of '{kernel.Name}', {typeof(TState).Name}, keeps no log density: that is needed here.", nameof(kernel));
        }
    }

    /// <summary>Throws unless a state knows its log density: whoever weighs states by it would take the 0 of one that does not for a value.</summary>
    internal static void RequireLogDensity<TState>(string kernel, TState state)
        where TState : class, IKernelState<TState>
    {
        if (state is IHasLogDensity { KnowsLogDensity: false })
        {
            throw new ArgumentException($"'{kernel}' does not know the log density where its step ends: that is needed here. BAOAB has the same positions as ABOBA, and knows it.", nameof(kernel));
        }
    }
}
