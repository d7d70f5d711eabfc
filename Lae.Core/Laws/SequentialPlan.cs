using Lae.Kernels;

namespace Lae.Laws;

/// <summary>
/// How a statistical test is repeated until it is clear: round i draws n (from the second round on Δ n) and gives a bound q on the probability of what it saw, if all is right.
/// <code>
///     β₁ = α/k,  γ = β₁^{1/k};    round i: fail if q ≤ β_i, pass if q > γ + β_i, else go on with β_{i+1} = β_i/γ
/// </code>
/// A right kernel goes on with probability γ at most and fails in round i with β_i at most, so that it fails with Σ γ^{i−1} β₁/γ^{i−1} = α at most; it mostly passes in the first round, and a wrong one gets a larger
/// sample at a higher level until it fails. Source: Gandy and Scott, "Unit testing for MCMC and other Monte Carlo methods", arXiv 2001.06465 (2020), algorithm 3.
/// </summary>
public sealed record SequentialPlan
{
    /// <summary>n, draws of the first round, 100 or more.</summary>
    public int Draws { get; init; } = 5_000;

    /// <summary>k, rounds at most, 1 or more.</summary>
    public int Rounds { get; init; } = 7;

    /// <summary>Δ, by which the draws of later rounds are more, 1 or more.</summary>
    public int Growth { get; init; } = 4;

    /// <summary>α, the largest probability that a right kernel fails, in (0, 1).</summary>
    public double FalseAlarm { get; init; } = 1e-6;

    /// <summary>Throws if a value is out of its range.</summary>
    internal void RequireValid()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Draws, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(Rounds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Growth, 1);
        Laws.FalseAlarm.Require(FalseAlarm);
    }

    /// <summary>The outcome of a test repeated by this plan.</summary>
    /// <param name="law">Its name.</param>
    /// <param name="round">A round: from its number and its draws to the gap of each statistic between distribution functions, within the band of so many draws if all is right.</param>
    /// <param name="explain">Words for a failure, from the worst gap.</param>
    internal LawResult Run(string law, Func<int, int, IReadOnlyList<StatisticGap>> round, Func<StatisticGap, string> explain)
    {
        double beta = FalseAlarm / Rounds;
        double gamma = Math.Pow(beta, 1.0 / Rounds);
        for (int i = 0; ; i++)
        {
            int draws = i == 0 ? Draws : checked(Draws * Growth);
            IReadOnlyList<StatisticGap> gaps;
            try
            {
                gaps = round(i, draws);
            }
            catch (NonFiniteStateException stop)
            {
                return new LawResult(law, double.NaN, 0, $"The run stopped: {stop.Message}");
            }

            StatisticGap worst = gaps.MaxBy(gap => double.IsNaN(gap.Gap) ? double.PositiveInfinity : gap.Gap)!;
            double probability = gaps.Count * DistributionGap.Probability(draws, worst.Gap);
            double band = DistributionGap.Band(draws, beta / gaps.Count);
            bool fails = !(worst.Gap <= band);
            if (fails || probability > gamma + beta || i == Rounds - 1)
            {
                string text = FormattableString.Invariant($"{i + 1} round{(i == 0 ? string.Empty : "s")} of {draws} draws, {gaps.Count} statistics; a right kernel fails with probability {FalseAlarm:G2} at most.");
                return new LawResult(law, worst.Gap, band, fails ? $"{explain(worst)} {text}" : text);
            }

            beta /= gamma;
        }
    }
}
