using Lae.Numerics.Engines;

namespace Lae.Adaptation;

/// <summary>What of the covariance a warm-up learns.</summary>
public enum CovarianceKind
{
    /// <summary>The whole matrix where it predicts the positions of the second half of a window better, learned from the first half, than the variances alone do; see <see cref="WindowCovariance"/>.</summary>
    Auto,

    /// <summary>The variances.</summary>
    Diagonal,

    /// <summary>The whole matrix.</summary>
    Dense,
}

/// <summary>What a warm-up is to do.</summary>
public sealed record WarmupSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="transitions">Transitions of each chain, 0 or more; 0 finds a rough step size alone.</param>
    /// <param name="covariance">What is learned of the scale.</param>
    /// <param name="engine">Who computes; the default engine if null.</param>
    /// <param name="targetAcceptance">The acceptance to aim at, in (0, 1); that of the kernel if null.</param>
    public WarmupSettings(int transitions = 1000, CovarianceKind covariance = CovarianceKind.Auto, IEngine? engine = null, double? targetAcceptance = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        Transitions = transitions;
        Covariance = covariance;
        Engine = engine;
        TargetAcceptance = targetAcceptance is null or (> 0 and < 1)
            ? targetAcceptance
            : throw new ArgumentOutOfRangeException(nameof(targetAcceptance), targetAcceptance, "An acceptance to aim at must be in (0, 1).");
    }

    /// <summary>Transitions of each chain.</summary>
    public int Transitions { get; }

    /// <summary>What is learned of the scale.</summary>
    public CovarianceKind Covariance { get; }

    /// <summary>The acceptance to aim at; that of the kernel if null.</summary>
    public double? TargetAcceptance { get; }

    /// <summary>Who computes.</summary>
    public IEngine? Engine { get; }
}
