using Lae.Numerics;

namespace Lae.Models;

/// <summary>Φ itself is the state of the chain: the encoder is where the kernel left it, and the features follow the energy.</summary>
public sealed class LastLayerUpdate : IEncoderUpdate
{
    /// <inheritdoc/>
    public string Name => "last layer";

    /// <inheritdoc/>
    public void RequireFits(ILatentKernel kernel)
    {
        if (!kernel.MovesLastLayer)
        {
            throw new ArgumentException($"the encoder update LastLayer needs a latent kernel that moves the last layer (PlainLangevin, or PreconditionedLangevin with Regularization above 0); {kernel.Name} moves the latent points: use LeastNorm, Drift or Regression");
        }
    }

    /// <inheritdoc/>
    public EncoderLesson Learn(LatentRun run, Tensor features, Tensor lastLayer) => new(run.LastLayers, Codes: null);
}
