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
    private const double InitialStepSize = 0.1;
    private const int WarmUp = 100;

    /// <summary>Over the first half of the warm-up: the step can fall or rise by a factor of a million.</summary>
    private const double FastGain = 0.5;

    private const double SlowGain = 0.1;

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
        Workspace workspace = Workspace.Pooled(start.Workspace.Engine);
        LatentCoordinates coordinates = LatentCoordinates.Datapoints(density, start.CopyTo(workspace));
        Chains chains = Chains.Range(start.Shape[0]);
        StepSizeAdaptation fast = new(InitialStepSize, gain: FastGain);
        StepSizeAdaptation slow = new(InitialStepSize, gain: SlowGain);
        TensorTree stepSize = fast.Initialize();
        LangevinState state = LangevinState.At(coordinates.Target, coordinates.Start);
        state.RequireFinite(step: 0);
        List<Tensor> kept = [];
        long last = transitions == 0 ? 0 : WarmUp + ((long)transitions * draws);
        for (long step = 0; step < last; step++)
        {
            Kernel<LangevinState> kernel = MetropolisLangevin.Create(coordinates.Target, new LangevinSettings(StepSizeAdaptation.StepSize(stepSize)));
            Transition<LangevinState> next = kernel.Transition(new NoiseSource(key, step, chains, workspace), state);
            state = next.State;
            if (step < WarmUp)
            {
                stepSize = (step < WarmUp / 2 ? fast : slow).Adapt(stepSize, next.Info.MeanAcceptance, workspace.Heap);
            }
            else if ((step + 1 - WarmUp) % transitions == 0)
            {
                kept.Add(state.Position.Detach());
            }

            workspace.Collect(0, state.Position, state.LogDensity, state.Gradient);
        }

        if (transitions == 0)
        {
            kept.AddRange(Enumerable.Repeat(start.Detach(), draws));
        }

        return Shaping.Join(0, [.. kept.Select(z => z.Reshape(1, z.Shape[0], z.Shape[1]))]);
    }
}
