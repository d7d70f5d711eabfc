using Lae.Numerics;

namespace Lae.Models;

/// <summary>MALA, or ULA, on each datapoint's latent point, started from the encoder.</summary>
/// <param name="metropolis">Whether each datapoint makes its accept test.</param>
public sealed class DatapointLangevin(bool metropolis = true) : ILatentKernel
{
    /// <inheritdoc/>
    public string Name => metropolis ? "MALA per datapoint" : "ULA per datapoint";

    /// <inheritdoc/>
    public bool IsAdjusted => metropolis;

    /// <inheritdoc/>
    public bool MovesLastLayer => false;

    /// <inheritdoc/>
    public LatentCoordinates Coordinates(LatentDensity density, Tensor features, Tensor lastLayer) =>
        LatentCoordinates.Datapoints(density, features.MatMul(lastLayer, transposeB: true));
}
