using Lae.Numerics;

namespace Lae.Optimizers;

/// <summary>The outcome of an optimiser's step.</summary>
/// <param name="Parameters">The parameters after it.</param>
/// <param name="State">The optimiser's state after it.</param>
public readonly record struct OptimizerStep(TensorTree Parameters, TensorTree State);

/// <summary>An optimiser as a pure step function: it descends, and carries its state as a named tree.</summary>
public interface IOptimizer
{
    /// <summary>The state before the first step.</summary>
    /// <param name="parameters">What will be optimised.</param>
    /// <returns>A tree, perhaps empty.</returns>
    TensorTree Initialize(TensorTree parameters);

    /// <summary>One step down.</summary>
    /// <param name="gradient">The gradient of the loss, with the names of the parameters.</param>
    /// <param name="parameters">The parameters before.</param>
    /// <param name="state">The state before.</param>
    /// <returns>Parameters and state after.</returns>
    OptimizerStep Descend(TensorTree gradient, TensorTree parameters, TensorTree state);
}
