using Lae.Numerics;

namespace Lae.Optimizers;

/// <summary>An optimiser that can take the leaves of the parameters one by one, each as soon as its gradient is there and still lies in the caches.</summary>
internal interface ILeafwiseOptimizer : IOptimizer
{
    /// <summary>Whether a leaf after a step depends on that leaf and its gradient alone, and the state stays as it is.</summary>
    bool IsLeafwise { get; }

    /// <summary>One leaf of <see cref="IOptimizer.Descend"/>, bit for bit.</summary>
    /// <param name="gradient">The gradient of the loss in the leaf.</param>
    /// <param name="parameter">The leaf before.</param>
    /// <param name="spendsGradient">Whether nobody reads the gradient again or has its memory, so that the leaf may take it.</param>
    /// <returns>The leaf after.</returns>
    Tensor DescendLeaf(Tensor gradient, Tensor parameter, bool spendsGradient);
}
