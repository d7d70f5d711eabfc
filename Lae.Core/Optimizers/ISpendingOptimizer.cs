using Lae.Numerics;

namespace Lae.Optimizers;

/// <summary>An optimiser that can leave the parameters after a step in the memory of the gradient, for which a large network saves the size of its parameters, and the time to fetch it.</summary>
internal interface ISpendingOptimizer : IOptimizer
{
    /// <summary><see cref="IOptimizer.Descend"/>, bit for bit, of a gradient that nobody reads again: a leaf of it that was alone in its memory is not valid afterwards.</summary>
    /// <param name="gradient">The gradient of the loss, with the names of the parameters.</param>
    /// <param name="parameters">The parameters before.</param>
    /// <param name="state">The state before.</param>
    /// <returns>Parameters and state after.</returns>
    OptimizerStep DescendSpending(TensorTree gradient, TensorTree parameters, TensorTree state);
}
