using System.Collections.Immutable;
using Lae.Numerics.Engines;
using Lae.Targets;

namespace Lae.Annealing;

/// <summary>How annealed importance sampling is to go.</summary>
public sealed record AnnealedImportanceSettings
{
    private readonly Func<Target, Target, double, Target> way;

    /// <summary>Settings with checked ranges.</summary>
    /// <param name="schedule">β_0 … β_K, rising from 0 to 1.</param>
    /// <param name="chains">How many, 1 or more; a standard error needs two.</param>
    /// <param name="transitions">Transitions at each β between the ends, 1 or more.</param>
    /// <param name="way">The density at β between two targets; the geometric one, π₀^{1−β} π₁^β, if null. It must be π₀ at 0 and π₁ at 1.</param>
    /// <param name="engine">Who computes; the default engine if null.</param>
    public AnnealedImportanceSettings(IReadOnlyList<double> schedule, int chains, int transitions = 1, Func<Target, Target, double, Target>? way = null, IEngine? engine = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chains, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(transitions, 1);
        Schedule = InverseTemperatures.Checked(schedule, nameof(schedule));
        Chains = chains;
        Transitions = transitions;
        Engine = engine;
        this.way = way ?? Tempering.Bridge;
    }

    /// <summary>β_0 … β_K.</summary>
    public ImmutableArray<double> Schedule { get; }

    /// <summary>How many chains.</summary>
    public int Chains { get; }

    /// <summary>Transitions at each β between the ends.</summary>
    public int Transitions { get; }

    /// <summary>Who computes; the default engine if null.</summary>
    public IEngine? Engine { get; }

    /// <summary>f_0 … f_K with their β; the ends are the targets themselves.</summary>
    internal IEnumerable<(double Beta, Target Density)> Densities(Target from, Target to) =>
        Schedule.Select(beta => (beta, beta == 0 ? from : beta == 1 ? to : way(from, to, beta)));
}
