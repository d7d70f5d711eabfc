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
    private const double FastGain = 0.2;
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
        int rounds = (draws + plan.Chains - 1) / plan.Chains;
        List<Tensor> kept = [];
        SettledRun run = SettlingLangevin.Run(
            key.FoldIn(1), density, start.CopyTo(Workspace.Pooled(home.Engine)), new StepSizeSearch(plan.StepSize, plan.BurnIn, FastGain, SlowGain), (long)rounds * plan.Apart, (t, state) =>
            {
                if (t > 0 && t % plan.Apart == 0)
                {
                    kept.Add(state.Position.Detach().Reshape(plan.Chains, n, d));
                }
            },
            plan.Metropolis);
        Tensor all = kept.Count == 1 ? kept[0] : Shaping.Join(0, kept);
        return new LangevinChainDraws(all.Slice(0, 0, draws), run.Acceptance, run.StepSize);
    }
}
