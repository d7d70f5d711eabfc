using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>
/// Stochastic gradient Langevin dynamics (SGLD), preconditioned and tempered:
/// <code>
///     x' = x + h P ĝ(x) + (2hT P − h² P V P)^{1/2} ξ,    ξ ~ N(0, I)
/// </code>
/// ĝ an estimate of ∇log π. V is a known covariance of the estimate's own noise, 0 if not given, by which the injected noise is lessened; it needs 2T P⁻¹ ≥ h V. Stationary law on a Gaussian
/// with precision A: where the estimate's noise is the given V, that of ULA, T (A − (h/2) A P A)⁻¹; where it is not allowed for, larger, in one dimension with P = 1
/// T (1 + hv/(2T))/(a (1 − ha/2)). With the full gradient it is <see cref="UnadjustedLangevin"/> bit for bit. Source: Welling and Teh, ICML 2011, equation 4 (their ε is 2h); the
/// lessened noise: Ahn, Korattikara and Welling, ICML 2012, in its simplest form. One estimate a step; no leaf beside the position.
/// </summary>
public sealed class StochasticGradientLangevin : StochasticDynamics
{
    private readonly SymmetricEigensystem? own;

    /// <summary>The dynamics.</summary>
    /// <param name="temperature">T, 0 or more and finite; 1 samples the target itself.</param>
    /// <param name="preconditioner">P; the identity if null.</param>
    /// <param name="gradientNoise">V, [dimension, dimension], symmetric positive semidefinite; none if null.</param>
    public StochasticGradientLangevin(double temperature = 1, Preconditioner? preconditioner = null, Tensor? gradientNoise = null)
    {
        Temperature = CheckedTemperature(temperature);
        Preconditioner = preconditioner ?? Preconditioner.Identity;
        if (gradientNoise is not null)
        {
            SymmetricMatrix.Require(gradientNoise, nameof(gradientNoise));
            GradientNoise = gradientNoise.Detach();

            // with P = S Sᵀ, 2hT P − h² P V P = S (2hT I − h² Sᵀ V S) Sᵀ
            Tensor transposedRoot = Preconditioner.ApplyRoot(Tensor.Identity(gradientNoise.Shape[0], gradientNoise.DType));
            Tensor whitened = transposedRoot.MatMul(GradientNoise).MatMul(transposedRoot, transposeB: true);
            own = ((whitened + whitened.Transpose()) * 0.5).SymmetricEigen();
        }
    }

    /// <inheritdoc/>
    public override string Name => "SGLD";

    /// <summary>T.</summary>
    public double Temperature { get; }

    /// <summary>P.</summary>
    public Preconditioner Preconditioner { get; }

    /// <summary>V; null for none.</summary>
    public Tensor? GradientNoise { get; }

    /// <inheritdoc/>
    public override StochasticMove Advance(StochasticStep input)
    {
        double h = input.StepSize;
        Tensor drift = Preconditioner.Apply(input.Gradient);
        if (own is null)
        {
            return new StochasticMove(
                Elementwise.LangevinProposal(input.Position, h, drift, Math.Sqrt(2 * h * Temperature), Preconditioner.ApplyRoot(input.Xi)), []);
        }

        // an eigenvalue of which 2T is h times may come out below 0 by rounding
        Tensor variances = own.Values.ScaleShift(-h * h, 2 * h * Temperature);
        Tensor deviations = Elementwise.Maximum(variances, Tensor.Scalar(0, variances.DType)).Sqrt();
        Tensor noise = Preconditioner.ApplyRoot((input.Xi * deviations).MatMul(own.Vectors, transposeB: true));
        return new StochasticMove(Elementwise.LangevinProposal(input.Position, h, drift, 1, noise), []);
    }

    /// <inheritdoc/>
    public override void RequireFits(Target target, IStepSchedule schedule)
    {
        Preconditioner.RequireFits(target);
        if (own is null)
        {
            return;
        }

        if (GradientNoise!.Shape[0] != target.Dimension || GradientNoise.DType != target.DType)
        {
            throw new ArgumentException($"A covariance of gradient noise {GradientNoise.DType}{GradientNoise.Shape} does not fit target '{target.Name}' of {target.DType}[{target.Dimension}].", nameof(target));
        }

        double largest = own.Values.Max(0).ToDouble();
        if (!(own.Values.ElementAt(0) >= -1e-6 * largest) || !(schedule.Largest * largest <= 2 * Temperature * (1 + 1e-12)))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The covariance of gradient noise must be positive semidefinite, and h = {schedule.Largest:G4} times its largest eigenvalue ({largest:G4}, with the preconditioner) at most 2T = {2 * Temperature:G4}: beyond that the gradients alone are too noisy."),
                nameof(schedule));
        }
    }
}
