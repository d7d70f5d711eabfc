using System.Collections.Immutable;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Adaptation;

/// <summary>A kernel with settings that are open, its state type erased: what configuration and dependency injection see. A function from what a warm-up finds to an ordinary kernel, and the warm-up itself.</summary>
public interface ITunableKernel
{
    /// <summary>What it is called in messages and reports.</summary>
    string Name { get; }

    /// <summary>What is to be found; the acceptance to aim at is, of an unadjusted kernel, that of its twin (<see cref="CreateDeciding"/>).</summary>
    TuningAims Aims { get; }

    /// <summary>The frozen kernel: an ordinary one, in which nothing of a warm-up goes on.</summary>
    /// <param name="tuning">What a warm-up found.</param>
    /// <returns>The kernel, its state type erased; for equal tunings the same, bit for bit.</returns>
    IKernel Create(KernelTuning tuning);

    /// <summary>The kernel by whose acceptance the step size is found: the kernel itself where it decides, else its Metropolised twin.</summary>
    /// <param name="tuning">What a warm-up found.</param>
    /// <returns>A kernel that reports an acceptance probability.</returns>
    IKernel CreateDeciding(KernelTuning tuning);

    /// <summary>Finds the settings, by a pure function of start, key and settings.</summary>
    /// <param name="start">Where the chains start, [chains, dimension].</param>
    /// <param name="key">The key of all draws of the warm-up; give the run itself another.</param>
    /// <param name="settings">Length, scale, engine.</param>
    /// <param name="progress">Told after every transition; never changes a bit.</param>
    /// <param name="cancellation">Ends it: half a warm-up is of no use, and the same one can be done again.</param>
    /// <returns>Settings, final positions, cost.</returns>
    /// <exception cref="NonFiniteStateException">The density or gradient at a start is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    WarmupOutcome WarmUp(Tensor start, RandomKey key, WarmupSettings settings, IProgress<WarmupProgress>? progress = null, CancellationToken cancellation = default);
}

/// <summary>What a warm-up found.</summary>
/// <param name="Tuning">The settings, to be given to <see cref="ITunableKernel.Create"/>.</param>
/// <param name="Position">Where the chains ended, [chains, dimension], detached: starts for sampling.</param>
/// <param name="GradientCount">Gradients that it cost each chain.</param>
/// <param name="TargetAcceptance">The acceptance aimed at.</param>
/// <param name="Acceptance">The mean acceptance of the last stretch, in which the step size alone was adapted; NaN if there were no transitions.</param>
/// <param name="StepSizes">The step size of every transition.</param>
public sealed record WarmupOutcome(
    KernelTuning Tuning, Tensor Position, long GradientCount, double TargetAcceptance, double Acceptance, ImmutableArray<double> StepSizes)
{
    /// <summary>
    /// Places where chains were that had not arrived and began anew where others are (<see cref="ChainArrival"/>), [places, dimension], the last first; null if there was none. A search for unvisited modes (<c>ModeSearch</c>) should begin there
    /// too: what these chains were coming to, the draws cannot tell.
    /// </summary>
    public Tensor? LeftBehind { get; init; }
}

/// <summary>How far a warm-up has come.</summary>
/// <param name="Done">Transitions done.</param>
/// <param name="Total">Transitions of the whole warm-up.</param>
/// <param name="StepSize">The step size of the last transition.</param>
/// <param name="Acceptance">The mean acceptance of the last transition, over the chains.</param>
public sealed record WarmupProgress(long Done, long Total, double StepSize, double Acceptance);
