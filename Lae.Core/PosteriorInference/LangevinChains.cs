using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.PosteriorInference;

/// <summary>How many chains run, and how long.</summary>
/// <param name="Chains">c, chains of each point, 1 or more.</param>
/// <param name="BurnIn">Transitions before the first draw, 0 or more; where a Metropolis test is made the step size adapts in them, and is then frozen.</param>
/// <param name="Apart">Transitions from one draw of a chain to its next, 1 or more.</param>
/// <param name="StepSize">η, or what it starts from, positive.</param>
/// <param name="Metropolis">Whether each chain makes its accept test.</param>
public sealed record LangevinChainPlan(int Chains, int BurnIn, int Apart, double StepSize, bool Metropolis = true);

/// <summary>What chains made.</summary>
/// <param name="Draws">[draws, n, latentSize]; draw i is of chain i mod c.</param>
/// <param name="Acceptance">The mean acceptance probability after the burn-in; 1 without a test.</param>
/// <param name="StepSize">η after the burn-in.</param>
public sealed record LangevinChainDraws(Tensor Draws, double Acceptance, double StepSize);

/// <summary>
/// Langevin dynamics (LD) on each point's latent variable, many independent chains for each:
/// <code>
///     z' = z + η ∇ log p(z, x) + √(2η) ξ,    with the accept test of MALA, or none
/// </code>
/// With the test the law is the posterior exactly; without, for N(m, A⁻¹) it is N(m, (A − η A²/2)⁻¹). One step size serves all points and chains. Shapes: states [c·n, latentSize], row r of point r mod n.
/// </summary>
public static class LangevinChains
{
    /// <summary>The gain of the step size in the first half of the burn-in: the step can fall or rise by any factor that occurs.</summary>
    private const double FastGain = 0.2;

    /// <summary>In the second half: it settles.</summary>
    private const double SlowGain = 0.02;

    /// <summary>Runs chains from z ~ N(0, I).</summary>
    /// <param name="key">All randomness: sub-key 0 the starts, sub-key 1 the transitions.</param>
    /// <param name="density">The laws, of tensors in unpooled memory.</param>
    /// <param name="plan">How many and how long.</param>
    /// <param name="draws">Draws of each law, 1 or more; chains end together, so the last round may be cut.</param>
    /// <param name="home">The workspace whose engine computes.</param>
    /// <returns>Draws, detached.</returns>
    /// <exception cref="NonFiniteStateException">A state became NaN or infinite.</exception>
    public static LangevinChainDraws Run(RandomKey key, LatentDensity density, LangevinChainPlan plan, int draws, Workspace home) =>
        Run(key, density, plan, draws, ExactTarget.Normals(key.FoldIn(0), plan.Chains * density.Points, density.LatentSize, density.DType), home);

    /// <summary>Runs chains from given states.</summary>
    /// <param name="key">All randomness: sub-key 1 the transitions.</param>
    /// <param name="density">The laws, of tensors in unpooled memory.</param>
    /// <param name="plan">How many and how long.</param>
    /// <param name="draws">Draws of each law, 1 or more.</param>
    /// <param name="start">[c·n, latentSize].</param>
    /// <param name="home">The workspace whose engine computes.</param>
    /// <returns>Draws, detached.</returns>
    /// <exception cref="NonFiniteStateException">A state became NaN or infinite.</exception>
    public static LangevinChainDraws Run(RandomKey key, LatentDensity density, LangevinChainPlan plan, int draws, Tensor start, Workspace home)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Chains, 1, nameof(plan));
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Apart, 1, nameof(plan));
        ArgumentOutOfRangeException.ThrowIfNegative(plan.BurnIn, nameof(plan));
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        (int n, int d) = (density.Points, density.LatentSize);
        Workspace workspace = Workspace.Pooled(home.Engine);
        Target target = Target.FromGradient(d, density.Evaluate, density.DType, "posterior of each datapoint");
        Chains chains = Chains.Range(plan.Chains * n);
        LangevinState state = LangevinState.At(target, start.CopyTo(workspace));
        state.RequireFinite(step: 0, prefix: "the latent ");
        StepSizeAdaptation fast = new(plan.StepSize, gain: FastGain);
        StepSizeAdaptation slow = new(plan.StepSize, gain: SlowGain);
        TensorTree adaptation = fast.Initialize();
        int rounds = (draws + plan.Chains - 1) / plan.Chains;
        long last = plan.BurnIn + ((long)rounds * plan.Apart);
        List<Tensor> kept = [];
        double acceptance = 0;
        for (long step = 0; step < last; step++)
        {
            LangevinSettings settings = new(StepSizeAdaptation.StepSize(adaptation));
            Kernel<LangevinState> kernel = plan.Metropolis ? MetropolisLangevin.Create(target, settings) : UnadjustedLangevin.Create(target, settings);
            Transition<LangevinState> next = kernel.Transition(new NoiseSource(key.FoldIn(1), step, chains, workspace), state);
            state = next.State;
            state.RequireFinite(step + 1, prefix: "the latent ");
            if (step >= plan.BurnIn)
            {
                acceptance += next.Info.MeanAcceptance / (last - plan.BurnIn);
            }
            else if (plan.Metropolis)
            {
                adaptation = (step < plan.BurnIn / 2 ? fast : slow).Adapt(adaptation, next.Info.MeanAcceptance, workspace.Heap);
            }

            if (step >= plan.BurnIn && (step + 1 - plan.BurnIn) % plan.Apart == 0)
            {
                kept.Add(state.Position.Detach().Reshape(plan.Chains, n, d));
            }

            workspace.Collect(0, state.Position, state.LogDensity, state.Gradient);
        }

        Tensor all = kept.Count == 1 ? kept[0] : Shaping.Join(0, kept);
        return new LangevinChainDraws(all.Slice(0, 0, draws), plan.Metropolis ? acceptance : 1, StepSizeAdaptation.StepSize(adaptation));
    }
}
