using Lae.Numerics;

namespace Lae.Models;

/// <summary>
/// The encoder is trained by regression on the end of the chain, the distilled form: it descends ½ (z_i − f(x_i))ᵀ H_i (z_i − f(x_i)) with H_i = I, or the precision of the coordinates where they have one. The latter is −log N(z_i; f(x_i), H_i⁻¹) but for a constant,
/// so that an error counts by how many deviations of the posterior it is.
/// </summary>
public sealed class RegressionUpdate : IEncoderUpdate
{
    /// <inheritdoc/>
    public string Name => "regression";

    /// <inheritdoc/>
    public void RequireFits(ILatentKernel kernel, int transitions)
    {
    }

    /// <inheritdoc/>
    public EncoderLesson Learn(LatentRun run, Tensor features, Tensor lastLayer) => new([], run.Latents[^1], run.Precision);
}
