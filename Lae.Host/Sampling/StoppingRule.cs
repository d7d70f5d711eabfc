using Lae.Composition;
using Lae.Diagnostics;
using Lae.Host.Configuration;

namespace Lae.Host.Sampling;

/// <summary>
/// When it is enough: looked at after 100 draws of each chain, and then whenever there are a quarter more. What the draws say decides; only a budget in seconds reads the clock, at every draw. Where a run stopped, its own configuration
/// says (<see cref="StoppingOptions.StoppedAt"/>), and nothing is looked at in a replay.
/// </summary>
internal sealed class StoppingRule
{
    private const long First = 100;
    private const long Quarter = 4;

    private readonly StoppingOptions options;
    private readonly IReadOnlyList<string> names;
    private readonly int[] watched;

    private StoppingRule(StoppingOptions options, IReadOnlyList<string> names, int[] watched)
    {
        this.options = options;
        this.names = names;
        this.watched = watched;
    }

    private bool LooksAtDraws => options.StoppedAt is null && (options.EffectiveSampleSize is not null || options.MonteCarloError is not null);

    /// <summary>The rule of a configuration.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="names">The names of the quantities.</param>
    /// <exception cref="ConfigurationException">A quantity is not among them.</exception>
    public static StoppingRule Of(StoppingOptions options, IReadOnlyList<string> names)
    {
        // beta stands for beta[1], beta[2], …
        int[] watched = [.. options.Quantities.SelectMany(quantity =>
        {
            int[] found = [.. Enumerable.Range(0, names.Count).Where(i => names[i] == quantity || names[i].StartsWith(quantity + "[", StringComparison.Ordinal))];
            return found.Length > 0
                ? found
                : throw new ConfigurationException(null, "Stopping:Quantities", $"there is no quantity \"{quantity}\"{NearestKey.Suggest(quantity, names)}; known: {string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : "")}");
        }).Distinct()];
        return new StoppingRule(options, names, watched.Length > 0 ? watched : [.. Enumerable.Range(0, names.Count)]);
    }

    /// <summary>The next number of draws at which to look.</summary>
    /// <param name="draws">Draws so far.</param>
    /// <returns>More than that; far away if draws do not decide.</returns>
    public long NextCheck(long draws)
    {
        if (!LooksAtDraws)
        {
            return int.MaxValue;
        }

        long check = First;
        while (check <= draws)
        {
            check += check / Quarter;
        }

        return check;
    }

    /// <summary>Whether the draws so far are enough; false between the numbers of draws at which to look.</summary>
    /// <param name="keeper">The draws.</param>
    public bool IsEnough(IDrawKeeper keeper)
    {
        if (!LooksAtDraws || NextCheck(keeper.Count - 1) != keeper.Count)
        {
            return false;
        }

        Func<int, ParameterSummary> figures = Figures(keeper);
        return Array.TrueForAll(watched, i =>
        {
            ParameterSummary one = figures(i);
            double size = double.IsNaN(one.EssTail) ? one.EssBulk : Math.Min(one.EssBulk, one.EssTail);

            // a quantity that never changes has neither
            return one.Sd == 0 || ((options.EffectiveSampleSize is not { } least || size >= least) && (options.MonteCarloError is not { } most || one.McseMean <= most));
        });
    }

    /// <summary>Whether the budget in seconds is used up.</summary>
    /// <param name="seconds">Time that sampling has taken.</param>
    public bool IsTimeUp(double seconds) => options.StoppedAt is null && seconds >= options.Seconds;

    private Func<int, ParameterSummary> Figures(IDrawKeeper keeper)
    {
        if (keeper.Stored() is { IsTooLong: false } stored)
        {
            return i => ParameterSummary.Of(names[i], stored.Of(i));
        }

        DrawSummary all = keeper.Summarize();
        return i => all.Parameters[i];
    }
}
