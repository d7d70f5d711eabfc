using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Modes;

/// <summary>
/// A search, after sampling, for modes that no chain visited, by a pure function of (target, draws, key, settings). In the coordinates in which the draws have covariance I:
/// <code>
///     walkers start at y = (a draw) ± r ξ, ξ ~ N(0, I), r from 2 to 1,000 on a log scale, and where the caller says;
///     they climb to a place where log π rises no more (<see cref="Ascent"/>), as do 8 draws;
///     a place is looked at further if it is far from the draws, with a barrier on the way to the nearest place that a draw climbs to;
///     there 4 walkers run by an exact kernel (<see cref="Settling"/>): do they come back to the draws, and how much mass is there (<see cref="LogMass"/>)?
/// </code>
/// <see cref="ModeEvidence"/> says what then counts as an unvisited mode. At most 4 places are run from, the highest first.
/// <para>
/// It can never prove that there is no other mode. A mode of the same shape as that of the draws is found at any distance and in any dimension, since about half of all far starts lie on its side; one that is wider, too. A mode narrower by a
/// factor ρ attracts walkers from a ball of about ρ times its distance: with ρ = 0.5 it is found with four keys in five in 1 dimension, with every second in 2, and not in 10. The figures are in docs/modes.md.
/// </para>
/// <para>Cost: 500 to 2,500 gradients, each at one position and all walkers in one call, where there is one mode; up to 1,800 more for each of at most 4 places; never more than the settings allow.</para>
/// </summary>
public static class ModeSearch
{
    private const int MostDraws = 4_000;
    private const int References = 256;
    private const int Homes = 8;
    private const int MostPlaces = 4;
    private const int Between = 15;
    private const int MostHalvings = 30;
    private const double SamePlace = 0.5;
    private const double LeastAcceptance = 0.05;
    private const ulong StartDomain = 1;
    private const ulong RunDomain = 2;

    /// <summary>Searches.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="draws">[n, dimension] or [draws, chains, dimension], 4 or more, finite. Of more than 4,000, so many are taken, evenly spread.</param>
    /// <param name="key">The key of all draws of the search: one of its own, not that of the run's transitions.</param>
    /// <param name="starts">More places to start from, [n, dimension], such as draws of the distribution that the run started from; null for none.</param>
    /// <param name="settings">How far and widely; the defaults if null.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ArgumentException">There are fewer than 4 draws, one is not finite, or a shape does not fit.</exception>
    public static ModeSearchResult Run(Target target, Tensor draws, RandomKey key, Tensor? starts = null, ModeSearchSettings? settings = null)
    {
        ModeSearchSettings aims = settings ?? new ModeSearchSettings();
        Tensor rows = Rows(target, draws);
        if (rows.Shape[0] < 4)
        {
            throw new ArgumentException($"4 draws or more are needed, not {rows.Shape[0]}.", nameof(draws));
        }

        WhitenedDraws whitened = WhitenedDraws.Of(target, rows.GatherRows([.. WhitenedDraws.Spread(rows.Shape[0], MostDraws)]), References);
        Heights heights = new(whitened.Target, aims.MostGradients, aims.Engine);
        (double[] values, double[][] gradients) = heights.At(whitened.References);
        SettledDraw[] references = [.. whitened.References.Select((position, i) => new SettledDraw(position, values[i], gradients[i]))];
        // a Gaussian's top is d/2 above its mean height
        double ceiling = values.Max() + target.Dimension;
        List<double[]> from = [.. StartsAbout(whitened, key.FoldIn(StartDomain), aims)];
        if (starts is not null)
        {
            from.AddRange(WhitenedDraws.Split(whitened.FromTarget(Rows(target, starts).Cast(target.DType))));
        }

        List<Summit> known = [];
        foreach (Summit home in Ascent.Climb(heights, [.. WhitenedDraws.Spread(references.Length, Homes).Select(i => whitened.References[i])], ceiling, Ascent.ManySteps))
        {
            if (IsNew(home, known))
            {
                known.Add(home);
            }
        }

        ImmutableArray<ModeEvidence>.Builder places = ImmutableArray.CreateBuilder<ModeEvidence>();
        bool isComplete = true;
        foreach (Summit rough in Ascent.Climb(heights, Nearer(heights, whitened, from), ceiling, Ascent.FewSteps)
            .OrderByDescending(summit => whitened.RemotenessOf(summit.Position).IsFar).ThenByDescending(summit => summit.Height))
        {
            if (!IsNew(rough, known))
            {
                continue;
            }

            if (places.Count == MostPlaces || heights.Remaining < Ascent.ManySteps + Between + Settling.MostGradients)
            {
                isComplete = false;
                break;
            }

            known.Add(rough);
            // most walkers are known by now; the few others are followed until they rest, as along a bent valley
            Summit summit = Ascent.Climb(heights, [rough.Position], ceiling, Ascent.ManySteps)[0];
            if (!summit.IsAtRest || !IsNew(summit, known, except: rough))
            {
                continue;
            }

            known.Add(summit);
            Remoteness remoteness = whitened.RemotenessOf(summit.Position);
            double barrier = heights.Barrier(summit, known.Where(other => other != summit && other != rough).MinBy(other => WhitenedDraws.Distance(other.Position, summit.Position))!, Between);
            if (barrier > ModeEvidence.LeastBarrier)
            {
                Settled settled = Settling.Run(heights, summit.Position, key.FoldIn(RunDomain).FoldIn((ulong)places.Count));
                places.Add(Judge(whitened, references, summit, remoteness, barrier, settled));
            }
        }

        return new ModeSearchResult(places.ToImmutable(), isComplete && heights.Remaining > 0, heights.Count);
    }

    private static ModeEvidence Judge(WhitenedDraws whitened, SettledDraw[] references, Summit summit, Remoteness remoteness, double barrier, Settled settled)
    {
        // where the walkers stayed, if some did
        IReadOnlyList<SettledDraw>[] kept = [.. settled.Walkers.Where(walker => remoteness.IsKept([.. walker.Skip(walker.Count / 2).Select(draw => draw.Position)]))];
        double mass = settled.Acceptance < LeastAcceptance
            ? double.NegativeInfinity
            : LogMass.Of([.. (kept.Length > 0 ? kept : settled.Walkers).SelectMany(walker => walker)]) - LogMass.Of(references);
        Tensor position = whitened.ToTarget(Tensor.FromArray(summit.Position, 1, summit.Position.Length).Cast(whitened.Target.DType));
        return new ModeEvidence([.. position.ToArray()], summit.Height, mass, remoteness.IsFar, barrier, 1 - ((double)kept.Length / settled.Walkers.Count));
    }

    private static bool IsNew(Summit summit, List<Summit> known, Summit? except = null) =>
        known.All(other => other == except || WhitenedDraws.Distance(other.Position, summit.Position) >= SamePlace);

    /// <summary>Pairs on opposite sides of draws, from near to far.</summary>
    private static IEnumerable<double[]> StartsAbout(WhitenedDraws whitened, RandomKey key, ModeSearchSettings aims)
    {
        int pairs = aims.Walkers / 2;
        int d = whitened.Target.Dimension;
        double[] normal = new double[checked(pairs * d)];
        RowDraws.Normal(key, 0, 0, pairs, d, normal);
        for (int pair = 0; pair < pairs; pair++)
        {
            double scale = aims.Nearest * Math.Pow(aims.Farthest / aims.Nearest, pairs == 1 ? 0 : pair / (pairs - 1.0));
            double[] about = whitened.References[(int)((long)pair * whitened.References.Count / pairs)];
            double[] away = normal.AsSpan(pair * d, d).ToArray();
            yield return [.. about.Zip(away, (middle, xi) => middle + (scale * xi))];
            yield return [.. about.Zip(away, (middle, xi) => middle - (scale * xi))];
        }
    }

    /// <summary>The starts, each brought half way to a draw as often as it takes for log π to be finite there.</summary>
    private static List<double[]> Nearer(Heights heights, WhitenedDraws whitened, List<double[]> starts)
    {
        List<double[]> found = [.. starts];
        int[] open = [.. Enumerable.Range(0, starts.Count)];
        for (int i = 0; i < MostHalvings && open.Length > 0 && heights.Remaining >= open.Length; i++)
        {
            (double[] values, _) = heights.At([.. open.Select(k => found[k])]);
            open = [.. open.Where((_, j) => !double.IsFinite(values[j]))];
            foreach (int k in open)
            {
                found[k] = [.. found[k].Zip(whitened.References[k % whitened.References.Count], (value, draw) => 0.5 * (value + draw))];
            }
        }

        return found;
    }

    private static Tensor Rows(Target target, Tensor positions)
    {
        if (positions.Rank is not (2 or 3) || positions.Shape[positions.Rank - 1] != target.Dimension)
        {
            throw new ArgumentException($"Positions [n, {target.Dimension}] are needed, not {positions.Shape}.", nameof(positions));
        }

        Tensor rows = positions.Rank == 2 ? positions : positions.Reshape(-1, target.Dimension);
        return rows.AllFinite() ? rows : throw new ArgumentException("The positions must be finite.", nameof(positions));
    }
}
