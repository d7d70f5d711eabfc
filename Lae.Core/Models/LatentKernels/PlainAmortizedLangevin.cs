using Lae.Numerics;

namespace Lae.Models;

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
    public bool MovesTogether => true;

    /// <inheritdoc/>
    public LatentCoordinates Coordinates(LatentDensity density, Tensor features, Tensor lastLayer) =>
        LatentCoordinates.LastLayer(density, features, lastLayer);
}
