using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Lae.Host.Sampling;

/// <summary>What a kernel claims to be.</summary>
public enum LawClaim
{
    /// <summary>What its steps show: exact if it makes an accept test, unadjusted if its step on a Gaussian is affine, any kernel otherwise.</summary>
    Auto,

    /// <summary>It keeps the target's law exactly, at any step size.</summary>
    Exact,

    /// <summary>It keeps it as its step size goes to 0, and its step on a Gaussian is affine.</summary>
    Unadjusted,

    /// <summary>Nothing: only the laws of running are tried.</summary>
    None,
}

/// <summary>What <c>lae laws</c> takes a kernel to claim.</summary>
public sealed record LawOptions
{
    /// <summary>The claim. Default Auto.</summary>
    [Description("what lae laws takes the kernel to claim; Auto: exact with an accept test, unadjusted if its step on a Gaussian is affine")]
    public LawClaim Claim { get; init; } = LawClaim.Auto;

    /// <summary>The step size on targets of deviation 1, positive; null for the kernel's own.</summary>
    [Description("the kernel's StepSize on the laws' own targets, which have deviations of about 1; its own if not given")]
    [Range(1e-12, 1e6)]
    public double? StepSize { get; init; }

    /// <summary>For an unadjusted kernel the least order of its bias, 1 to 8. Default 1.</summary>
    [Description("least order of the bias of an unadjusted kernel: 1 for Euler schemes, 2 for splittings")]
    [Range(1, 8)]
    public int Order { get; init; } = 1;

    /// <summary>Whether the positions of the chain are reversible, so that the rank test applies to an exact kernel. Default false.</summary>
    [Description("whether the positions of an exact kernel are reversible, so that the rank test applies")]
    public bool Reversible { get; init; }

    /// <summary>Whether all directions are treated alike. Null: unless a Preconditioner or Mass other than Identity is chosen, or coordinates are decided upon one by one.</summary>
    [Description("whether all directions are treated alike; if not given, unless a Preconditioner or a Mass other than Identity is chosen, or coordinates are decided upon one by one")]
    public bool? Isotropic { get; init; }

    /// <summary>Chains of each statistical test of an exact kernel, 100 to 1,000,000. Default 20,000.</summary>
    [Description("chains of each statistical test of an exact kernel")]
    [Range(100, 1_000_000)]
    public int Chains { get; init; } = 20_000;
}
