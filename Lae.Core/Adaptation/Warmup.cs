using System.Collections.Immutable;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;
using Lae.Running;

namespace Lae.Adaptation;

/// <summary>What a warm-up is to do.</summary>
public sealed record WarmupSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="transitions">Transitions of each chain, 0 or more; 0 finds a rough step size alone.</param>
    /// <param name="isDense">Whether the whole covariance is learned, or the variances.</param>
    /// <param name="engine">Who computes; the default engine if null.</param>
    public WarmupSettings(int transitions = 1000, bool isDense = false, IEngine? engine = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        Transitions = transitions;
        IsDense = isDense;
        Engine = engine;
    }

    /// <summary>Transitions of each chain.</summary>
    public int Transitions { get; }

    /// <summary>Whether the whole covariance is learned.</summary>
    public bool IsDense { get; }

    /// <summary>Who computes.</summary>
    public IEngine? Engine { get; }
}

/// <summary>What a warm-up found.</summary>
/// <typeparam name="TState">The state type.</typeparam>
/// <param name="Kernel">The kernel with its settings frozen: an ordinary kernel, in which nothing of the warm-up goes on.</param>
/// <param name="Tuning">The settings.</param>
/// <param name="Position">Where the chains ended, [chains, dimension]: starts for sampling.</param>
/// <param name="StepSizes">The step size of every transition.</param>
/// <param name="GradientCount">Gradients that it cost each chain.</param>
/// <param name="Acceptance">The mean acceptance of the transitions after the last window; NaN if there were none.</param>
public sealed record WarmupResult<TState>(Kernel<TState> Kernel, KernelTuning Tuning, Tensor Position, ImmutableArray<double> StepSizes, long GradientCount, double Acceptance)
    where TState : class, IKernelState<TState>;

/// <summary>
/// Finds step size and scale of a kernel from a start, by a pure function of (kernel, start, key, settings): dual averaging of the step size to the kernel's acceptance, covariances in windows of doubling length
/// (<see cref="WarmupWindows"/>). All chains learn one set of settings together: the acceptance is their mean, the covariance that of all their positions. Sources: Hoffman and Gelman, JMLR 15 (2014); Stan Reference Manual.
/// </summary>
public static class Warmup
{
    private const int MostDoublings = 60;

    /// <summary>Warms up.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel, its settings open.</param>
    /// <param name="start">Where the chains start, [chains, dimension].</param>
    /// <param name="key">The key of all draws of the warm-up.</param>
    /// <param name="settings">Length and scale; the defaults if null.</param>
    /// <param name="progress">Told after every transition; never changes a bit.</param>
    /// <param name="cancellation">Ends it: half a warm-up is of no use, and the same one can be done again.</param>
    /// <returns>Kernel, settings, final positions, cost.</returns>
    /// <exception cref="ArgumentException">The kernel reports no acceptance.</exception>
    /// <exception cref="NonFiniteStateException">The density or gradient at a start is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static WarmupResult<TState> Run<TState>(
        TunableKernel<TState> kernel,
        Tensor start,
        RandomKey key,
        WarmupSettings? settings = null,
        IProgress<WarmupProgress>? progress = null,
        CancellationToken cancellation = default)
        where TState : class, IKernelState<TState>
    {
        WarmupSettings aims = settings ?? new WarmupSettings();
        WarmupWindows windows = WarmupWindows.Of(aims.Transitions);
        Workspace workspace = aims.Engine is null ? Workspace.Pooled() : Workspace.Pooled(aims.Engine);
        Chains chains = Chains.Range(start.Shape[0]);
        ImmutableArray<double>.Builder stepSizes = ImmutableArray.CreateBuilder<double>(aims.Transitions);
        Walker<TState> walker = Walker<TState>.Begin(kernel, new KernelTuning(0.1), start.CopyTo(workspace), key, chains, window: 0);
        DualAveraging averaging = DualAveraging.Start(walker.Tuning.StepSize, kernel.TargetAcceptance);
        CovarianceEstimate estimate = CovarianceEstimate.Empty(aims.IsDense);
        int window = 0;
        double accepted = 0;
        for (int step = 0; step < aims.Transitions; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            walker = walker.Advance(averaging.StepSize, new NoiseSource(key, step, chains, workspace), out double acceptance);
            stepSizes.Add(averaging.StepSize);
            progress?.Report(new WarmupProgress(step + 1, aims.Transitions, averaging.StepSize, acceptance));
            averaging = averaging.After(acceptance);
            accepted += window == windows.Ends.Length ? acceptance : 0;
            if (step >= windows.First && window < windows.Ends.Length)
            {
                estimate = estimate.Add(walker.State.Position);
                if (step + 1 == windows.Ends[window])
                {
                    window++;
                    walker = walker.Rescale(estimate.Regularized(), averaging.AverageStepSize, key, chains, window);
                    averaging = DualAveraging.Start(walker.Tuning.StepSize, kernel.TargetAcceptance);
                    estimate = CovarianceEstimate.Empty(aims.IsDense);
                }
            }

            walker.Collect(workspace);
        }

        KernelTuning found = walker.Tuning.WithStepSize(averaging.AverageStepSize);
        return new WarmupResult<TState>(kernel.Create(found), found, walker.State.Position.Detach(), stepSizes.ToImmutable(), walker.Gradients, accepted / (aims.Transitions - (windows.Ends.Length == 0 ? 0 : windows.Ends[^1])));
    }

    /// <summary>The chains, with the settings by which they move and what they have cost.</summary>
    private sealed record Walker<TState>(TunableKernel<TState> Tunable, KernelTuning Tuning, TState State, long Gradients)
        where TState : class, IKernelState<TState>
    {
        /// <summary>Chains at a position, with a step size at which about half of the proposals are accepted.</summary>
        public static Walker<TState> Begin(TunableKernel<TState> tunable, KernelTuning tuning, Tensor position, RandomKey key, Chains chains, int window, long gradients = 0)
        {
            Kernel<TState> kernel = tunable.Create(tuning);
            NoiseSource source = NoiseSource.OfStart(key.FoldIn(SearchDomain + (ulong)window), chains, position.Workspace);
            TState state = kernel.Thermalize(source, kernel.Initialize(position));
            state.RequireFinite(step: 0);
            Walker<TState> here = new(tunable, tuning, state, gradients + 1);
            here = here.Try(source, out double first);
            double factor = first > 0.5 ? 2 : 0.5;
            for (int i = 0; i < MostDoublings; i++)
            {
                Walker<TState> other = (here with { Tuning = here.Tuning.WithStepSize(factor * here.Tuning.StepSize) }).Try(source, out double acceptance);
                if (acceptance > 0.5 != factor > 1)
                {
                    return factor > 1 ? here with { Gradients = other.Gradients } : other;
                }

                here = other;
            }

            return here;
        }

        public Walker<TState> Advance(double stepSize, NoiseSource source, out double acceptance)
        {
            KernelTuning tuning = Tuning.WithStepSize(stepSize);
            Transition<TState> next = Transit(tuning, source, out acceptance);
            return this with { Tuning = tuning, State = next.State, Gradients = Gradients + next.Info.GradientCount };
        }

        /// <summary>The same positions with a new scale, and a step size sought anew, since it is measured by the scale.</summary>
        public Walker<TState> Rescale(Tensor covariance, double stepSize, RandomKey key, Chains chains, int window) =>
            Begin(Tunable, new KernelTuning(stepSize, covariance), State.Position, key, chains, window, Gradients);

        public void Collect(Workspace workspace) => workspace.Collect(0, [.. State.ToTree().Leaves]);

        /// <summary>One transition that is not kept, for its acceptance.</summary>
        private Walker<TState> Try(NoiseSource source, out double acceptance) => this with { Gradients = Gradients + Transit(Tuning, source, out acceptance).Info.GradientCount };

        private Transition<TState> Transit(KernelTuning tuning, NoiseSource source, out double acceptance)
        {
            Transition<TState> next = Tunable.Create(tuning).Transition(source, State);
            acceptance = next.Info.AcceptanceProbability is null
                ? throw new ArgumentException($"'{Tunable.Name}' reports no acceptance probability: there is nothing to tune its step size by.", nameof(source))
                : next.Info.MeanAcceptance;
            return next;
        }
    }

    /// <summary>Keeps the draws of searches away from those of transitions.</summary>
    private const ulong SearchDomain = 1UL << 61;
}
