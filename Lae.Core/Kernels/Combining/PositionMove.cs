using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>What a transition that begins at a position alone comes to, a value: all that a kernel of positions (<see cref="Combinators.OnPosition{TState}"/>) keeps of a state.</summary>
/// <param name="Position">x, [chains, dimension].</param>
/// <param name="LogDensity">log π(x), [chains]; NaN where a part of the state that is not kept is not finite.</param>
/// <param name="Info">What happened, with the gradient of the beginning among its gradients.</param>
internal readonly record struct PositionMove(Tensor Position, Tensor LogDensity, StepInfo Info)
{
    /// <summary>A log density to which every leaf of a state adds 0, or NaN where it is not finite: it would be lost with the state, and so the runner sees it.</summary>
    public static Tensor Witness(Tensor logDensity, params ReadOnlySpan<Tensor> leaves)
    {
        Tensor sum = logDensity;
        foreach (Tensor leaf in leaves)
        {
            sum += (leaf * 0).Reshape(leaf.Shape[0], leaf.Count / leaf.Shape[0]).Sum(1);
        }

        return sum;
    }
}
