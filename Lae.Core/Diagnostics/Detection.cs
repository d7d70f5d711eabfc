namespace Lae.Diagnostics;

/// <summary>
/// How well a score tells positive observations from the others; a higher score speaks for positive. With n₊ positive and n₋ other observations:
/// <code>
///     AUROC = P(s₊ > s₋) + ½ P(s₊ = s₋)                     over all pairs: the statistic of Mann and Whitney over n₊ n₋, in n log n by ranks
///     AP    = Σ_k (R_k − R_(k−1)) P_k                        over the distinct scores from above; precision P_k and recall R_k of what scores at least as high
/// </code>
/// Observations of equal score enter at once, so that no order among them matters. AP is not interpolated. Source: Fawcett 2006, section 7; scikit-learn's <c>average_precision_score</c> for the definition of AP.
/// </summary>
public static class Detection
{
    /// <summary>The area under the receiver operating characteristic.</summary>
    /// <param name="scores">[n] finite scores.</param>
    /// <param name="positive">[n] whether each observation is positive; some must be and some not.</param>
    /// <returns>0 to 1; 1/2 for a score that says nothing.</returns>
    /// <exception cref="ArgumentException">The lengths differ, a score is not finite, or all observations are of one kind.</exception>
    public static double Auroc(IReadOnlyList<double> scores, IReadOnlyList<bool> positive)
    {
        double pairs = 0;
        long above = 0;
        long positives = 0;
        foreach ((int count, int found) in FromAbove(scores, positive))
        {
            // every other observation of this score is below the positive ones before it, and level with those of the same score
            pairs += (count - found) * (above + (0.5 * found));
            above += found;
            positives += found;
        }

        return pairs / positives / (scores.Count - positives);
    }

    /// <summary>The average precision.</summary>
    /// <param name="scores">[n] finite scores.</param>
    /// <param name="positive">[n] whether each observation is positive; some must be and some not.</param>
    /// <returns>Above 0 to 1; the share of positive observations for a score that is the same for all.</returns>
    /// <exception cref="ArgumentException">The lengths differ, a score is not finite, or all observations are of one kind.</exception>
    public static double AveragePrecision(IReadOnlyList<double> scores, IReadOnlyList<bool> positive)
    {
        double sum = 0;
        long positives = 0;
        long seen = 0;
        foreach ((int count, int found) in FromAbove(scores, positive))
        {
            positives += found;
            seen += count;
            sum += found * ((double)positives / seen);
        }

        return sum / positives;
    }

    /// <summary>For each distinct score, from above: how many observations have it, and how many of them are positive.</summary>
    private static List<(int Count, int Positive)> FromAbove(IReadOnlyList<double> scores, IReadOnlyList<bool> positive)
    {
        if (scores.Count != positive.Count)
        {
            throw new ArgumentException($"{scores.Count} scores are not those of {positive.Count} observations.", nameof(positive));
        }

        if (scores.Any(score => !double.IsFinite(score)))
        {
            throw new ArgumentException("Scores must be finite.", nameof(scores));
        }

        int positives = positive.Count(one => one);
        return positives > 0 && positives < positive.Count
            ? [.. Enumerable.Range(0, scores.Count).GroupBy(i => scores[i]).OrderByDescending(level => level.Key).Select(level => (level.Count(), level.Count(i => positive[i])))]
            : throw new ArgumentException($"There must be positive observations and others, and {positives} of {positive.Count} are positive.", nameof(positive));
    }
}
