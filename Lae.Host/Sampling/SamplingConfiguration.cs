using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Composition;
using Lae.Host.Runs;

namespace Lae.Host.Sampling;

/// <summary>The whole configuration of <c>lae sample</c>: with the seed it decides every number.</summary>
public sealed record SamplingConfiguration : ComputedConfiguration
{
    /// <summary>The defaults.</summary>
    public SamplingConfiguration()
        : base("sample")
    {
    }

    /// <summary>The distribution.</summary>
    [Description("the distribution")]
    [Required]
    public ITargetFactory? Target { get; init; }

    /// <summary>How the chains move.</summary>
    [Description("how the chains move")]
    [Required]
    public IKernelFactory? Kernel { get; init; }

    /// <summary>Chains that run together, 1 to 1,000,000. Default 4.</summary>
    [Description("chains that run together")]
    [Range(1, 1_000_000)]
    public int Chains { get; init; } = 4;

    /// <summary>Transitions after the discarded ones, 1 to 1,000,000,000. Default 1,000.</summary>
    [Description("transitions of each chain after the discarded ones")]
    [Range(1, 1_000_000_000)]
    public int Transitions { get; init; } = 1_000;

    /// <summary>Transitions before the first draw is kept (burn-in), 0 to 1,000,000,000. Default 500.</summary>
    [Description("transitions before the first draw is kept (burn-in)")]
    [Range(0, 1_000_000_000)]
    public int Discard { get; init; } = 500;

    /// <summary>Every how many transitions a draw is kept, counted from the start of the chains; 1 to 1,000,000. Default 1.</summary>
    [Description("every how many transitions a draw is kept, counted from the start of the chains")]
    [Range(1, 1_000_000)]
    public int Thinning { get; init; } = 1;

    /// <summary>Where the chains start.</summary>
    [Description("where the chains start")]
    public StartOptions Start { get; init; } = new();

    /// <summary>What <c>lae laws</c> takes the kernel to claim.</summary>
    [Description("for lae laws only")]
    public LawOptions Laws { get; init; } = new();

    /// <summary>Draws that a whole run keeps of each chain.</summary>
    internal long Draws => (((long)Discard + Transitions) / Thinning) - (Discard / Thinning);
}

/// <summary>Where chains start: positions Centre + Spread ξ with ξ standard normal, independently for each chain.</summary>
public sealed record StartOptions
{
    /// <summary>The middle, d numbers or one for all coordinates. Default 0.</summary>
    [Description("the middle of the starting positions, d numbers or one")]
    [MinLength(1)]
    public double[] Centre { get; init; } = [0];

    /// <summary>The deviation about it, 0 or more; 0 starts all chains in the middle. Default 1.</summary>
    [Description("deviation of the normal numbers added to it; 0 starts all chains there")]
    [Range(0.0, 1e6)]
    public double Spread { get; init; } = 1;
}
