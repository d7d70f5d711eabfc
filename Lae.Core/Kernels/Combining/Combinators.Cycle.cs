using Lae.Numerics;

namespace Lae.Kernels;

/// <content>Kernels that take turns.</content>
public static partial class Combinators
{
    /// <summary>
    /// Kernels that take turns: transition k is one of kernel k mod n, for which it is transition k div n, so that a kernel that itself alternates (replica exchange) does so in a cycle too. All
    /// must have the same target: the caches of a state are handed on. Composing them is n transitions of the cycle, with other draws.
    /// </summary>
    /// <typeparam name="TState">The state type of all.</typeparam>
    /// <param name="kernels">One or more, in their order.</param>
    /// <returns>A kernel; one kernel itself.</returns>
    public static Kernel<TState> Cycle<TState>(IReadOnlyList<Kernel<TState>> kernels)
        where TState : class, IKernelState<TState>
    {
        Kernel<TState>[] parts = [.. kernels];
        RequireAlike(parts, nameof(kernels));
        if (parts.Length == 1)
        {
            return parts[0];
        }

        return new Kernel<TState>(
            $"cycle of {string.Join(", ", parts.Select(part => part.Name))}",
            parts[0].Dimension,
            parts[0].DType,
            parts[0].Initialize,
            parts[0].Refresh,
            source => new Noise(source, TensorTree.Empty, [parts[Turn(source.Step)].DrawNoise(source.InTurn(parts.Length))]),
            (noise, state) => parts[Turn(noise.Step)].Advance(noise.Parts[0], state),
            parts[0].Thermalize)
        {
            IsDivisible = parts.All(part => part.IsDivisible),
            Move = (source, state) => parts[Turn(source.Step)].Transition(source.InTurn(parts.Length), state),
        };

        int Turn(long step) => (int)(step % parts.Length);
    }
}
