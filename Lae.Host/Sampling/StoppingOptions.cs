using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Lae.Host.Sampling;

/// <summary>When it is enough: sampling ends when every quantity named has what is asked for, or the seconds are used up, or all transitions are done.</summary>
public sealed record StoppingOptions
{
    /// <summary>Effective sample size, bulk and tail, that every quantity must reach, positive. Default none.</summary>
    [Description("stop when the effective sample size, bulk and tail, of every quantity is at least this")]
    [Range(1.0, 1e12)]
    public double? EffectiveSampleSize { get; init; }

    /// <summary>Standard error of the mean, in the unit of the quantity, that no quantity may exceed, positive. Default none.</summary>
    [Description("stop when the Monte Carlo standard error of the mean of every quantity is at most this, in its own unit")]
    [Range(1e-300, 1e300)]
    public double? MonteCarloError { get; init; }

    /// <summary>The quantities that count; <c>beta</c> stands for <c>beta[1]</c>, <c>beta[2]</c>, …. Default all.</summary>
    [Description("names of the quantities that count, beta for beta[1], beta[2], ...; all if empty")]
    public string[] Quantities { get; init; } = [];

    /// <summary>Seconds that sampling may take, warm-up not counted, positive. Default no limit.</summary>
    [Description("seconds that sampling may take, warm-up not counted")]
    [Range(0.001, 1e9)]
    public double? Seconds { get; init; }

    /// <summary>Transitions after the warm-up at which a run stopped: written into its config.json, so that a replay stops there, whatever rule and clock say.</summary>
    [Description("set by a run that stopped early, in its config.json: a replay does as many transitions, whatever rule and clock say")]
    [Range(1, 1_000_000_000)]
    public int? StoppedAt { get; init; }
}
