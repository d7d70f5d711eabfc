using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// Φ itself is the state of the chain: the encoder is where the kernel left it, and features and decoder follow the energy averaged over the states
/// <code>
///     Φ_1, …, Φ_{T−u};    Φ ← Φ_T
/// </code>
/// u is 0 in the paper. The published code makes one transition more than it counts: T = 3 and u = 1 is its "T = 2".
/// </summary>
/// <param name="uncounted">u, transitions at the end whose states teach nothing, 0 or more and below T.</param>
public sealed class LastLayerUpdate(int uncounted = 0) : IEncoderUpdate
{
    private readonly int uncounted = uncounted >= 0 ? uncounted : throw new ArgumentOutOfRangeException(nameof(uncounted), uncounted, "Must be 0 or more.");

    /// <inheritdoc/>
    public string Name => "last layer";

    /// <inheritdoc/>
    public void RequireFits(ILatentKernel kernel, int transitions)
    {
        if (!kernel.MovesLastLayer)
        {
            throw new ArgumentException($"the encoder update LastLayer needs a latent kernel that moves the last layer (PlainLangevin, or PreconditionedLangevin with Regularization above 0); {kernel.Name} moves the latent points: use LeastNorm, Drift or Regression");
        }

        if (uncounted >= transitions)
        {
            throw new ArgumentException($"the encoder update LastLayer learns from the states before the last {uncounted}, so that it needs more than {uncounted} Transitions, not {transitions}");
        }
    }

    /// <inheritdoc/>
    public EncoderLesson Learn(LatentRun run, Tensor features, Tensor lastLayer) => new(uncounted == 0 ? run.LastLayers : [.. run.LastLayers.SkipLast(uncounted)], Codes: null, Followed: run.LastLayers[^1]);
}
