using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Models;

/// <summary>How a step size is found before the transitions that count: fast at first, so that it can fall or rise by any factor that occurs, then slowly, so that it settles.</summary>
/// <param name="First">η to start from, positive.</param>
/// <param name="Transitions">How many transitions it takes, 0 or more; 0 keeps η.</param>
/// <param name="FastGain">The gain in the first half of them.</param>
/// <param name="SlowGain">The gain in the second half.</param>
internal sealed record StepSizeSearch(double First = 0.1, int Transitions = 100, double FastGain = 0.5, double SlowGain = 0.1)
{
    /// <summary>No search: one step size from the first transition on.</summary>
    public static StepSizeSearch Held(double stepSize) => new(stepSize, Transitions: 0);
}

/// <summary>What a run was like.</summary>
/// <param name="StepSize">η of the transitions that count.</param>
/// <param name="Acceptance">Their mean acceptance probability; 1 where there was none, or no test.</param>
internal sealed record SettledRun(double StepSize, double Acceptance);

/// <summary>
/// Langevin chains on latent points, each row on its own, with one step size for all rows:
/// <code>
///     z^(0) given,   η follows the mean acceptance during a search and is frozen,   z^(t) = MALA_η(z^(t−1))  or  ULA_η,   t = 1 … T
/// </code>
/// After the search it is one exact kernel, so that with the test p(z | x) is stationary.
/// </summary>
internal static class SettlingLangevin
{
    /// <summary>Searches, then runs.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="density">The posteriors.</param>
    /// <param name="start">[m·n, d_z], in a pooled workspace; the density's observations are there too, or in unpooled memory.</param>
    /// <param name="search">How η is found.</param>
    /// <param name="transitions">T, 0 or more.</param>
    /// <param name="visit">Takes t = 0, 1, …, T and the state, which is valid during the call alone.</param>
    /// <param name="metropolis">Whether each row makes its accept test; without it η stays.</param>
    /// <exception cref="NonFiniteStateException">A state is NaN or infinite.</exception>
    public static SettledRun Run(
        RandomKey key, LatentDensity density, Tensor start, StepSizeSearch search, long transitions, Action<long, LangevinState> visit, bool metropolis = true)
    {
        // not the coordinates of a batch: there may be several rows of an observation
        Target target = Target.FromGradient(density.LatentSize, density.Evaluate, density.DType, "posterior of each datapoint");
        Chains chains = Chains.Range(start.Shape[0]);
        StepSizeAdaptation fast = new(search.First, gain: search.FastGain);
        StepSizeAdaptation slow = new(search.First, gain: search.SlowGain);
        TensorTree adaptation = fast.Initialize();
        double stepSize = search.First;
        Workspace workspace = start.Workspace;
        int mark = workspace.Mark();
        LangevinState state = LangevinState.At(target, start);
        state.RequireFinite(step: 0, prefix: "the latent ");
        double acceptance = 0;
        for (long step = 0; ; step++)
        {
            if (step >= search.Transitions)
            {
                visit(step - search.Transitions, state);
            }

            if (step == search.Transitions + transitions)
            {
                break;
            }

            LangevinSettings settings = new(stepSize);
            Kernel<LangevinState> kernel = metropolis ? MetropolisLangevin.Create(target, settings) : UnadjustedLangevin.Create(target, settings);
            Transition<LangevinState> next = kernel.Transition(new NoiseSource(key, step, chains, workspace), state);
            state = next.State;
            state.RequireFinite(step + 1, prefix: "the latent ");
            if (step >= search.Transitions)
            {
                acceptance += next.Info.MeanAcceptance / transitions;
            }
            else if (metropolis)
            {
                adaptation = (step < search.Transitions / 2 ? fast : slow).Adapt(adaptation, next.Info.MeanAcceptance, workspace.Heap);
                stepSize = StepSizeAdaptation.StepSize(adaptation);
            }

            workspace.Collect(mark, state.Position, state.LogDensity, state.Gradient);
        }

        workspace.Collect(mark);
        return new SettledRun(stepSize, metropolis && transitions > 0 ? acceptance : 1);
    }

    /// <summary>The step size at which pilot chains from the same points accept 0.574 of their proposals.</summary>
    /// <param name="key">The key of the pilot, apart from that of the run.</param>
    /// <param name="density">The posteriors.</param>
    /// <param name="start">[m·n, d_z], in a pooled workspace.</param>
    public static double FindStepSize(RandomKey key, LatentDensity density, Tensor start) => Run(key, density, start, new StepSizeSearch(), transitions: 0, static (_, _) => { }).StepSize;
}
