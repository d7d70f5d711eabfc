using Lae.Numerics.Engines;

namespace Lae.Modes;

/// <summary>How far and how widely a search for modes looks.</summary>
public sealed record ModeSearchSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="walkers">Walkers that start about the draws, an even number from 2 to 10,000: they start in pairs on opposite sides. Default 32.</param>
    /// <param name="nearest">How far the first pair starts, in standard deviations of the draws, positive. Default 2.</param>
    /// <param name="farthest">How far the last pair starts, at least <paramref name="nearest"/> and finite; the others lie between on a log scale. Default 1,000.</param>
    /// <param name="mostGradients">
    /// What the search may cost, 1 or more gradients, each at one position. Default 10,000, which is never reached with 32 walkers; with fewer, first places are not run from, then walkers stop where they are.
    /// </param>
    /// <param name="engine">Who computes; the default engine if null.</param>
    public ModeSearchSettings(int walkers = 32, double nearest = 2, double farthest = 1000, long mostGradients = 10_000, IEngine? engine = null)
    {
        if (walkers is < 2 or > 10_000 || walkers % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(walkers), walkers, "An even number from 2 to 10,000 is needed.");
        }

        if (!(nearest > 0) || !double.IsFinite(nearest))
        {
            throw new ArgumentOutOfRangeException(nameof(nearest), nearest, "Must be positive and finite.");
        }

        if (!(farthest >= nearest) || !double.IsFinite(farthest))
        {
            throw new ArgumentOutOfRangeException(nameof(farthest), farthest, $"Must be finite and at least {nearest}.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(mostGradients, 1);
        Walkers = walkers;
        Nearest = nearest;
        Farthest = farthest;
        MostGradients = mostGradients;
        Engine = engine;
    }

    /// <summary>Walkers that start about the draws.</summary>
    public int Walkers { get; }

    /// <summary>Deviations of the first pair's start.</summary>
    public double Nearest { get; }

    /// <summary>Deviations of the last pair's start.</summary>
    public double Farthest { get; }

    /// <summary>What the search may cost.</summary>
    public long MostGradients { get; }

    /// <summary>Who computes.</summary>
    public IEngine? Engine { get; }
}
