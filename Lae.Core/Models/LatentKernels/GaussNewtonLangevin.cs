using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// MALA on each datapoint's latent point, preconditioned by the curvature at the encoding, where it starts:
/// <code>
///     z' = z + η M_i ∇ log p(z, x_i) + √(2η) M_i^{1/2} ξ,    M_i = H_i⁻¹,    H_i the Gauss–Newton matrix at f(x_i)    (GaussNewton)
/// </code>
/// with an accept test for each datapoint. M_i depends on x_i and the parameters alone, so p(z | x_i) is stationary exactly, whatever the quality of H. Where the posterior is nearly Gaussian all directions mix alike, in some transitions at η near 1;
/// without it the step follows the thinnest direction, and short chains are too narrow along the others. Source: Girolami and Calderhead 2011 (manifold MALA), with the metric held at the start. It costs d_z decodings more for each batch.
/// </summary>
public sealed class GaussNewtonLangevin : ILatentKernel
{
    /// <inheritdoc/>
    public string Name => "Gauss–Newton MALA per datapoint";

    /// <inheritdoc/>
    public bool IsAdjusted => true;

    /// <inheritdoc/>
    public bool MovesLastLayer => false;

    /// <inheritdoc/>
    public bool NeedsCurvature => true;

    /// <inheritdoc/>
    public LatentCoordinates Coordinates(LatentDensity density, Tensor features, Tensor lastLayer)
    {
        Tensor latents = features.MatMul(lastLayer, transposeB: true);
        return LatentCoordinates.WhitenedDatapoints(density, latents, density.Precision(latents));
    }
}
