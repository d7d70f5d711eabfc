using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Adaptation;
using Lae.Numerics.Engines;

namespace Lae.Host.Sampling;

/// <summary>What comes before the draws: a kernel without StepSize is tuned, any other only moves on (burn-in).</summary>
public sealed record WarmupOptions
{
    /// <summary>Transitions before the first draw, 0 to 1,000,000,000. Default 1,000.</summary>
    [Description("transitions of each chain before the draws; they tune a kernel without StepSize, and are left out (burn-in) with any other")]
    [Range(0, 1_000_000_000)]
    public int Transitions { get; init; } = 1_000;

    /// <summary>What is learned of the target's scale. Default Auto.</summary>
    [Description("what is learned of the scale of the target: its variances, the whole covariance, or what of both does better")]
    public CovarianceKind Scale { get; init; } = CovarianceKind.Auto;

    /// <summary>The acceptance to aim at, above 0 and below 1; higher means smaller steps. Default that of the kernel.</summary>
    [Description("mean acceptance to tune the step size to, higher for smaller steps; the kernel's own if not given")]
    [Range(0.01, 0.999)]
    public double? TargetAcceptance { get; init; }

    /// <summary>The settings of a warm-up.</summary>
    /// <param name="engine">Who computes.</param>
    public WarmupSettings ToSettings(IEngine engine) => new(Transitions, Scale, engine, TargetAcceptance);
}
