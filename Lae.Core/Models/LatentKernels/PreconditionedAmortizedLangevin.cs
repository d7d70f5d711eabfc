using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// Preconditioned amortized Langevin dynamics. With λ = 0 the chain runs on Z with an exact accept test for each datapoint; with λ &gt; 0 on whitened
/// coordinates with the whole-batch test.
/// </summary>
public sealed class PreconditionedAmortizedLangevin : ILatentKernel
{
    private readonly double regularization;
    private readonly bool metropolis;

    /// <summary>A preconditioned kernel.</summary>
    /// <param name="regularization">λ relative to the mean eigenvalue of K, 0 or more.</param>
    /// <param name="metropolis">Whether to make the accept test.</param>
    public PreconditionedAmortizedLangevin(double regularization = 0, bool metropolis = true)
    {
        if (!(regularization >= 0) || !double.IsFinite(regularization))
        {
            throw new ArgumentOutOfRangeException(nameof(regularization), regularization, "Must be 0 or more and finite.");
        }

        this.regularization = regularization;
        this.metropolis = metropolis;
    }

    /// <inheritdoc/>
    public string Name => (regularization == 0 ? "preconditioned ALD" : "regularised preconditioned ALD") + (metropolis ? string.Empty : ", unadjusted");

    /// <inheritdoc/>
    public bool IsAdjusted => metropolis;

    /// <inheritdoc/>
    public bool MovesLastLayer => regularization > 0;

    /// <inheritdoc/>
    public LatentCoordinates Coordinates(LatentDensity density, Tensor features, Tensor lastLayer)
    {
        if (regularization == 0)
        {
            return LatentCoordinates.Datapoints(density, features.MatMul(lastLayer, transposeB: true));
        }

        double meanEigenvalue = features.Square().Sum().ToDouble() / features.Shape[0];
        if (!(meanEigenvalue > 0))
        {
            throw new ArithmeticException("The Gram matrix of the features is zero: every feature of the batch is 0.");
        }

        return LatentCoordinates.Whitened(density, features, lastLayer, regularization * meanEigenvalue);
    }
}
