using System.Runtime.InteropServices;
using Lae.Numerics;
using Lae.Numerics.Engines;

namespace Lae.Optimizers;

/// <summary>
/// Adam: m' = β₁ m + (1 − β₁) ∇, v' = β₂ v + (1 − β₂) ∇², θ' = (1 − η_t λ) θ − η_t (m'/(1 − β₁ᵗ)) / (√(v'/(1 − β₂ᵗ)) + ε), with η_t = η max(0, 1 − (t − 1)/N), or η where N is infinite.
/// Source: Kingma and Ba, ICLR 2015, algorithm 1; the decay of weights, λ, Loshchilov and Hutter, ICLR 2019, algorithm 2, for parameters of two dimensions or more: biases, scales and shifts keep their size. State: <c>m.*</c>, <c>v.*</c> in the shapes of the parameters, and <c>count</c> = t.
/// </summary>
/// <param name="stepSize">η, positive.</param>
/// <param name="firstDecay">β₁, in [0, 1).</param>
/// <param name="secondDecay">β₂, in [0, 1).</param>
/// <param name="epsilon">ε, positive.</param>
/// <param name="decaySteps">N, steps over which the step size falls linearly to 0, positive: those of the whole training, after which no parameter moves; infinite for a constant one.</param>
/// <param name="weightDecay">λ, 0 or more, with η λ below 1.</param>
public sealed class Adam(
    double stepSize, double firstDecay = 0.9, double secondDecay = 0.999, double epsilon = 1e-8, double decaySteps = double.PositiveInfinity, double weightDecay = 0) : ISpendingOptimizer
{
    private readonly double stepSize = stepSize > 0 && double.IsFinite(stepSize) ? stepSize : throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "Must be positive and finite.");
    private readonly double firstDecay = Decay(firstDecay, nameof(firstDecay));
    private readonly double secondDecay = Decay(secondDecay, nameof(secondDecay));
    private readonly double epsilon = epsilon > 0 && double.IsFinite(epsilon) ? epsilon : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Must be positive.");
    private readonly double decaySteps = decaySteps > 0 ? decaySteps : throw new ArgumentOutOfRangeException(nameof(decaySteps), decaySteps, "Must be positive.");
    private readonly double weightDecay = weightDecay >= 0 && weightDecay * stepSize < 1
        ? weightDecay : throw new ArgumentOutOfRangeException(nameof(weightDecay), weightDecay, "Must be 0 or more, and its product with the step size below 1.");

    /// <inheritdoc/>
    public TensorTree Initialize(TensorTree parameters)
    {
        TensorTree zeros = parameters.Map(static leaf => Tensor.Zeros(leaf.Shape, leaf.DType));
        return zeros.Prefixed("m").Join(zeros.Prefixed("v")).With("count", Tensor.Scalar(0, DType.Float64));
    }

    /// <inheritdoc/>
    public OptimizerStep Descend(TensorTree gradient, TensorTree parameters, TensorTree state) => Descend(gradient, parameters, state, spendsGradient: false);

    /// <inheritdoc/>
    OptimizerStep ISpendingOptimizer.DescendSpending(TensorTree gradient, TensorTree parameters, TensorTree state) => Descend(gradient, parameters, state, spendsGradient: true);

    private OptimizerStep Descend(TensorTree gradient, TensorTree parameters, TensorTree state, bool spendsGradient)
    {
        double count = state["count"].ToDouble() + 1;
        double eta = StepSize(count);
        AdamFactors<double> factors = new(
            firstDecay, 1 - firstDecay, secondDecay, 1 - secondDecay,
            Correction: 1 / Math.Sqrt(1 - Math.Pow(secondDecay, count)), epsilon, Step: eta / (1 - Math.Pow(firstDecay, count)), Kept: 1);
        AdamFactors<double> decaying = factors with { Kept = 1 - (eta * weightDecay) };
        (TensorTree first, TensorTree second) = (state.Under("m"), state.Under("v"));
        Tensor[] next = new Tensor[parameters.Count];
        Tensor[] carried = new Tensor[(2 * next.Length) + 1];
        carried[^1] = Tensor.Scalar(count, DType.Float64, Of(parameters));
        for (int i = 0; i < next.Length; i++)
        {
            (string name, Tensor parameter) = parameters[i];
            Elementwise.RequireSameShape(parameter, gradient[name]);
            (next[i], carried[i], carried[next.Length + i]) = Raw.AdamStep(parameter.Shape.Rank < 2 ? factors : decaying, gradient[name].Untracked, parameter.Untracked, first[name], second[name], spendsGradient);
        }

        return new OptimizerStep(parameters.WithLeaves(next), TensorTree.Of(parameters.NamesFor("Adam", static names => [.. names.Select(name => $"m.{name}"), .. names.Select(name => $"v.{name}"), "count"]), ImmutableCollectionsMarshal.AsImmutableArray(carried)));
    }

    private double StepSize(double count) => stepSize * Math.Max(0, 1 - ((count - 1) / decaySteps));

    private static Workspace Of(TensorTree parameters) => parameters.Count == 0 ? Workspace.Default : parameters[0].Value.Workspace;

    private static double Decay(double value, string name) => value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Must be in [0, 1).");
}
