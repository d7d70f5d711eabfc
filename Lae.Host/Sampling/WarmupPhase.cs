using Lae.Adaptation;
using Lae.Host.Runs;
using Lae.Numerics;

namespace Lae.Host.Sampling;

/// <summary>Finds what the configuration leaves open of the kernel. A pure function of configuration and seed: where it is interrupted, or the process is killed in it, it is done again from its start.</summary>
/// <param name="run">The run.</param>
/// <param name="tunable">The kernel with its open settings.</param>
/// <param name="clock">Times.</param>
/// <param name="progress">Shows how it goes.</param>
internal sealed class WarmupPhase(PreparedSampling run, ITunableKernel tunable, TimeProvider clock, SamplingProgress progress)
{
    /// <summary>Warms up.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The chains where it left them, with the kernel that it found, and what it cost.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="Kernels.NonFiniteStateException">A NaN or an infinity arose.</exception>
    public (IChainSession Chains, WarmupFigures Figures) Run(CancellationToken cancellation)
    {
        long begun = clock.GetTimestamp();
        progress.Begin(0, run.Configuration.Warmup.Transitions, sampling: false);
        WarmupOutcome found = tunable.WarmUp(
            run.StartingPositions(), RunKeys.Warmup(run.Configuration.Seed), run.Configuration.Warmup.ToSettings(run.Engine), new Told(progress), cancellation);
        progress.Clear();
        TensorTree tuning = found.Tuning.ToTree();
        WarmupFigures figures = new(tuning, found.TargetAcceptance, found.GradientCount, clock.GetElapsedTime(begun).TotalSeconds, found.LeftBehind);
        return (run.Start(run.Frozen(tuning), found.Position), figures);
    }

    /// <summary>Told where it happens: the terminal is to show the order of events.</summary>
    private sealed class Told(SamplingProgress progress) : IProgress<WarmupProgress>
    {
        public void Report(WarmupProgress value) => progress.Adapted(value);
    }
}
