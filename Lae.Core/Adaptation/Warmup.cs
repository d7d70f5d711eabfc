using System.Collections.Immutable;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Adaptation;

/// <summary>What a warm-up of a kernel of known state type found.</summary>
/// <typeparam name="TState">The state type.</typeparam>
/// <param name="Kernel">The kernel with its settings frozen: an ordinary kernel, in which nothing of the warm-up goes on.</param>
/// <param name="Outcome">All that was found.</param>
public sealed record WarmupResult<TState>(Kernel<TState> Kernel, WarmupOutcome Outcome)
    where TState : class, IKernelState<TState>
{
    /// <summary>The settings.</summary>
    public KernelTuning Tuning => Outcome.Tuning;

    /// <summary>Where the chains ended, [chains, dimension]: starts for sampling.</summary>
    public Tensor Position => Outcome.Position;

    /// <summary>The step size of every transition.</summary>
    public ImmutableArray<double> StepSizes => Outcome.StepSizes;

    /// <summary>Gradients that it cost each chain.</summary>
    public long GradientCount => Outcome.GradientCount;
}

/// <summary>Finds the open settings of a kernel from a start, by a pure function of (kernel, start, key, settings).</summary>
public static class Warmup
{
    /// <summary>
    /// The warm-up that serves every kernel: a rough step size; then, on the schedule of <see cref="WarmupWindows"/>, dual averaging of the step size to the kernel's target acceptance and the covariance of each window as the next
    /// scale, with a rough step size sought anew; at last the step size alone. A kernel that makes no accept test is tuned by its twin.
    /// </summary>
    /// <param name="kernel">The kernel, its settings open.</param>
    /// <returns>The warm-up, to be run from a start.</returns>
    public static WarmupProcedure Standard(ITunableKernel kernel) => new(kernel);

    /// <summary>The standard warm-up of a kernel of known state type, run.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="kernel">The kernel, its settings open.</param>
    /// <param name="start">Where the chains start, [chains, dimension].</param>
    /// <param name="key">The key of all draws of the warm-up; give the run itself another.</param>
    /// <param name="settings">Length and scale; the defaults if null.</param>
    /// <param name="progress">Told after every transition; never changes a bit.</param>
    /// <param name="cancellation">Ends it: half a warm-up is of no use, and the same one can be done again.</param>
    /// <returns>Kernel, settings, final positions, cost.</returns>
    /// <exception cref="ArgumentException">Neither the kernel nor a twin reports an acceptance.</exception>
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
        WarmupOutcome outcome = kernel.WarmUp(start, key, settings ?? new WarmupSettings(), progress, cancellation);
        return new WarmupResult<TState>(kernel.Create(outcome.Tuning), outcome);
    }

    /// <summary>The stages of the standard warm-up.</summary>
    /// <typeparam name="TState">The state type of the kernel that decides.</typeparam>
    /// <param name="aims">What is to be found.</param>
    /// <param name="settings">Length and scale.</param>
    /// <param name="chains">Chains that learn together: the more, the shorter are the first windows.</param>
    /// <returns>One stage.</returns>
    public static WarmupStage<TState> StandardStages<TState>(TuningAims aims, WarmupSettings settings, int chains = 4)
        where TState : class, IKernelState<TState>
    {
        List<WarmupStage<TState>> stages = [WarmupStages.RoughStepSize<TState>()];
        if (aims.Scale == ScaleSource.Given)
        {
            stages.Add(WarmupStages.StepSize<TState>(settings.Transitions));
        }
        else
        {
            WarmupWindows windows = WarmupWindows.Of(settings.Transitions, chains);
            stages.Add(WarmupStages.StepSize<TState>(windows.First));
            int from = windows.First;
            foreach (int end in windows.Ends)
            {
                stages.Add(WarmupStages.Scale<TState>(end - from, settings.Covariance));
                stages.Add(WarmupStages.RoughStepSize<TState>());
                from = end;
            }

            stages.Add(WarmupStages.StepSize<TState>(settings.Transitions - from));
        }

        stages.Add(WarmupStages.Freeze<TState>());
        return WarmupStages.InTurn<TState>(stages);
    }
}

/// <summary>The standard warm-up of a kernel.</summary>
/// <param name="kernel">The kernel, its settings open.</param>
public sealed class WarmupProcedure(ITunableKernel kernel)
{
    private const double FirstStepSize = 0.1;

    /// <summary>Warms up.</summary>
    /// <param name="start">Where the chains start, [chains, dimension].</param>
    /// <param name="key">The key of all draws of the warm-up; give the run itself another.</param>
    /// <param name="settings">Length and scale; the defaults if null.</param>
    /// <param name="progress">Told after every transition; never changes a bit.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Settings, final positions, cost.</returns>
    /// <exception cref="ArgumentException">Neither the kernel nor a twin reports an acceptance.</exception>
    /// <exception cref="NonFiniteStateException">The density or gradient at a start is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public WarmupOutcome Run(
        Tensor start, RandomKey key, WarmupSettings? settings = null, IProgress<WarmupProgress>? progress = null, CancellationToken cancellation = default)
    {
        KernelTuning first = new KernelTuning(FirstStepSize).WithPathLength(kernel.Aims.PathLength);
        return kernel.CreateDeciding(first).Accept(new Walk(kernel, first, start, key, settings ?? new WarmupSettings(), progress, cancellation));
    }

    private sealed class Walk(
        ITunableKernel tunable, KernelTuning first, Tensor start, RandomKey key, WarmupSettings settings, IProgress<WarmupProgress>? progress, CancellationToken cancellation)
        : IKernelVisitor<WarmupOutcome>
    {
        public WarmupOutcome Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState>
        {
            TuningAims aims = tunable.Aims.WithTargetAcceptance(settings.TargetAcceptance);
            WarmupState<TState> begun = WarmupState.Start(
                tuning => (Kernel<TState>)tunable.CreateDeciding(tuning), tunable.Name, aims, first, start, key, settings.Engine) with
            { Observe = Observe };
            WarmupState<TState> reached = Warmup.StandardStages<TState>(aims, settings, start.Shape[0])(begun);
            return new WarmupOutcome(
                reached.Tuning, reached.Chains.Position, reached.Gradients, aims.TargetAcceptance, reached.Acceptance, [.. reached.StepSizes])
            {
                LeftBehind = reached.LeftBehind.IsEmpty ? null : Shaping.Join(0, [.. reached.LeftBehind.Reverse()]).Detach(),
            };
        }

        private void Observe(long done, double stepSize, double acceptance)
        {
            progress?.Report(new WarmupProgress(done, settings.Transitions, stepSize, acceptance));
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
