using System.Collections.Immutable;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using MathNet.Numerics;

namespace Lae.Adaptation;

/// <summary>
/// MCLMC with its settings open. Its warm-up is <see cref="MicrocanonicalTuning"/>: step size by the variance v of the energy error for each dimension, decoherence length by the autocorrelation. Its twin is the adjusted sampler of one
/// step, whose energy error has variance σ² = v d, and so the acceptance
/// <code>
///     δ = 2 Φ(−σ/2) = erfc(√(v d/8))
/// </code>
/// (energy errors of an exact law are nearly N(σ²/2, σ²)). Among other kernels that are tuned with it, and in warm-ups of fewer than 20 transitions, it is tuned by its twin to that acceptance, with L = √(d T).
/// </summary>
public sealed class TunableMicrocanonical : ITunableKernel
{
    private const int FewestTransitions = 20;
    private readonly Target target;
    private readonly double? decoherenceLength;
    private readonly double temperature;
    private readonly Preconditioner? preconditioner;
    private readonly IsokineticIntegrator integrator;
    private readonly double energyVariance;

    /// <summary>The kernel, its settings open.</summary>
    /// <param name="target">The distribution, of 2 dimensions or more.</param>
    /// <param name="decoherenceLength">L; found if null.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="preconditioner">P; found if null.</param>
    /// <param name="integrator">How a step is divided.</param>
    /// <param name="energyVariance">v, positive.</param>
    public TunableMicrocanonical(
        Target target,
        double? decoherenceLength = null,
        double temperature = 1,
        Preconditioner? preconditioner = null,
        IsokineticIntegrator integrator = IsokineticIntegrator.MinimalNorm,
        double energyVariance = 5e-4)
    {
        _ = new MicrocanonicalTuningSettings(energyVariance: energyVariance, temperature: temperature);
        this.target = target;
        this.decoherenceLength = decoherenceLength;
        this.temperature = temperature;
        this.preconditioner = preconditioner;
        this.integrator = integrator;
        this.energyVariance = energyVariance;
        Aims = new TuningAims(SpecialFunctions.Erfc(Math.Sqrt(energyVariance * target.Dimension / 8)))
        {
            Temperature = temperature,
            Scale = preconditioner is null ? ScaleSource.Positions : ScaleSource.Given,
            Unit = StepSizeUnit.Way,
            IsAcceptanceOpen = false, // it follows from the variance of the energy
            IsUnadjusted = true,
        };
    }

    /// <inheritdoc/>
    public string Name => "MCLMC";

    /// <inheritdoc/>
    public TuningAims Aims { get; }

    private double ThermalLength => Math.Sqrt(target.Dimension * temperature);

    /// <inheritdoc/>
    public IKernel Create(KernelTuning tuning) => MicrocanonicalLangevin.Create(target, new MicrocanonicalSettings(
        tuning.StepSize, decoherenceLength ?? tuning.DecoherenceLength ?? ThermalLength, temperature, preconditioner ?? tuning.Preconditioner, integrator));

    /// <inheritdoc/>
    public IKernel CreateDeciding(KernelTuning tuning) => AdjustedMicrocanonical.Create(
        target, new AdjustedMicrocanonicalSettings(tuning.StepSize, 1, randomLength: false, temperature, preconditioner ?? tuning.Preconditioner, integrator));

    /// <inheritdoc/>
    public WarmupOutcome WarmUp(Tensor start, RandomKey key, WarmupSettings settings, IProgress<WarmupProgress>? progress = null, CancellationToken cancellation = default)
    {
        _ = Aims.WithTargetAcceptance(settings.TargetAcceptance);
        if (settings.Transitions < FewestTransitions)
        {
            return Warmup.Standard(this).Run(start, key, settings, progress, cancellation);
        }

        ImmutableArray<double>.Builder stepSizes = ImmutableArray.CreateBuilder<double>(settings.Transitions);
        double sum = 0;
        int last = settings.Transitions / 10;
        MicrocanonicalTuningSettings aims = new(
            settings.Transitions, energyVariance, preconditioner is null, temperature, integrator, settings.Covariance, preconditioner, settings.Engine);
        MicrocanonicalTuned tuned = MicrocanonicalTuning.Tune(target, start, key, aims, Observe);
        MicrocanonicalSettings found = tuned.Settings;
        KernelTuning tuning = new KernelTuning(found.StepSize, tuned.Covariance).WithDecoherenceLength(decoherenceLength is null ? found.DecoherenceLength : null);
        return new WarmupOutcome(tuning, tuned.Position, tuned.GradientCount, Aims.TargetAcceptance, sum / last, stepSizes.ToImmutable());

        void Observe(double stepSize, double acceptance)
        {
            stepSizes.Add(stepSize);
            sum += stepSizes.Count > settings.Transitions - last ? acceptance : 0;
            progress?.Report(new WarmupProgress(stepSizes.Count, settings.Transitions, stepSize, acceptance));
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
