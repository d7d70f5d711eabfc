using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>
/// Replica exchange (parallel tempering): for each chain K replicas x_1 … x_K at temperatures 1 = T_1 &lt; … &lt; T_K. A transition moves every replica by a kernel that leaves π^{1/T_k} invariant, and then proposes to swap
/// neighbours i, i + 1, with i even (from 0) in even transitions and odd in odd ones:
/// <code>
///     accept with probability min(1, eʳ),    r = (b_i − b_j)(U_i − U_j),    b = 1/T,  U = −log π,  j = i + 1
/// </code>
/// Stationary law: Π_k π^{1/T_k}(x_k), exactly where the kernels are exact; the cold replica, which is the position of the state, has law π. The alternation is not random: it lets a replica travel
/// the ladder without turning back. Cost in gradients: that of the K kernels, swaps are free. Sources: Geyer (1991); Okabe, Kawata, Okamoto and Mikami, Chem. Phys. Lett. 335 (2001), for the alternation;
/// Syed, Bouchard-Côté, Deligiannidis and Doucet, JRSS B 84 (2022), for what it gains. Shapes: x_k is [chains, dimension], r is [chains]; noise leaves <c>uniform0</c>, <c>uniform1</c>, … [chains], one for each
/// swap of a transition, and a part for each kernel.
/// </summary>
public static class ReplicaExchange
{
    private static readonly ImmutableArray<string> ExtraNames = ["swapProbability"];

    /// <summary>The kernel.</summary>
    /// <typeparam name="TState">
    /// The state type of a replica: a position and caches that do not depend on the temperature (log density and gradient of π itself), since a swap exchanges all of it. <see cref="LangevinState"/> with the temperature in the
    /// settings of the kernel is so.
    /// </typeparam>
    /// <param name="temperatures">T_k, from 1 strictly rising, finite; two or more.</param>
    /// <param name="builder">The kernel of a replica, given its temperature: one that leaves π^{1/T} invariant, all with the same target π.</param>
    /// <returns>
    /// A kernel. Acceptance, energy error and gradient of its info: those of the cold replica, and the gradients of all; divergent where any replica was. The extra <c>swapProbability</c> [chains, K − 1] holds min(1, eʳ) of
    /// each pair, NaN for pairs whose turn it is not.
    /// </returns>
    /// <remarks>
    /// It begins with all replicas at the position given: the law of the hot ones is not known, so that a start from the target's law is not one from the stationary law, and the first transitions are to be left out.
    /// </remarks>
    /// <exception cref="ArgumentException">The temperatures are not as they must be, or the state of a replica has other coordinates than a position, or no log density.</exception>
    public static Kernel<ReplicaExchangeState<TState>> Create<TState>(IReadOnlyList<double> temperatures, Func<double, Kernel<TState>> builder)
        where TState : class, IKernelState<TState>, IHasLogDensity => Over(temperatures, builder);

    /// <summary>r of the formula above, for every chain.</summary>
    /// <param name="temperature">T_i.</param>
    /// <param name="otherTemperature">T_j.</param>
    /// <param name="logDensity">log π(x_i), [chains].</param>
    /// <param name="otherLogDensity">log π(x_j), [chains].</param>
    /// <returns>[chains].</returns>
    public static Tensor LogSwapRatio(double temperature, double otherTemperature, Tensor logDensity, Tensor otherLogDensity) =>
        (otherLogDensity - logDensity) * ((1 / temperature) - (1 / otherTemperature));

    /// <summary>The kernel, where the state type is not known to keep a log density until it is looked at.</summary>
    internal static Kernel<ReplicaExchangeState<TState>> Over<TState>(IReadOnlyList<double> temperatures, Func<double, Kernel<TState>> builder)
        where TState : class, IKernelState<TState>
    {
        ImmutableArray<double> ladder = TemperatureLadder.Checked(temperatures, nameof(temperatures));
        Kernel<TState>[] kernels = [.. ladder.Select(builder)];
        Combinators.RequireLogDensity(kernels[0]);
        ImmutableArray<string> names = [.. Enumerable.Range(0, ladder.Length / 2).Select(i => FormattableString.Invariant($"uniform{i}"))];
        return new Kernel<ReplicaExchangeState<TState>>(
            $"replica exchange of {kernels[0].Name}", kernels[0].Dimension, kernels[0].DType, Initialize, Refresh, Draw, (noise, state) => Move(noise, default, state))
        {
            IsDivisible = kernels.All(kernel => kernel.IsDivisible),
            Move = (source, state) => Move(null, source, state),
        };

        ReplicaExchangeState<TState> Initialize(Tensor position)
        {
            TState state = kernels[0].Initialize(position);
            Combinators.RequireLogDensity(kernels[0].Name, state);
            if (state.Layout.Count(leaf => leaf.Role == LeafRole.Coordinate) != 1)
            {
                throw new ArgumentException(
                    $"The state of a replica must be a position and its caches; '{kernels[0].Name}' has coordinates {string.Join(", ", state.Layout.Where(leaf => leaf.Role == LeafRole.Coordinate).Select(leaf => leaf.Name))}.", nameof(builder));
            }

            return new ReplicaExchangeState<TState>([.. Enumerable.Repeat(state, kernels.Length)]);
        }

        ReplicaExchangeState<TState> Refresh(ReplicaExchangeState<TState> state) => new([.. kernels.Zip(state.Replicas, static (kernel, replica) => kernel.Refresh(replica))]);

        Noise Draw(NoiseSource source) => new(
            source, TensorTree.Of(names, [.. Enumerable.Range(0, names.Length).Select(i => Uniform(source, i))]), Combinators.DrawParts(kernels, source));

        Tensor Uniform(NoiseSource source, int i) => source.Uniform((uint)i, kernels[0].DType);

        // by given noise, or by what the source draws when its turn comes
        Transition<ReplicaExchangeState<TState>> Move(Noise? noise, NoiseSource source, ReplicaExchangeState<TState> state)
        {
            TState[] replicas = new TState[kernels.Length];
            InfoRoom room = default;
            Span<StepInfo> infos = kernels.Length <= InfoRoom.Size ? ((Span<StepInfo>)room)[..kernels.Length] : new StepInfo[kernels.Length];
            for (int k = 0; k < kernels.Length; k++)
            {
                (replicas[k], infos[k]) = noise is null ? kernels[k].Transition(source.Part(k), state.Replicas[k]) : kernels[k].Advance(noise.Parts[k], state.Replicas[k]);
            }

            Tensor position = state.Position;
            Tensor swaps = Tensor.Full(double.NaN, new Shape(position.Shape[0], kernels.Length - 1), position.DType, position.Workspace);
            for (int i = (int)((noise?.Step ?? source.Step) % 2); i < kernels.Length - 1; i += 2)
            {
                Raw.PlaceColumn(Swap(i, noise is null ? Uniform(source, i / 2) : noise[i / 2], replicas), i, swaps);
            }

            return new Transition<ReplicaExchangeState<TState>>(ReplicaExchangeState<TState>.Owning(replicas), InfoOf(infos, swaps));
        }

        // exchanges replicas i and i + 1 of the chains that accept, and says with what probability each did
        Tensor Swap(int i, Tensor uniform, TState[] replicas)
        {
            (TState cold, TState hot) = (replicas[i], replicas[i + 1]);
            Tensor ratio = LogSwapRatio(ladder[i], ladder[i + 1], ((IHasLogDensity)cold).LogDensity, ((IHasLogDensity)hot).LogDensity);
            (Tensor accepted, Tensor probability) = MetropolisAcceptance.Decide(ratio, uniform);
            replicas[i] = StateOperations.ChooseRows(accepted, hot, cold);
            replicas[i + 1] = StateOperations.ChooseRows(accepted, cold, hot);
            return probability;
        }
    }

    private static StepInfo InfoOf(ReadOnlySpan<StepInfo> infos, Tensor swaps)
    {
        (int gradients, Tensor? ofChains) = StepInfo.TotalGradients(infos);
        return infos[0] with
        {
            GradientCount = gradients,
            ChainGradients = ofChains,
            Divergent = InfoAverage.AnyDivergent(infos),
            Extras = TensorTree.Of(ExtraNames, [swaps]),
        };
    }
}
