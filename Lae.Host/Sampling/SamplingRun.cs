using System.Globalization;
using Lae.Host.Runs;
using Lae.Running;

namespace Lae.Host.Sampling;

/// <summary>One run of the chains: the discarded transitions, then those of which draws are kept.</summary>
/// <param name="run">What to run.</param>
/// <param name="progress">Shows how it goes.</param>
internal sealed class SamplingRun(PreparedSampling run, ProgressLine progress)
{
    private readonly TransitionTotals discarded = new();
    private readonly TransitionTotals totals = new();

    /// <summary>Shows how it goes.</summary>
    public ProgressLine Progress => progress;

    /// <summary>The draws kept so far.</summary>
    public DrawTrace Draws { get; } = new(run.Configuration.Chains, run.Target.Dimension);

    /// <summary>Runs the chains.</summary>
    /// <param name="chains">The chains at their start.</param>
    /// <param name="cancellation">Ends after the transition under way.</param>
    /// <returns>Whether all transitions were done.</returns>
    /// <exception cref="Kernels.NonFiniteStateException">A NaN or an infinity arose.</exception>
    public bool Run(IChainSession chains, CancellationToken cancellation) =>
        chains.Run(run.Configuration.Discard, Discard, cancellation) && chains.Run(run.Configuration.Transitions, Keep, cancellation);

    /// <summary>The figures of what was done.</summary>
    /// <param name="completed">Whether that is all.</param>
    public SamplingSummary Summary(bool completed) => new(run, Draws, totals, completed);

    private void Discard(Draw draw)
    {
        discarded.Add(draw.Info);
        Show(draw.Step, "discarded transition", discarded);
    }

    private void Keep(Draw draw)
    {
        totals.Add(draw.Info);
        if (draw.Step % run.Configuration.Thinning == 0)
        {
            Draws.Add(draw);
        }

        Show(draw.Step, "transition", totals);
    }

    private void Show(long step, string place, TransitionTotals figures) => progress.Stepped(
        step, () => place, () => figures.Acceptance is { } acceptance ? string.Create(CultureInfo.InvariantCulture, $"  acceptance {acceptance:F3}") : string.Empty);
}
