using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// Posterior draws for new observations: MALA on each datapoint's latent point, started from the encoder. During a warm-up of 100 transitions one step size for
/// the whole batch follows the mean acceptance, fast and then slowly; then it is frozen, and draws are taken at equal distances.
/// </summary>
public static class PosteriorRefinement
{
    /// <summary>Draws from the posteriors of a batch.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="density">The posteriors, of detached parameters and observations: the chains have a pooled workspace of their own, and no operation takes tensors of two.</param>
    /// <param name="start">Encodings, [n, latentSize].</param>
    /// <param name="draws">Draws for each observation, 1 or more.</param>
    /// <param name="transitions">Transitions before each draw, 0 or more; 0 gives the encodings, without a warm-up.</param>
    /// <returns>[draws, n, latentSize], detached.</returns>
    public static Tensor Sample(RandomKey key, LatentDensity density, Tensor start, int draws, int transitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        List<Tensor> kept = [];
        if (transitions == 0)
        {
            kept.AddRange(Enumerable.Repeat(start.Detach(), draws));
        }
        else
        {
            SettlingLangevin.Run(key, density, start.CopyTo(Workspace.Pooled(start.Workspace.Engine)), new StepSizeSearch(), (long)transitions * draws, (t, state) =>
            {
                if (t > 0 && t % transitions == 0)
                {
                    kept.Add(state.Position.Detach());
                }
            });
        }

        return Shaping.Join(0, [.. kept.Select(z => z.Reshape(1, z.Shape[0], z.Shape[1]))]);
    }
}
