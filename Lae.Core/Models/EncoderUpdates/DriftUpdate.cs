using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// The encoder follows the chain without its noise: it climbs
/// <code>
///     (1/n) Σ_i f(x_i)ᵀ (1/T) Σ_{t=0}^{T−1} ∇ log p(z_i^(t), x_i),    z^(0) = f(x)
/// </code>
/// with the gradients held, which the chain has computed anyway. For a small η the chain's end is z^(0) + η Σ_t ∇ log p(z^(t), x) + √(2η) Σ_t ξ_t, so this is regression on it less the noise, whose mean is 0: the first gradient leads to the mode, the others average over
/// where the chain goes from there. Errors count by the nats they cost, as the curvature makes gradients steep. At rest the encoding of a Gaussian posterior is its mean. Source: derived; docs/architecture.md has what it does beside regression.
/// </summary>
public sealed class DriftUpdate : IEncoderUpdate
{
    /// <inheritdoc/>
    public string Name => "drift";

    /// <inheritdoc/>
    public void RequireFits(ILatentKernel kernel)
    {
        if (kernel.MovesLastLayer)
        {
            throw new ArgumentException($"the encoder update Drift needs the gradient of each latent point, but {kernel.Name} moves the last layer: use LastLayer or Regression");
        }
    }

    /// <inheritdoc/>
    public EncoderLesson Learn(LatentRun run, Tensor features, Tensor lastLayer) =>
        new([], Codes: null, Ascent: run.Drift ?? throw new ArgumentException("the encoder update Drift needs coordinates with a ToLatentGradient", nameof(run)));
}
