using Lae.Numerics;

namespace Lae.Models;

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
