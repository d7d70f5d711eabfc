using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// Latent points of new observations: encode, then refine by a few transitions of MALA on each datapoint's latent point,
/// <code>
///     z^(0) = f(x),   z^(t) = MALA_η(z^(t−1)) for log p(z) + log p(x | z),   t = 1 … T
/// </code>
/// with one step size η for the batch, which a pilot chain of 100 transitions from the same start finds by its mean acceptance. The pilot is thrown away, so that z^(t) is t transitions of one exact kernel away from the encoding.
/// Source: the seed (ICLR 2021 submission), inference for new data.
/// </summary>
/// <param name="Latents">z^(T), [n, latentSize].</param>
/// <param name="LogJoint">log p(z^(T)) + log p(x | z^(T)), [n].</param>
/// <param name="MeanLogJoint">The mean over the observations before the first transition and after each, T + 1 numbers.</param>
/// <param name="Acceptance">The mean acceptance probability of the transitions; NaN where there was none.</param>
public sealed record RefinedLatents(Tensor Latents, Tensor LogJoint, IReadOnlyList<double> MeanLogJoint, double Acceptance)
{
    /// <summary>Refines the encodings of a batch.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="density">The posteriors.</param>
    /// <param name="start">Encodings, [n, latentSize].</param>
    /// <param name="transitions">T, 0 or more.</param>
    /// <returns>The refined points, detached.</returns>
    /// <exception cref="NonFiniteStateException">The log density at an encoding is NaN or infinite.</exception>
    public static RefinedLatents Of(RandomKey key, LatentDensity density, Tensor start, int transitions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        Tensor from = start.CopyTo(Workspace.Pooled(start.Workspace.Engine));
        double stepSize = transitions == 0 ? 1 : SettlingLangevin.FindStepSize(key.FoldIn(0), density, from);
        List<double> means = [];
        (Tensor Latents, Tensor LogJoint)? end = null;
        double acceptance = SettlingLangevin.Run(key.FoldIn(1), density, from, StepSizeSearch.Held(stepSize), transitions, (t, state) =>
        {
            means.Add(state.LogDensity.Cast(DType.Float64).Mean().ToDouble());
            end = t == transitions ? (state.Position.Detach(), state.LogDensity.Detach()) : null;
        }).Acceptance;
        return new RefinedLatents(end!.Value.Latents, end.Value.LogJoint, means, transitions == 0 ? double.NaN : acceptance);
    }
}
