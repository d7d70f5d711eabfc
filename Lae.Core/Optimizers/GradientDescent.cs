using Lae.Numerics;

namespace Lae.Optimizers;

/// <summary>
/// Gradient descent with heavy-ball momentum: v' = μ v + ∇, θ' = θ − η v'. With μ = 0 it is plain gradient descent, and has no state. Source: Polyak 1964,
/// in the form of Sutskever et al. 2013 that PyTorch uses.
/// </summary>
/// <param name="stepSize">η, positive.</param>
/// <param name="momentum">μ, in [0, 1).</param>
public sealed class GradientDescent(double stepSize, double momentum = 0) : ISpendingOptimizer, ILeafwiseOptimizer
{
    private readonly double stepSize = stepSize > 0 && double.IsFinite(stepSize) ? stepSize : throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "Must be positive.");
    private readonly double momentum = momentum is >= 0 and < 1 ? momentum : throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "Must be in [0, 1).");

    /// <inheritdoc/>
    public TensorTree Initialize(TensorTree parameters) => momentum == 0
        ? TensorTree.Empty
        : parameters.Map(static leaf => Tensor.Zeros(leaf.Shape, leaf.DType));

    /// <inheritdoc/>
    public OptimizerStep Descend(TensorTree gradient, TensorTree parameters, TensorTree state) => Descend(gradient, parameters, state, spendsGradient: false);

    /// <inheritdoc/>
    OptimizerStep ISpendingOptimizer.DescendSpending(TensorTree gradient, TensorTree parameters, TensorTree state) => Descend(gradient, parameters, state, spendsGradient: true);

    /// <inheritdoc/>
    bool ILeafwiseOptimizer.IsLeafwise => momentum == 0;

    /// <inheritdoc/>
    Tensor ILeafwiseOptimizer.DescendLeaf(Tensor gradient, Tensor parameter, bool spendsGradient)
    {
        if (spendsGradient)
        {
            gradient.MarkSole();
        }

        return Spending(gradient, parameter);
    }

    private OptimizerStep Descend(TensorTree gradient, TensorTree parameters, TensorTree state, bool spendsGradient)
    {
        TensorTree velocity = momentum == 0 ? gradient : state.Zip(gradient, (v, g) => Elementwise.ScaleAdd(momentum, v, g));
        bool spends = spendsGradient && momentum == 0;
        TensorTree next = velocity.Zip(parameters, (v, theta) => spends ? Spending(v, theta) : Elementwise.ScaleAdd(-stepSize, v, theta));
        return new OptimizerStep(next, momentum == 0 ? state : velocity);
    }

    private Tensor Spending(Tensor gradient, Tensor parameter)
    {
        Elementwise.RequireSameShape(gradient, parameter);
        return Raw.ScaleAdd(-stepSize, gradient.Untracked, parameter.Untracked, spendsX: true);
    }
}
