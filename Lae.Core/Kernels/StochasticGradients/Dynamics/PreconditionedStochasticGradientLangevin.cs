using System.Collections.Immutable;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>
/// Preconditioned stochastic gradient Langevin dynamics (pSGLD), with the preconditioner of RMSprop:
/// <code>
///     G = 1/(λ + √v)
///     x' = x + h (G ĝ(x) + T Γ) + √(2hT) G^{1/2} ξ,    ξ ~ N(0, I)
///     v' = β v + (1 − β) (ĝ(x')/N)²
/// </code>
/// all by coordinate. Stationary law on a Gaussian with precision A, v held: that of ULA with P = diag G, T (A − (h/2) A G A)⁻¹. Since G moves with x, the law is right only with Γ_i = ∂G_i/∂x_i. By
/// default Γ is left out, as most programs do, at a bias that Li et al. bound. With Γ: v depends on x through its last summand,
/// <code>
///     Γ_i = −(1 − β) (ĝ_i/N²) ∂ĝ_i/∂x_i / (√v_i (λ + √v_i)²)
/// </code>
/// exactly, given v before that summand; the dependence of older summands on x, of the order of β, is left out (there is no Markov chain in x alone), and ∂ĝ_i/∂x_i is a central difference of the estimate by the same data, so
/// that its error is of the order of the third derivative times the square of the width of the difference. Where v_i = 0, Γ_i = 0. Source: Li, Chen, Carlson and Carin, AAAI 2016, algorithm 1 (their ε is 2h; their
/// mean gradient leaves the prior out, ours is ĝ/N). v starts as (ĝ/N)² and not as 0, with which the first steps would be 1/√(1 − β) times too long. Leaf <c>secondMoment</c> (v, [chains, dimension]). Cost: one
/// estimate a step; with Γ 2d more.
/// </summary>
public sealed class PreconditionedStochasticGradientLangevin : StochasticDynamics
{
    /// <summary>The dynamics.</summary>
    /// <param name="temperature">T, 0 or more and finite; 1 samples the target itself.</param>
    /// <param name="decay">β, in [0, 1).</param>
    /// <param name="regularization">λ, positive and finite: the largest G is 1/λ.</param>
    /// <param name="includesGamma">Whether Γ is added.</param>
    public PreconditionedStochasticGradientLangevin(double temperature = 1, double decay = 0.99, double regularization = 1e-5, bool includesGamma = false)
    {
        Temperature = CheckedTemperature(temperature);
        Decay = decay >= 0 && decay < 1 ? decay : throw new ArgumentOutOfRangeException(nameof(decay), decay, "β must be in [0, 1).");
        Regularization = double.IsFinite(regularization) && regularization > 0
            ? regularization
            : throw new ArgumentOutOfRangeException(nameof(regularization), regularization, "λ must be positive and finite.");
        IncludesGamma = includesGamma;
    }

    /// <inheritdoc/>
    public override string Name => "pSGLD";

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>β.</summary>
    public double Decay { get; }

    /// <summary>λ.</summary>
    public double Regularization { get; }

    /// <summary>Whether Γ is added.</summary>
    public bool IncludesGamma { get; }

    /// <inheritdoc/>
    public override ImmutableArray<StateLeaf> Leaves { get; } = [new("secondMoment", LeafRole.Held)];

    /// <inheritdoc/>
    public override ImmutableArray<Tensor> Start(Tensor position, Tensor gradient, int data) => [(gradient / data).Square()];

    /// <inheritdoc/>
    public override StochasticMove Advance(StochasticStep input)
    {
        double h = input.StepSize;
        Tensor v = input.Leaves[0];
        Tensor g = (v.Sqrt() + Regularization).Reciprocal();
        Tensor drift = g * input.Gradient;
        if (IncludesGamma)
        {
            drift = Elementwise.ScaleAdd(Temperature, Gamma(input), drift);
        }

        Tensor x = Elementwise.LangevinProposal(input.Position, h, drift, Math.Sqrt(2 * h * Temperature), g.Sqrt() * input.Xi);
        Tensor square = (input.GradientAt(x) / input.Data).Square();
        return new StochasticMove(x, [Elementwise.ScaleAdd(1 - Decay, square, v * Decay)]);
    }

    /// <summary>Γ of the formula above.</summary>
    internal Tensor Gamma(StochasticStep input)
    {
        Tensor root = input.Leaves[0].Sqrt();
        Tensor zero = Tensor.Zeros(root.Shape, root.DType, root.Workspace);
        Tensor sum = root + Regularization;
        double factor = -(1 - Decay) / ((double)input.Data * input.Data);
        Tensor gamma = (input.Gradient * Curvature(input) * factor) / (root * sum.Square());
        return Elementwise.Choose(Elementwise.Greater(root, zero), gamma, zero);
    }

    /// <summary>∂ĝ_i/∂x_i of every coordinate, by central differences of a width at which truncation and rounding are alike.</summary>
    private static Tensor Curvature(StochasticStep input)
    {
        Tensor x = input.Position;
        double relative = x.DType == DType.Float32 ? 5e-3 : 6e-6;
        Tensor widths = (x.Abs() + 1) * relative;
        Tensor[] columns = new Tensor[x.Shape[1]];
        for (int i = 0; i < columns.Length; i++)
        {
            Tensor shift = widths * Unit(i);
            Tensor right = x + shift;
            Tensor left = x - shift;
            Tensor rise = input.GradientOfSameData(right) - input.GradientOfSameData(left);
            columns[i] = (rise / (right - left + (1 - Unit(i)))).Slice(1, i, 1);
        }

        return Shaping.Join(1, columns);

        Tensor Unit(int i) => Tensor.Identity(x.Shape[1], x.DType, x.Workspace).Slice(0, i, 1);
    }
}
