using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>A few MALA transitions from given latent points at one step size, every state shown: what happens to an observation after it is encoded.</summary>
internal static class LatentRefinement
{
    private const double FirstStepSize = 0.1;
    private const int PilotTransitions = 100;
    private const double FastGain = 0.5;
    private const double SlowGain = 0.1;

    /// <summary>The step size at which pilot chains from the same points accept 0.574 of their proposals.</summary>
    /// <param name="key">The key of the pilot, apart from that of the run.</param>
    /// <param name="density">The posteriors.</param>
    /// <param name="start">[m·n, d_z], in a pooled workspace; the density's observations are there too, or in unpooled memory.</param>
    public static double FindStepSize(RandomKey key, LatentDensity density, Tensor start)
    {
        StepSizeAdaptation fast = new(FirstStepSize, gain: FastGain);
        StepSizeAdaptation slow = new(FirstStepSize, gain: SlowGain);
        TensorTree stepSize = fast.Initialize();
        LatentCoordinates coordinates = Coordinates(density, start);
        Workspace workspace = start.Workspace;
        int mark = workspace.Mark();
        LangevinState state = LangevinState.At(coordinates.Target, start);
        state.RequireFinite(step: 0, prefix: "the latent ");
        for (int step = 0; step < PilotTransitions; step++)
        {
            Transition<LangevinState> next = Move(key, coordinates, state, step, StepSizeAdaptation.StepSize(stepSize), workspace);
            state = next.State;
            stepSize = (step < PilotTransitions / 2 ? fast : slow).Adapt(stepSize, next.Info.MeanAcceptance, workspace.Heap);
            workspace.Collect(mark, state.Position, state.LogDensity, state.Gradient);
        }

        workspace.Collect(mark);
        return StepSizeAdaptation.StepSize(stepSize);
    }

    /// <summary>Runs, and shows the state after 0, 1, …, T transitions.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="density">The posteriors.</param>
    /// <param name="start">[m·n, d_z], in a pooled workspace; the density's observations are there too, or in unpooled memory.</param>
    /// <param name="stepSize">η, positive.</param>
    /// <param name="transitions">T, 0 or more.</param>
    /// <param name="visit">Takes t and the state, which is valid during the call alone.</param>
    /// <returns>The mean acceptance probability; 1 where there is no transition.</returns>
    public static double Run(RandomKey key, LatentDensity density, Tensor start, double stepSize, int transitions, Action<int, LangevinState> visit)
    {
        LatentCoordinates coordinates = Coordinates(density, start);
        Workspace workspace = start.Workspace;
        int mark = workspace.Mark();
        LangevinState state = LangevinState.At(coordinates.Target, start);
        state.RequireFinite(step: 0, prefix: "the latent ");
        visit(0, state);
        double acceptance = 0;
        for (int step = 0; step < transitions; step++)
        {
            Transition<LangevinState> next = Move(key, coordinates, state, step, stepSize, workspace);
            state = next.State;
            acceptance += next.Info.MeanAcceptance / transitions;
            visit(step + 1, state);
            workspace.Collect(mark, state.Position, state.LogDensity, state.Gradient);
        }

        workspace.Collect(mark);
        return transitions == 0 ? 1 : acceptance;
    }

    /// <summary>Each row on its own, as <see cref="LatentCoordinates.Datapoints"/>, but for several rows of an observation too.</summary>
    private static LatentCoordinates Coordinates(LatentDensity density, Tensor start) => new(
        "datapoints",
        Targets.Target.FromGradient(density.LatentSize, density.Evaluate, density.DType, "posterior of each datapoint"),
        start,
        static position => position,
        ToLastLayer: null);

    private static Transition<LangevinState> Move(RandomKey key, LatentCoordinates coordinates, LangevinState state, int step, double stepSize, Workspace workspace) =>
        MetropolisLangevin.Create(coordinates.Target, new LangevinSettings(stepSize)).Transition(
            new NoiseSource(key, step, Chains.Range(state.Position.Shape[0]), workspace), state);
}
