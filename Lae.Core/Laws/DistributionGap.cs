namespace Lae.Laws;

/// <summary>How an empirical distribution function differs from another distribution function.</summary>
/// <param name="Above">The largest excess of the empirical function: mass that lies too far to the left.</param>
/// <param name="AboveAt">Where.</param>
/// <param name="Below">The largest deficit: mass that lies too far to the right.</param>
/// <param name="BelowAt">Where.</param>
internal readonly record struct DistributionGap(double Above, double AboveAt, double Below, double BelowAt)
{
    /// <summary>Kolmogorov's distance, in [0, 1]; NaN where a draw is NaN.</summary>
    public double Largest => double.MaxMagnitude(Above, Below);

    /// <summary>
    /// The band of Dvoretzky, Kiefer and Wolfowitz with Massart's constant: of n draws, P(distance &gt; ε) ≤ 2 exp(−2 n ε²). Source: Massart, Annals of Probability 18 (1990), corollary 1.
    /// </summary>
    public static double Band(int draws, double falseAlarm) => Math.Sqrt(Math.Log(2 / falseAlarm) / (2.0 * draws));

    /// <summary>A bound on the probability of a distance as large, if the law is right: 2 exp(−2 n ε²), at most 1.</summary>
    public static double Probability(int draws, double gap) => double.IsNaN(gap) ? 0 : Math.Min(1, 2 * Math.Exp(-2 * draws * gap * gap));

    /// <summary>Of sorted draws against an exact, continuous distribution function.</summary>
    public static DistributionGap Of(ReadOnlySpan<double> sorted, Func<double, double> distribution)
    {
        Search search = default;
        for (int i = 0; i < sorted.Length; i++)
        {
            double exact = distribution(sorted[i]);
            search.See(sorted[i], ((double)i / sorted.Length) - exact);
            search.See(sorted[i], ((i + 1.0) / sorted.Length) - exact);
        }

        return search.Result;
    }

    /// <summary>Of sorted draws against the empirical distribution function of other sorted draws.</summary>
    public static DistributionGap Of(ReadOnlySpan<double> sorted, ReadOnlySpan<double> reference)
    {
        if (sorted.Length > 0 && double.IsNaN(sorted[0]))
        {
            return new DistributionGap(double.NaN, double.NaN, double.NaN, double.NaN);
        }

        Search search = default;
        int j = 0;
        for (int i = 0; i < sorted.Length;)
        {
            double here = sorted[i];
            while (j < reference.Length && reference[j] < here)
            {
                j++;
            }

            // just below the draw, where the reference has risen and the draws have not
            search.See(here, ((double)i / sorted.Length) - ((double)j / reference.Length));
            while (i < sorted.Length && sorted[i] == here)
            {
                i++;
            }

            while (j < reference.Length && reference[j] == here)
            {
                j++;
            }

            search.See(here, ((double)i / sorted.Length) - ((double)j / reference.Length));
        }

        return search.Result;
    }

    /// <summary>What is wrong with the law of the draws, in words.</summary>
    public string Direction(string whenLarge, string whenSmall) => Math.Min(Above, Below) < 0.5 * Math.Max(Above, Below)
        ? Above > Below ? whenSmall : whenLarge
        : AboveAt < BelowAt ? "too wide" : "too narrow";

    private struct Search
    {
        private double above;
        private double aboveAt;
        private double below;
        private double belowAt;

        public readonly DistributionGap Result => new(above, aboveAt, below, belowAt);

        public void See(double at, double difference)
        {
            if (difference > above || double.IsNaN(difference))
            {
                (above, aboveAt) = (difference, at);
            }

            if (-difference > below || double.IsNaN(difference))
            {
                (below, belowAt) = (-difference, at);
            }
        }
    }
}
