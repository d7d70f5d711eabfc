using Lae.Numerics;

namespace Lae.Models;

/// <summary>The encoder is trained by regression on the end of the chain: the distilled form.</summary>
public sealed class RegressionUpdate : IEncoderUpdate
{
    /// <inheritdoc/>
    public string Name => "regression";

    /// <inheritdoc/>
    public void RequireFits(ILatentKernel kernel)
    {
    }

    /// <inheritdoc/>
    public EncoderLesson Learn(LatentRun run, Tensor features, Tensor lastLayer) => new([], run.Latents[^1], run.Precision);
}
