using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// The encoder follows the drift of its chain: it climbs
/// <code>
///     (1/n) Σ_i f(x_i)ᵀ (1/T) Σ_{t=0}^{T−1} ∇ log p(z_i^(t), x_i),    z^(0) = f(x)
/// </code>
/// with the gradients held, which the chain has computed anyway. An unadjusted chain ends at z^(0) + η Σ_t ∇ log p(z^(t), x) + √(2η) Σ_t ξ_t; up to the factor ηT this climbs the Euclidean regression on that end less the last sum, whose mean is 0. With an accept test that holds up to the
/// proposals that are refused. The first gradient has no noise at all and leads to the mode; the others bring in where the chain goes, and the noise with which it goes there: where a chain arrives within its T transitions (ηT times the curvature above 1 or so), regression on its end is the quieter of the two. An error of an encoding counts by the nats
/// it costs, as the curvature makes gradients steep. At rest the encoding of a Gaussian posterior is its mean. Source: derived; docs/architecture.md has what it does beside regression.
/// </summary>
public sealed class DriftUpdate : IEncoderUpdate
{
    /// <inheritdoc/>
    public string Name => "drift";

    /// <inheritdoc/>
    public bool NeedsDrift => true;

    /// <inheritdoc/>
    public void RequireFits(ILatentKernel kernel, int transitions)
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
