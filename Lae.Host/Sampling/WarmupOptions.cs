using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Lae.Host.Sampling;

/// <summary>What comes before the draws.</summary>
public sealed record WarmupOptions
{
    /// <summary>Transitions before the first draw, 0 to 1,000,000,000. Default 1,000.</summary>
    [Description("transitions of each chain before the draws")]
    [Range(0, 1_000_000_000)]
    public int Transitions { get; init; } = 1_000;
}
