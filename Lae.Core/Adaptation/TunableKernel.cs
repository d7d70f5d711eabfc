using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Adaptation;

/// <summary>A kernel whose step size and scale are open: a function from what a warm-up finds to an ordinary kernel, and the acceptance to aim at. The kernel must report an acceptance probability.</summary>
/// <typeparam name="TState">The state type.</typeparam>
/// <param name="Name">What it is called in messages.</param>
/// <param name="TargetAcceptance">δ, in (0, 1).</param>
/// <param name="Create">The kernel of given settings: a pure function.</param>
public sealed record TunableKernel<TState>(string Name, double TargetAcceptance, Func<KernelTuning, Kernel<TState>> Create) : ITunableKernel
    where TState : class, IKernelState<TState>
{
    IKernel ITunableKernel.Create(KernelTuning tuning) => Create(tuning);

    /// <inheritdoc/>
    public IKernel CreateDeciding(KernelTuning tuning) => Create(tuning);

    /// <inheritdoc/>
    public WarmupOutcome WarmUp(Tensor start, RandomKey key, WarmupSettings settings, IProgress<WarmupProgress>? progress = null, CancellationToken cancellation = default)
    {
        WarmupResult<TState> result = Warmup.Run(this, start, key, settings, progress, cancellation);
        return new WarmupOutcome(result.Tuning, result.Position, result.GradientCount, TargetAcceptance, result.Acceptance, result.StepSizes);
    }
}
