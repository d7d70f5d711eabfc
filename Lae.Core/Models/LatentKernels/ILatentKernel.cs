using Lae.Kernels;
using Lae.Numerics;

namespace Lae.Models;

/// <summary>How the latent points of a batch are moved: coordinates, and a kernel on them.</summary>
public interface ILatentKernel
{
    /// <summary>What it is called in reports.</summary>
    string Name { get; }

    /// <summary>Whether a Metropolis test is made, so that a step size can be adapted to an acceptance.</summary>
    bool IsAdjusted { get; }

    /// <summary>Whether the coordinates decide the last encoder layer, so that it can be the state itself.</summary>
    bool MovesLastLayer { get; }

    /// <summary>The coordinates of a batch.</summary>
    /// <param name="density">The posteriors of the batch.</param>
    /// <param name="features">G, [n, features].</param>
    /// <param name="lastLayer">Φ, [latentSize, features].</param>
    /// <returns>Coordinates.</returns>
    LatentCoordinates Coordinates(LatentDensity density, Tensor features, Tensor lastLayer);
}

/// <summary>Kernels on coordinates.</summary>
public static class LatentKernel
{
    /// <summary>The Langevin kernel of a latent kernel on a batch's coordinates, which obeys all laws of kernels.</summary>
    /// <param name="kernel">Which.</param>
    /// <param name="coordinates">What its <see cref="ILatentKernel.Coordinates"/> made.</param>
    /// <param name="stepSize">η, positive, on the sum over the batch of the energies.</param>
    /// <returns>ULA or MALA.</returns>
    public static Kernel<LangevinState> On(this ILatentKernel kernel, LatentCoordinates coordinates, double stepSize)
    {
        LangevinSettings settings = new(stepSize);
        return kernel.IsAdjusted ? MetropolisLangevin.Create(coordinates.Target, settings) : UnadjustedLangevin.Create(coordinates.Target, settings);
    }
}

/// <summary>Plain amortized Langevin dynamics on the last encoder layer, with or without the whole-batch accept test.</summary>
/// <param name="metropolis">Whether to make the test.</param>
public sealed class PlainAmortizedLangevin(bool metropolis = true) : ILatentKernel
{
    /// <inheritdoc/>
    public string Name => metropolis ? "plain ALD with Metropolis test" : "plain ALD";

    /// <inheritdoc/>
    public bool IsAdjusted => metropolis;

    /// <inheritdoc/>
    public bool MovesLastLayer => true;

    /// <inheritdoc/>
    public LatentCoordinates Coordinates(LatentDensity density, Tensor features, Tensor lastLayer) =>
        LatentCoordinates.LastLayer(density, features, lastLayer);
}

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
    public string Name => regularization == 0 ? "preconditioned ALD" : "regularised preconditioned ALD";

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
        return LatentCoordinates.Whitened(density, features, lastLayer, regularization * meanEigenvalue);
    }
}

/// <summary>MALA on each datapoint's latent point, started from the encoder.</summary>
public sealed class DatapointLangevin : ILatentKernel
{
    /// <inheritdoc/>
    public string Name => "MALA per datapoint";

    /// <inheritdoc/>
    public bool IsAdjusted => true;

    /// <inheritdoc/>
    public bool MovesLastLayer => false;

    /// <inheritdoc/>
    public LatentCoordinates Coordinates(LatentDensity density, Tensor features, Tensor lastLayer) =>
        LatentCoordinates.Datapoints(density, features.MatMul(lastLayer, transposeB: true));
}
