using Lae.Host.Runs;
using Lae.Kernels;
using Lae.Running;

namespace Lae.Host.Sampling;

/// <summary>
/// The chains from where they stand to where they stop: first transitions that are left out, if the kernel was not warmed up, then those of which draws are kept. Goes in stretches, each to the next look at the stopping rule, or until a
/// checkpoint is due; that changes no bit.
/// </summary>
/// <param name="run">What to run.</param>
/// <param name="folder">The run folder, for checkpoints.</param>
/// <param name="state">The run; it goes on.</param>
/// <param name="rule">When it is enough.</param>
/// <param name="clock">Times.</param>
/// <param name="progress">Shows how it goes.</param>
internal sealed class SamplingPhase(PreparedSampling run, RunFolder folder, SamplingState state, StoppingRule rule, TimeProvider clock, SamplingProgress progress)
{
    private readonly TimeSpan betweenCheckpoints = TimeSpan.FromSeconds(run.Configuration.CheckpointEverySeconds);
    private readonly int thinning = run.Configuration.Thinning;
    private readonly double secondsBefore = state.Seconds;
    private readonly long begun = clock.GetTimestamp();
    private long saved = clock.GetTimestamp();
    private bool isTimeUp;

    /// <summary>Transitions that it was decided to do after the burn-in; null while nothing ended the run before its most.</summary>
    public long? StoppedAt { get; private set; }

    private long Sampled => state.Chains.Step - run.BurnIn;

    /// <summary>Goes on.</summary>
    /// <param name="cancellation">Ends after the transition under way.</param>
    /// <returns>Whether the run is done; if not, it was cancelled, and what was done is on the disk.</returns>
    /// <exception cref="NonFiniteStateException">A NaN or an infinity arose; the draws before it are kept.</exception>
    public bool Run(CancellationToken cancellation)
    {
        if (Sampled < 0)
        {
            progress.Begin(state.Chains.Step, run.BurnIn, sampling: false);
            while (Sampled < 0 && !cancellation.IsCancellationRequested)
            {
                Stretch(run.BurnIn, cancellation);
            }
        }

        progress.Begin(Math.Max(Sampled, 0), run.MostTransitions, sampling: true);
        bool isDone;
        while (!(isDone = Sampled >= run.MostTransitions || HasStopped()) && !cancellation.IsCancellationRequested)
        {
            Stretch(run.BurnIn + Math.Min(run.MostTransitions, rule.NextCheck(Sampled / thinning) * thinning), cancellation);
        }

        Save();
        return isDone;
    }

    private void Stretch(long goal, CancellationToken cancellation)
    {
        using CancellationTokenSource stretch = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            bool reached = state.Chains.Run(goal - state.Chains.Step, draw => Take(draw, stretch), stretch.Token);
            if (!reached && !cancellation.IsCancellationRequested)
            {
                Save();
            }
        }
        catch (NonFiniteStateException)
        {
            state.Seconds = Seconds();
            state.Keeper.Flush();
            throw;
        }
    }

    private void Take(Draw draw, CancellationTokenSource stretch)
    {
        long sampled = draw.Step - run.BurnIn;
        if (sampled > 0)
        {
            state.Totals.Add(draw.Info);
            if (sampled % thinning == 0)
            {
                double[] reported = run.Posterior.Report(draw.Position).ToArray();
                state.Keeper.Add(draw, reported);
                state.Positions.Add(draw.Position);
                progress.Watch(reported);
                isTimeUp = rule.IsTimeUp(Seconds());
            }
        }

        progress.Stepped(sampled > 0 ? sampled : draw.Step, draw.Info);
        if (isTimeUp || clock.GetElapsedTime(saved) >= betweenCheckpoints)
        {
            stretch.Cancel();
        }
    }

    private bool HasStopped()
    {
        if (Sampled <= 0 || Sampled % thinning != 0 || !(isTimeUp || rule.IsEnough(state.Keeper)))
        {
            return false;
        }

        StoppedAt = Sampled;
        return true;
    }

    private void Save()
    {
        state.Seconds = Seconds();
        state.Save(folder);
        saved = clock.GetTimestamp();
    }

    private double Seconds() => secondsBefore + clock.GetElapsedTime(begun).TotalSeconds;
}
