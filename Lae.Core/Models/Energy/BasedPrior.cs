using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// A prior of whitened latent points u seen from the latent points themselves: z = m + L u, so log p(z) = log p_u(L⁻¹ (z − m)) − log det L (<see cref="GaussianBase"/>). It is normalised where p_u is.
/// </summary>
/// <param name="whitened">p_u.</param>
/// <param name="measure">m and L.</param>
public sealed class BasedPrior(IPrior whitened, GaussianBase measure) : IPrior
{
    /// <inheritdoc/>
    public bool IsNormalized => whitened.IsNormalized;

    /// <inheritdoc/>
    public Tensor LogDensity(Tensor z) => measure.OfWhitened(whitened.LogDensity(measure.Whiten(z)));

    /// <inheritdoc/>
    public Tensor Sample(RandomKey key, int count, int latentSize, DType dtype) => measure.Color(whitened.Sample(key, count, latentSize, dtype));
}
