using Lae.Diagnostics;
using Lae.Host.Runs;
using Lae.Modes;
using Lae.Numerics;

namespace Lae.Host.Sampling;

/// <summary>The search for modes that no chain visited, after sampling: a pure function of configuration, seed and draws.</summary>
internal static class ModePhase
{
    private const int MoreStarts = 8;
    private const int LeastPositions = 80;
    private const int MostDimensions = 1_000;
    private const double MostReduction = 1.05;
    private const long LeastGradients = 4_000;
    private const long MostGradients = 10_000;
    private const double Share = 0.1;

    /// <summary>Searches, at no more than a tenth of the gradients of the run, or 4,000 in a short one.</summary>
    /// <param name="run">The run.</param>
    /// <param name="state">Where it ended.</param>
    /// <param name="figures">Its table.</param>
    /// <returns>What was found; null where it is switched off, there are too few draws or too many dimensions, or the chains do not agree: what they did not visit is then not the question.</returns>
    public static ModeSearchResult? Run(PreparedSampling run, SamplingState state, DrawSummary figures)
    {
        if (!run.Configuration.ModeSearch || run.Target.Dimension > MostDimensions || figures.NotFinite.Count > 0 || figures.StuckChains.Count > 0
            || figures.Parameters.Any(one => one.RHat > MostReduction) || state.Positions.ToTensor() is not { } positions || positions.Shape[0] < LeastPositions || !positions.AllFinite())
        {
            return null;
        }

        double spent = run.Configuration.Chains * ((state.Totals.GradientsPerTransition * state.Totals.Transitions) + state.Warmup.GradientCount);
        long most = Math.Clamp((long)(Share * spent), LeastGradients, MostGradients);
        // starts like those of the chains, but others; and where the warm-up took chains away before they had arrived anywhere
        Tensor starts = run.StartingPositions(run.Configuration.Chains, MoreStarts);
        starts = state.Warmup.LeftBehind is { } left ? Shaping.Join(0, starts, left.Slice(0, 0, Math.Min(MoreStarts, left.Shape[0]))) : starts;
        return ModeSearch.Run(run.Target, positions, RunKeys.Modes(run.Configuration.Seed), starts, new ModeSearchSettings(mostGradients: most, engine: run.Engine));
    }
}
