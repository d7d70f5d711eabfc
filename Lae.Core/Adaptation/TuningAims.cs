using Lae.Targets;

namespace Lae.Adaptation;

/// <summary>What the step size of a kernel is measured in, so that kernels of several kinds can share one.</summary>
public enum StepSizeUnit
{
    /// <summary>The time ε of Hamiltonian and underdamped dynamics.</summary>
    Time,

    /// <summary>The h of overdamped dynamics: h = ε²/2 moves as far as a leapfrog step of ε does.</summary>
    Diffusion,

    /// <summary>The way of a microcanonical step: √d ε, since a thermal velocity is √d long.</summary>
    Way,
}

/// <summary>From what a warm-up learns the scale.</summary>
public enum ScaleSource
{
    /// <summary>From nothing: the kernel keeps the one that it was given.</summary>
    Given,

    /// <summary>From the covariance of positions.</summary>
    Positions,

    /// <summary>From the mean of the squared gradients, whose inverse stands in place of variances: where a kernel scales itself so.</summary>
    Gradients,
}

/// <summary>What a warm-up is to find for a kernel.</summary>
public sealed record TuningAims
{
    /// <summary>Aims with checked ranges.</summary>
    /// <param name="targetAcceptance">δ, in (0, 1).</param>
    public TuningAims(double targetAcceptance) => TargetAcceptance = targetAcceptance > 0 && targetAcceptance < 1
        ? targetAcceptance
        : throw new ArgumentOutOfRangeException(nameof(targetAcceptance), targetAcceptance, "An acceptance to aim at must be in (0, 1).");

    private TuningAims() => TargetAcceptance = double.NaN;

    /// <summary>Aims of a kernel whose step size and scale are given.</summary>
    public static TuningAims Nothing { get; } = new() { Scale = ScaleSource.Given, IsAcceptanceOpen = false };

    /// <summary>δ; NaN where there is none to be reached.</summary>
    public double TargetAcceptance { get; private init; }

    /// <summary>Whether another acceptance can be asked for; false where the step size is found by something else. Default true.</summary>
    public bool IsAcceptanceOpen { get; init; } = true;

    /// <summary>T of the law π^{1/T} that the kernel samples, by which covariances are divided; positive. Default 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>What the scale is learned from. Default positions.</summary>
    public ScaleSource Scale { get; init; } = ScaleSource.Positions;

    /// <summary>The length of trajectories to begin with, in coordinates of variance 1; null for kernels without, or that keep their own.</summary>
    public double? PathLength { get; init; }

    /// <summary>Whether the kernel makes no accept test, so that it is the acceptance of its twin that keeps its bias small.</summary>
    public bool IsUnadjusted { get; init; }

    /// <summary>What the step size is measured in.</summary>
    public StepSizeUnit Unit { get; init; }

    /// <summary>x = f(y) where the kernel moves y, and its scale is that of y; null where it moves x.</summary>
    public Bijection? Variables { get; init; }

    /// <summary>The same with another acceptance.</summary>
    /// <param name="targetAcceptance">δ, in (0, 1); null for that of the kernel.</param>
    /// <returns>New aims.</returns>
    /// <exception cref="ArgumentException">The step size is not found by an acceptance.</exception>
    public TuningAims WithTargetAcceptance(double? targetAcceptance) => targetAcceptance is not { } other ? this
        : IsAcceptanceOpen ? this with { TargetAcceptance = new TuningAims(other).TargetAcceptance }
        : throw new ArgumentException("The step size of this kernel is not found by an acceptance, so that none can be asked for.", nameof(targetAcceptance));
}
