using Lae.Numerics;

namespace Lae.Optimizers;

/// <summary>
/// Adam: m' = β₁ m + (1 − β₁) ∇, v' = β₂ v + (1 − β₂) ∇², θ' = θ − η (m'/(1 − β₁ᵗ)) / (√(v'/(1 − β₂ᵗ)) + ε).
/// Source: Kingma and Ba, ICLR 2015, algorithm 1. State: <c>m.*</c>, <c>v.*</c> in the shapes of the parameters, and <c>count</c> = t.
/// </summary>
/// <param name="stepSize">η, positive.</param>
/// <param name="firstDecay">β₁, in [0, 1).</param>
/// <param name="secondDecay">β₂, in [0, 1).</param>
/// <param name="epsilon">ε, positive.</param>
public sealed class Adam(double stepSize, double firstDecay = 0.9, double secondDecay = 0.999, double epsilon = 1e-8) : IOptimizer
{
    private readonly double stepSize = stepSize > 0 && double.IsFinite(stepSize) ? stepSize : throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "Must be positive and finite.");
    private readonly double firstDecay = Decay(firstDecay, nameof(firstDecay));
    private readonly double secondDecay = Decay(secondDecay, nameof(secondDecay));
    private readonly double epsilon = epsilon > 0 && double.IsFinite(epsilon) ? epsilon : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Must be positive.");

    /// <inheritdoc/>
    public TensorTree Initialize(TensorTree parameters)
    {
        TensorTree zeros = parameters.Map(static leaf => Tensor.Zeros(leaf.Shape, leaf.DType));
        return zeros.Prefixed("m").Join(zeros.Prefixed("v")).With("count", Tensor.Scalar(0, DType.Float64));
    }

    /// <inheritdoc/>
    public OptimizerStep Descend(TensorTree gradient, TensorTree parameters, TensorTree state)
    {
        double count = state["count"].ToDouble() + 1;
        TensorTree m = state.Under("m").Zip(gradient, (old, g) => Elementwise.ScaleAdd(firstDecay, old, g * (1 - firstDecay)));
        TensorTree v = state.Under("v").Zip(gradient, (old, g) => Elementwise.ScaleAdd(secondDecay, old, g.Square() * (1 - secondDecay)));
        double step = stepSize / (1 - Math.Pow(firstDecay, count));
        double correction = 1 / Math.Sqrt(1 - Math.Pow(secondDecay, count));
        TensorTree direction = m.Zip(v, (first, second) => first / second.Sqrt().ScaleShift(correction, epsilon));
        TensorTree next = direction.Zip(parameters, (d, theta) => Elementwise.ScaleAdd(-step, d, theta));
        TensorTree carried = m.Prefixed("m").Join(v.Prefixed("v")).With("count", Tensor.Scalar(count, DType.Float64, Of(parameters)));
        return new OptimizerStep(next, carried);
    }

    private static Workspace Of(TensorTree parameters) => parameters.Count == 0 ? Workspace.Default : parameters.Leaves[0].Workspace;

    private static double Decay(double value, string name) => value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Must be in [0, 1).");
}
