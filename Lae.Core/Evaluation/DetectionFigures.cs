namespace Lae.Evaluation;

/// <summary>
/// How well a score tells anomalies from the rest, over all thresholds:
/// <code>
///     AUROC = P(s⁺ &gt; s⁻) + P(s⁺ = s⁻)/2 over pairs of an anomaly and another
///     AP = Σ_n (R_n − R_{n−1}) P_n,   n over the distinct scores in falling order, P_n and R_n the precision and recall of { s ≥ s_n }
/// </code>
/// scikit-learn's definitions (<c>roc_auc_score</c>, <c>average_precision_score</c>). Equal scores are one threshold: no order among them is rewarded. Both depend on the order of scores alone. Chance is 1/2 for AUROC, and the share of anomalies for AP.
/// </summary>
/// <param name="Auroc">In [0, 1].</param>
/// <param name="AveragePrecision">In (0, 1].</param>
public sealed record DetectionFigures(double Auroc, double AveragePrecision)
{
    /// <summary>The figures of scores.</summary>
    /// <param name="scores">Higher is more anomalous; not NaN.</param>
    /// <param name="isAnomaly">For each score; at least one of each kind.</param>
    /// <returns>Both figures.</returns>
    /// <exception cref="ArgumentException">Other lengths, a NaN, or one kind alone.</exception>
    public static DetectionFigures Of(IReadOnlyList<double> scores, IReadOnlyList<bool> isAnomaly)
    {
        if (scores.Count != isAnomaly.Count)
        {
            throw new ArgumentException($"{isAnomaly.Count} labels do not label {scores.Count} scores.", nameof(isAnomaly));
        }

        if (scores.Any(double.IsNaN))
        {
            throw new ArgumentException("A score is NaN.", nameof(scores));
        }

        double positives = isAnomaly.Count(anomaly => anomaly);
        double negatives = isAnomaly.Count - positives;
        if (positives == 0 || negatives == 0)
        {
            throw new ArgumentException($"Anomalies and others are needed, not {positives} and {negatives}.", nameof(isAnomaly));
        }

        double truePositives = 0;
        double falsePositives = 0;
        double pairs = 0;
        double averagePrecision = 0;
        foreach (IGrouping<double, bool> tied in scores.Zip(isAnomaly).OrderByDescending(pair => pair.First).GroupBy(pair => pair.First, pair => pair.Second))
        {
            double found = tied.Count(anomaly => anomaly);
            double alarms = tied.Count() - found;
            pairs += alarms * (truePositives + (0.5 * found));
            truePositives += found;
            falsePositives += alarms;
            averagePrecision += found / positives * (truePositives / (truePositives + falsePositives));
        }

        return new DetectionFigures(pairs / (positives * negatives), averagePrecision);
    }

    /// <summary>By stable names.</summary>
    /// <returns><c>auroc</c> and <c>averagePrecision</c>.</returns>
    public IReadOnlyDictionary<string, double> Figures() => new Dictionary<string, double> { ["auroc"] = Auroc, ["averagePrecision"] = AveragePrecision };
}
