using System.Runtime.CompilerServices;
using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Running;

/// <summary>One kept draw: detached, but where it is shown on loan (<see cref="ChainRunner.Observe"/>).</summary>
/// <param name="Step">Transitions done when it was kept.</param>
/// <param name="Position">[chains, dimension].</param>
/// <param name="Info">What happened in the transition that led to it.</param>
/// <param name="LogDensity">log π at the position, [chains]; null for a kernel whose state does not know it.</param>
public sealed record Draw(long Step, Tensor Position, StepInfo Info, Tensor? LogDensity = null)
{
    /// <summary>A draw whose tensors are in memory that no workspace takes back.</summary>
    internal static Draw Detached(long step, Tensor position, StepInfo info, Tensor? logDensity)
    {
        Pair place = default;
        place[0] = position;
        place[1] = logDensity!;
        Span<Tensor> tensors = place;
        StepInfo detached = info.Detach(tensors[..(logDensity is null ? 1 : 2)]);
        return new Draw(step, place[0], detached, logDensity is null ? null : place[1]);
    }

    [InlineArray(2)]
    private struct Pair
    {
        private Tensor first;
    }
}

/// <summary>The outcome of a run.</summary>
/// <typeparam name="TState">The state type of the kernel.</typeparam>
/// <param name="Final">Where the run stands; give it to the runner to go on.</param>
/// <param name="Draws">The kept draws, in order.</param>
/// <param name="Completed">Whether all transitions were done; false after a cancellation.</param>
public sealed record RunResult<TState>(RunState<TState> Final, IReadOnlyList<Draw> Draws, bool Completed)
    where TState : class, IKernelState<TState>
{
    /// <summary>All kept positions.</summary>
    /// <returns>[draws, chains, dimension].</returns>
    public Tensor Positions() => Draws.Count == 0
        ? Tensor.Zeros(new Shape(0, Final.State.Position.Shape[0], Final.State.Position.Shape[1]), Final.State.Position.DType)
        : Shaping.Join(0, [.. Draws.Select(draw => draw.Position.Reshape(1, draw.Position.Shape[0], draw.Position.Shape[1]))]);
}
