using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// A step size that follows its acceptance: log η' = log η + γ (a − a*), a Robbins–Monro recursion with a constant gain, since the target moves while a
/// model trains. a* = 0.574 is the optimum of MALA in high dimension (Roberts and Rosenthal 1998).
/// </summary>
/// <param name="initial">η at the start, positive.</param>
/// <param name="target">a*, in (0, 1).</param>
/// <param name="gain">γ, 0 or more; 0 keeps the step size.</param>
public sealed class StepSizeAdaptation(double initial, double target = 0.574, double gain = 0.05)
{
    private const string Name = "logStepSize";

    /// <summary>The step size stays within a factor e^±30 of 1: a chain that rejects everything for long must not run out of numbers.</summary>
    private const double LargestLog = 30;

    private readonly double initial = Math.Abs(Math.Log(initial)) <= LargestLog
        ? initial
        : throw new ArgumentOutOfRangeException(nameof(initial), initial, "A step size must be within e^-30 and e^30.");

    private readonly double target = target is > 0 and < 1 ? target : throw new ArgumentOutOfRangeException(nameof(target), target, "Must be in (0, 1).");

    private readonly double gain = gain >= 0 && double.IsFinite(gain) ? gain : throw new ArgumentOutOfRangeException(nameof(gain), gain, "Must be 0 or more.");

    /// <summary>The state before the first step.</summary>
    /// <returns>A tree with the float64 scalar <c>logStepSize</c>.</returns>
    public TensorTree Initialize() => TensorTree.Of((Name, Tensor.Scalar(Math.Log(initial), DType.Float64)));

    /// <summary>η.</summary>
    /// <param name="state">The state.</param>
    /// <returns>The step size.</returns>
    public static double StepSize(TensorTree state) => Math.Exp(state[Name].ToDouble());

    /// <summary>The state after an acceptance was seen.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="acceptance">a, in [0, 1].</param>
    /// <param name="workspace">Where the new state lives.</param>
    /// <returns>The state after.</returns>
    public TensorTree Adapt(TensorTree state, double acceptance, Workspace workspace) =>
        state.With(Name, Tensor.Scalar(Math.Clamp(state[Name].ToDouble() + (gain * (acceptance - target)), -LargestLog, LargestLog), DType.Float64, workspace));
}
