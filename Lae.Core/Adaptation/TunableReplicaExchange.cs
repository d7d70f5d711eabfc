using System.Collections.Immutable;
using Lae.Annealing;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Adaptation;

/// <summary>
/// Replica exchange with settings open: those of the kernel of its replicas, its ladder, or both. The warm-up finds first the kernel's settings, on the cold target alone; then, in two fifths of its transitions, the temperatures at which
/// all swaps are accepted alike (<see cref="LadderAdaptation"/>), from the ladder given: as many, and as hot. The chains end where the cold replicas do.
/// </summary>
/// <param name="inner">The kernel of the cold replica, its settings open; null if they are not.</param>
/// <param name="temperatures">The ladder, or what to begin with.</param>
/// <param name="findsLadder">Whether the ladder is open.</param>
/// <param name="replica">The kernel of a replica of given settings at a temperature, with the log density of the target at temperature 1.</param>
/// <param name="decidingReplica">The same for the kernel by which settings are found.</param>
public sealed class TunableReplicaExchange(
    ITunableKernel? inner,
    IReadOnlyList<double> temperatures,
    bool findsLadder,
    Func<KernelTuning, double, Kernel<PositionState>> replica,
    Func<KernelTuning, double, Kernel<PositionState>> decidingReplica) : ITunableKernel
{
    private const ulong LadderDomain = 1UL << 60;
    private const int FewestForLadder = 10;
    private const double Share = 0.4;
    private const double FirstStepSize = 0.1;
    private readonly ImmutableArray<double> ladder = TemperatureLadder.Checked(temperatures, nameof(temperatures));

    /// <inheritdoc/>
    public string Name => "replica exchange";

    /// <inheritdoc/>
    public TuningAims Aims => inner?.Aims ?? TuningAims.Nothing;

    /// <inheritdoc/>
    public IKernel Create(KernelTuning tuning) => Exchange(tuning, replica);

    /// <inheritdoc/>
    public IKernel CreateDeciding(KernelTuning tuning) => Exchange(tuning, decidingReplica);

    /// <inheritdoc/>
    public WarmupOutcome WarmUp(Tensor start, RandomKey key, WarmupSettings settings, IProgress<WarmupProgress>? progress = null, CancellationToken cancellation = default)
    {
        _ = Aims.WithTargetAcceptance(settings.TargetAcceptance);
        int pilots = !findsLadder ? 0 : inner is null ? settings.Transitions : (int)(Share * settings.Transitions);
        pilots = pilots < FewestForLadder ? 0 : pilots;
        int before = inner is null ? 0 : settings.Transitions - pilots;
        WarmupOutcome found = inner?.WarmUp(start, key, new WarmupSettings(before, settings.Covariance, settings.Engine, settings.TargetAcceptance), progress is null ? null : new Part(progress, settings.Transitions), cancellation)
            ?? new WarmupOutcome(new KernelTuning(FirstStepSize), start.Detach(), 0, double.NaN, double.NaN, []);
        if (pilots == 0)
        {
            return found;
        }

        // pilot runs of t, 2 t, 4 t, … transitions
        int rounds = Math.Clamp((int)Math.Log2((pilots / (double)FewestForLadder) + 1), 1, 5);
        int done = before;
        AdaptedLadder adapted = LadderAdaptation.Adapt(
            ladder, temperature => replica(found.Tuning, temperature), found.Position, key.FoldIn(LadderDomain), rounds, pilots / ((1 << rounds) - 1), settings.Engine, Observe);
        return found with { Tuning = found.Tuning.WithTemperatures(adapted.Temperatures), Position = adapted.Position!, GradientCount = found.GradientCount + adapted.GradientCount };

        void Observe(StepInfo info)
        {
            progress?.Report(new WarmupProgress(++done, settings.Transitions, found.Tuning.StepSize, info.MeanAcceptance));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private Kernel<ReplicaExchangeState<PositionState>> Exchange(KernelTuning tuning, Func<KernelTuning, double, Kernel<PositionState>> of) =>
        ReplicaExchange.Create(findsLadder && !tuning.Temperatures.IsEmpty ? tuning.Temperatures : ladder, temperature => of(tuning, temperature));

    /// <summary>Progress of a first part, told as progress of the whole.</summary>
    private sealed class Part(IProgress<WarmupProgress> whole, long total) : IProgress<WarmupProgress>
    {
        public void Report(WarmupProgress value) => whole.Report(value with { Total = total });
    }
}
