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
    private const double InitialStepSize = 0.1;
    private const int PilotLength = 100;
    private const double FastGain = 0.5;
    private const double SlowGain = 0.1;

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
        Workspace workspace = Workspace.Pooled(start.Workspace.Engine);
        LatentCoordinates coordinates = LatentCoordinates.Datapoints(density, start.CopyTo(workspace));
        Chains chains = Chains.Range(start.Shape[0]);
        LangevinState first = LangevinState.At(coordinates.Target, coordinates.Start);
        first.RequireFinite(step: 0);
        double stepSize = transitions == 0 ? InitialStepSize : Pilot(key.FoldIn(0), coordinates, first, chains, workspace);
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(coordinates.Target, new LangevinSettings(stepSize));
        LangevinState state = first;
        List<double> means = [Mean(state)];
        double acceptance = 0;
        for (int step = 0; step < transitions; step++)
        {
            Transition<LangevinState> next = kernel.Transition(new NoiseSource(key.FoldIn(1), step, chains, workspace), state);
            state = next.State;
            acceptance += next.Info.MeanAcceptance;
            means.Add(Mean(state));
            workspace.Collect(0, state.Position, state.LogDensity, state.Gradient);
        }

        return new RefinedLatents(state.Position.Detach(), state.LogDensity.Detach(), means, transitions == 0 ? double.NaN : acceptance / transitions);
    }

    private static double Pilot(RandomKey key, LatentCoordinates coordinates, LangevinState first, Chains chains, Workspace workspace)
    {
        StepSizeAdaptation fast = new(InitialStepSize, gain: FastGain);
        StepSizeAdaptation slow = new(InitialStepSize, gain: SlowGain);
        TensorTree stepSize = fast.Initialize();
        LangevinState state = first;
        for (int step = 0; step < PilotLength; step++)
        {
            Kernel<LangevinState> kernel = MetropolisLangevin.Create(coordinates.Target, new LangevinSettings(StepSizeAdaptation.StepSize(stepSize)));
            Transition<LangevinState> next = kernel.Transition(new NoiseSource(key, step, chains, workspace), state);
            state = next.State;
            stepSize = (step < PilotLength / 2 ? fast : slow).Adapt(stepSize, next.Info.MeanAcceptance, workspace.Heap);
            workspace.Collect(0, first.Position, first.LogDensity, first.Gradient, state.Position, state.LogDensity, state.Gradient);
        }

        return StepSizeAdaptation.StepSize(stepSize);
    }

    private static double Mean(LangevinState state) => state.LogDensity.Cast(DType.Float64).Mean().ToDouble();
}
