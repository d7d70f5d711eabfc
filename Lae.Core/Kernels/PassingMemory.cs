using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>
/// What a transition is handed out in a workspace from its beginning on, where a runner has promised to take it back when the transition is over (<see cref="NoiseSource.EndsWithCollection"/>): all but the memory of the next state and of what is told of it.
/// </summary>
/// <param name="Workspace">The runner's.</param>
/// <param name="Mark">The beginning of the transition.</param>
internal readonly record struct PassingMemory(Workspace Workspace, int Mark)
{
    /// <summary>Whether a tensor lives in such memory.</summary>
    public bool Holds(Tensor tensor) => ReferenceEquals(tensor.Workspace, Workspace) && Workspace.HandedOutSince(Mark, tensor.Buffer);
}
