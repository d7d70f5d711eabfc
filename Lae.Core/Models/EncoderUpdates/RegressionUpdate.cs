using Lae.Numerics;

namespace Lae.Models;

/// <summary>The encoder is trained by regression on the end of the chain: the distilled form.</summary>
/// <param name="spread">Whether chains start about the encoding with the spread that earlier ends had (<see cref="StartSpread"/>), and not at it: then few transitions are nearly enough.</param>
public sealed class RegressionUpdate(bool spread = false) : IEncoderUpdate
{
    /// <inheritdoc/>
    public string Name => spread ? "regression with spread" : "regression";

    /// <inheritdoc/>
    public bool SpreadsStart => spread;

    /// <inheritdoc/>
    public void RequireFits(ILatentKernel kernel)
    {
        if (spread && kernel.MovesLastLayer)
        {
            throw new ArgumentException($"the encoder update Regression spreads the starts of latent points, but {kernel.Name} moves the last layer: leave Spread out, or use DatapointLangevin");
        }
    }

    /// <inheritdoc/>
    public EncoderLesson Learn(LatentRun run, Tensor features, Tensor lastLayer) => new([], run.Latents[^1]);
}
