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

    /// <summary>How the chains move. Default MALT, tuned by the warm-up.</summary>
    [Description("how the chains move; without StepSize it is tuned by the warm-up")]
    [DefaultValue("MALT")]
    public IKernelFactory? Kernel { get; init; }

    /// <summary>Chains that run together, 1 to 1,000,000. Default 4.</summary>
    [Description("chains that run together")]
    [Range(1, 1_000_000)]
    public int Chains { get; init; } = 4;

    /// <summary>What comes before the draws.</summary>
    [Description("what comes before the draws")]
    public WarmupOptions Warmup { get; init; } = new();

    /// <summary>Transitions after the warm-up, 1 to 1,000,000,000; with <see cref="Stopping"/> the most. Default 1,000.</summary>
    [Description("transitions of each chain after the warm-up; with Stopping the most")]
    [Range(1, 1_000_000_000)]
    public int Transitions { get; init; } = 1_000;

    /// <summary>Every how many transitions after the warm-up a draw is kept, 1 to 1,000,000. Default 1.</summary>
    [Description("every how many transitions after the warm-up a draw is kept")]
    [Range(1, 1_000_000)]
    public int Thinning { get; init; } = 1;

    /// <summary>What is kept of the draws. Default Draws.</summary>
    [Description("Draws: draws.zarr and CmdStan's csv; Zarr: draws.zarr alone; Figures: no draw, only means, sds, R-hat and effective sizes, in memory that does not grow")]
    public KeptDraws Keep { get; init; } = KeptDraws.Draws;

    /// <summary>When it is enough.</summary>
    [Description("when it is enough, before all Transitions are done")]
    public StoppingOptions Stopping { get; init; } = new();

    /// <summary>Whether modes that no chain visited are looked for after sampling. Default true.</summary>
    [Description("whether modes that no chain visited are looked for after sampling, at no more than a tenth of the gradients, or 4,000 in a short run")]
    public bool ModeSearch { get; init; } = true;

    /// <summary>Time between checkpoints, in seconds, 0 or more; 0 keeps one after every transition. Default 10.</summary>
    [Description("seconds between checkpoints; 0: after every transition")]
    [Range(0.0, 86_400.0)]
    public double CheckpointEverySeconds { get; init; } = 10;

    /// <summary>Where the chains start.</summary>
    [Description("where the chains start")]
    public StartOptions Start { get; init; } = new();

    /// <summary>What <c>lae laws</c> takes the kernel to claim.</summary>
    [Description("for lae laws only")]
    public LawOptions Laws { get; init; } = new();
}

/// <summary>What is kept of the draws of a run.</summary>
public enum KeptDraws
{
    /// <summary>Every draw, as Zarr and as CmdStan's CSV.</summary>
    Draws,

    /// <summary>Every draw, as Zarr.</summary>
    Zarr,

    /// <summary>No draw: figures that come from looking at each draw once.</summary>
    Figures,
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
