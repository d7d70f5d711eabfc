using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>Draws from a model's own approximation q(z | x) of posteriors, with their log densities.</summary>
/// <param name="Latents">z, [draws · n, d_z]: row r belongs to observation r mod n.</param>
/// <param name="LogDensity">log q(z | x), [draws · n].</param>
public sealed record PosteriorDraws(Tensor Latents, Tensor LogDensity);

/// <summary>A model's own approximation q(z | x) of the posteriors of n observations, such as a Gaussian or a flow.</summary>
public interface IApproximatePosterior
{
    /// <summary>Draws by a differentiable function of the parameters (a reparametrisation).</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="draws">Draws for each observation, 1 or more.</param>
    /// <returns>Draws and their log densities.</returns>
    PosteriorDraws Sample(RandomKey key, int draws);
}
