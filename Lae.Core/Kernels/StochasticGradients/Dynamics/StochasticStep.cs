using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>What stochastic-gradient dynamics takes one step by.</summary>
public sealed class StochasticStep
{
    private readonly StochasticState state;
    private readonly Func<Tensor, Tensor> again;
    private readonly Func<Tensor, Tensor> next;

    internal StochasticStep(double stepSize, Tensor xi, StochasticState state, int data, Func<Tensor, Tensor> again, Func<Tensor, Tensor> next)
    {
        StepSize = stepSize;
        Xi = xi;
        Data = data;
        this.state = state;
        this.again = again;
        this.next = next;
    }

    /// <summary>h of this transition.</summary>
    public double StepSize { get; }

    /// <summary>ξ, standard normal, [chains, dimension].</summary>
    public Tensor Xi { get; }

    /// <summary>N, the number of data; 1 where the target has none.</summary>
    public int Data { get; }

    /// <summary>x, [chains, dimension].</summary>
    public Tensor Position => state.Position;

    /// <summary>ĝ(x), the estimate of ∇ log π, [chains, dimension].</summary>
    public Tensor Gradient => state.Gradient;

    /// <summary>The leaves of the dynamics.</summary>
    public ImmutableArray<Tensor> Leaves => state.Dynamics;

    /// <summary>The estimate elsewhere by the very data of <see cref="Gradient"/>; costs one estimate.</summary>
    /// <param name="position">[chains, dimension].</param>
    /// <returns>[chains, dimension].</returns>
    public Tensor GradientOfSameData(Tensor position) => again(position);

    /// <summary>
    /// ĝ(x') by the data of this transition, for dynamics that moves a momentum after the position; to be asked for once, and at the position where the step ends. If it is not asked for, it is computed
    /// after the step.
    /// </summary>
    /// <param name="position">x', [chains, dimension].</param>
    /// <returns>[chains, dimension].</returns>
    public Tensor GradientAt(Tensor position) => next(position);
}
