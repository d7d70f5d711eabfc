using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Adaptation;

/// <summary>
/// A kernel whose settings are open: a function from what a warm-up finds to an ordinary kernel, and what is to be found. A kernel that makes no accept test names a twin that does, of the same dynamics at the same settings: where
/// the twin hardly ever refuses, the kernel's bias is small.
/// </summary>
/// <typeparam name="TState">The state type.</typeparam>
/// <param name="Name">What it is called in messages.</param>
/// <param name="Aims">What is to be found.</param>
/// <param name="Create">The kernel of given settings: a pure function.</param>
/// <param name="Twin">A kernel of the same settings that reports an acceptance probability; null where the kernel itself does.</param>
public sealed record TunableKernel<TState>(string Name, TuningAims Aims, Func<KernelTuning, Kernel<TState>> Create, Func<KernelTuning, IKernel>? Twin = null) : ITunableKernel
    where TState : class, IKernelState<TState>
{
    /// <summary>A kernel that decides, tuned to an acceptance.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    /// <param name="create">The kernel of given settings.</param>
    public TunableKernel(string name, double targetAcceptance, Func<KernelTuning, Kernel<TState>> create)
        : this(name, new TuningAims(targetAcceptance), create)
    {
    }

    IKernel ITunableKernel.Create(KernelTuning tuning) => Create(tuning);

    /// <inheritdoc/>
    public IKernel CreateDeciding(KernelTuning tuning) => Twin?.Invoke(tuning) ?? Create(tuning);

    /// <inheritdoc/>
    public WarmupOutcome WarmUp(Tensor start, RandomKey key, WarmupSettings settings, IProgress<WarmupProgress>? progress = null, CancellationToken cancellation = default) =>
        Warmup.Standard(this).Run(start, key, settings, progress, cancellation);
}
