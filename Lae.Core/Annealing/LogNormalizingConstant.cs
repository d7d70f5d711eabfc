namespace Lae.Annealing;

/// <summary>
/// What independent log weights ln w_i with E w = Z_end/Z_start say about a normalising constant:
/// <code>
///     log Ẑ = ln mean w,    SE = √(Var w / n) / mean w = √((n/ESS − 1)/(n − 1)),    ESS = (Σ w)²/Σ w²
/// </code>
/// The standard error is that of the mean carried to the logarithm to first order (the delta method): right where it is well below 1, as in an ESS of a hundred and more.
/// </summary>
/// <param name="Value">log Ẑ. Its expectation is below log Z from forward weights, above it from reverse ones (Jensen's inequality).</param>
/// <param name="StandardError">SE; infinite for a single weight.</param>
/// <param name="EffectiveSampleSize">ESS, in [1, n].</param>
public sealed record LogNormalizingConstant(double Value, double StandardError, double EffectiveSampleSize)
{
    /// <summary>The estimate of forward weights.</summary>
    /// <param name="logWeights">ln w_i, finite; one or more.</param>
    /// <param name="logStart">log Z of where the weights start.</param>
    /// <returns>log Ẑ of where they end.</returns>
    public static LogNormalizingConstant OfForward(ReadOnlySpan<double> logWeights, double logStart = 0) => Of(logWeights, logStart, 1);

    /// <summary>The estimate of reverse weights, which start from the distribution whose constant is asked for.</summary>
    /// <param name="logWeights">ln w_i, finite; one or more.</param>
    /// <param name="logEnd">log Z of where the weights end, which is known.</param>
    /// <returns>log Ẑ of where they start.</returns>
    public static LogNormalizingConstant OfReverse(ReadOnlySpan<double> logWeights, double logEnd = 0) => Of(logWeights, logEnd, -1);

    private static LogNormalizingConstant Of(ReadOnlySpan<double> logWeights, double known, int sign)
    {
        if (logWeights.IsEmpty)
        {
            throw new ArgumentException("One weight or more is needed.", nameof(logWeights));
        }

        double largest = double.NegativeInfinity;
        foreach (double log in logWeights)
        {
            largest = double.IsFinite(log) ? Math.Max(largest, log) : throw new ArgumentOutOfRangeException(nameof(logWeights), log, "A log weight must be finite.");
        }

        int n = logWeights.Length;
        double sum = 0;
        double squares = 0;
        foreach (double log in logWeights)
        {
            double weight = Math.Exp(log - largest);
            sum += weight;
            squares += weight * weight;
        }

        // about the mean, so that equal weights have no error but that of rounding
        double mean = sum / n;
        double variance = 0;
        foreach (double log in logWeights)
        {
            double deviation = Math.Exp(log - largest) - mean;
            variance += deviation * deviation;
        }

        double error = n == 1 ? double.PositiveInfinity : Math.Sqrt(variance / (n - 1.0) / n) / mean;
        return new LogNormalizingConstant(known + (sign * (largest + Math.Log(mean))), error, sum * sum / squares);
    }
}
