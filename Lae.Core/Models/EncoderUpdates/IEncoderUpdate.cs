using Lae.Numerics;

namespace Lae.Models;

/// <summary>What the encoder learns from a batch.</summary>
/// <param name="LastLayers">Last layers Φ_t [latentSize, features] at whose encodings the energy is averaged. Empty if the optimiser moves it, by one of the following.</param>
/// <param name="Codes">Latent points [n, latentSize] that the encoder is regressed on; null if it is not.</param>
/// <param name="Precision">The metric [n, latentSize, latentSize] in which it is regressed; null for the Euclidean one.</param>
/// <param name="Ascent">Gradients [n, latentSize] along which the encodings shall move; null if they are not.</param>
/// <param name="Followed">The Φ that becomes the encoder's; null for the last of <paramref name="LastLayers"/>.</param>
public sealed record EncoderLesson(IReadOnlyList<Tensor> LastLayers, Tensor? Codes, Tensor? Precision = null, Tensor? Ascent = null, Tensor? Followed = null)
{
    /// <summary>Whether the optimiser moves all of the encoder, its last layer too.</summary>
    public bool IsOptimized => LastLayers.Count == 0;

    /// <summary>Adds every tensor of it to a list.</summary>
    internal void AddTo(List<Tensor> tensors)
    {
        tensors.AddRange(LastLayers);
        LatentRun.AddIfThere(tensors, Codes, Precision, Ascent, Followed);
    }
}

/// <summary>How the encoder follows the latent points of a batch: a pure function.</summary>
public interface IEncoderUpdate
{
    /// <summary>What it is called in reports.</summary>
    string Name { get; }

    /// <summary>Whether it asks for <see cref="LatentRun.Drift"/>.</summary>
    bool NeedsDrift => false;

    /// <summary>Throws if the update cannot follow a latent kernel.</summary>
    /// <param name="kernel">The latent kernel.</param>
    /// <param name="transitions">T, transitions on each batch.</param>
    /// <exception cref="ArgumentException">They do not go together; the message says why.</exception>
    void RequireFits(ILatentKernel kernel, int transitions);

    /// <summary>What the encoder learns.</summary>
    /// <param name="run">The states that the latent kernel visited.</param>
    /// <param name="features">G, [n, features].</param>
    /// <param name="lastLayer">Φ before, [latentSize, features].</param>
    /// <returns>The lesson.</returns>
    EncoderLesson Learn(LatentRun run, Tensor features, Tensor lastLayer);
}
