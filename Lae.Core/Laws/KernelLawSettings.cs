using Lae.Randomness;

namespace Lae.Laws;

/// <summary>What is claimed of a kernel, and how much is to be spent on finding the claim wrong: the arguments of <see cref="KernelLaws"/>. The defaults fit a Langevin kernel at temperature 1.</summary>
public sealed record KernelLawSettings
{
    /// <summary>T at which the kernel runs: the law claimed is π^{1/T}. Positive; choose T ≠ 1 where the kernel has a temperature, since wrong powers of T do not show at 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Gradients of the target that a transition costs each chain (law R-8): 1 for Langevin kernels, the steps of the path for HMC; null where it varies, and is not checked.</summary>
    public int? GradientsPerTransition { get; init; } = 1;

    /// <summary>
    /// Whether the positions of the chain are reversible, so that the rank test applies: true for one Metropolis step (MALA, HMC with fresh momenta, NUTS), false for kernels with persistent momenta
    /// and for compositions.
    /// </summary>
    public bool IsReversible { get; init; } = true;

    /// <summary>Whether all directions are treated alike; false for a kernel with a preconditioner or a mass matrix.</summary>
    public bool IsIsotropic { get; init; } = true;

    /// <summary>Whether a NaN or an infinity of the target is refused as laws R-9 ask; true unless the kernel's own documentation promises otherwise.</summary>
    public bool RefusesNonFinite { get; init; } = true;

    /// <summary>
    /// For an unadjusted kernel: the order p of the bias of its stationary covariance, O(hᵖ), 1 or more: 1 for Euler schemes such as ULA, 2 for splittings such as OBABO. A kernel without any bias on Gaussians passes whatever p.
    /// </summary>
    public int Order { get; init; } = 1;

    /// <summary>Columns of the positions on which the kernel is tested, 2 or more.</summary>
    public int Dimension { get; init; } = 3;

    /// <summary>Chains of each statistical test, 100 or more.</summary>
    public int Chains { get; init; } = 20_000;

    /// <summary>The largest probability that a right kernel fails, all statistical tests together.</summary>
    public double FalseAlarm { get; init; } = 1e-6;

    /// <summary>All randomness; to be fixed beforehand and never chosen by trial.</summary>
    public RandomKey Key { get; init; } = RandomKey.FromSeed(20_261_122);

    /// <summary>Throws if a value is out of its range.</summary>
    internal void RequireValid()
    {
        if (!(Temperature > 0) || !double.IsFinite(Temperature))
        {
            throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "A temperature must be positive and finite.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(GradientsPerTransition ?? 1, 1, nameof(GradientsPerTransition));
        ArgumentOutOfRangeException.ThrowIfLessThan(Order, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Dimension, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Chains, 100);
        Laws.FalseAlarm.Require(FalseAlarm);
    }
}
