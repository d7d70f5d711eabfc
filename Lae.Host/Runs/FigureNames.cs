namespace Lae.Host.Runs;

/// <summary>The stable names of test figures with what they mean, in the order in which tables show them. Names in <c>metrics.json</c> are never changed; figures of plug-ins come after these, by name.</summary>
internal static class FigureNames
{
    /// <summary>Seconds of training, which <c>lae compare</c> takes from <c>timing.json</c>.</summary>
    public const string TrainingSeconds = "trainingSeconds";

    /// <summary>Names and meanings.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Known { get; } =
    [
        ("negativeElboPerDimension", "the negative bound with q = N(f(x), 0.05² I), in nats for each dimension"),
        ("negativeElboBestWidthPerDimension", "the same at the best width of a grid"),
        ("bestWidth", "that width"),
        ("importanceWeightedBoundPerDimension", "the negative importance-weighted bound by a Gaussian fitted to a short chain, the same for all models, in nats for each dimension; lower is better"),
        ("importanceWeightedBoundStandardError", "its Monte Carlo error"),
        ("importanceWeightedBoundEffectiveSampleSize", "median over the observations of what the draws are worth"),
        ("importanceWeightedBoundOwnPerDimension", "the same by the model's own q(z | x), where it has one"),
        ("importanceWeightedBoundOwnStandardError", "its Monte Carlo error"),
        ("importanceWeightedBoundOwnEffectiveSampleSize", "what its draws are worth"),
        ("logLikelihoodAis", "log p(x) by annealed importance sampling, in nats for each observation, from below in expectation; higher is better"),
        ("logLikelihoodAisStandardError", "its Monte Carlo error"),
        ("logLikelihoodAisEffectiveSampleSize", "median over the observations of what the chains are worth"),
        ("logLikelihoodAisGap", "on simulated data, by how much the estimate from above exceeds the one from below, in nats for each observation: the error of either is no larger, in expectation"),
        ("logLikelihoodAisGapStandardError", "its standard error"),
        ("posteriorMeanError", "root mean square distance of inferred posterior means from those of long MALA chains, in posterior deviations"),
        ("posteriorDeviationError", "root mean square difference of log deviations"),
        ("posteriorMeanErrorFloor", "posteriorMeanError of a second long chain: less cannot be told apart"),
        ("posteriorDeviationErrorFloor", "the same of posteriorDeviationError"),
        ("approximationGap", "nats for each observation that the best factorised Gaussian of its own loses"),
        ("amortizationGap", "nats that the encoder's q(z | x) loses beside it"),
        ("inferenceGap", "their sum: log p(x) minus the model's own bound"),
        ("reconstructionError", "mean squared error of decoded encodings, pixels in [−1, 1]"),
        ("posteriorSquaredError", "mean squared error of decoded posterior draws, pixels in [−1, 1]"),
        ("frechetDistance", "squared Fréchet distance of generated and test images in the features of a classifier trained on the same data; lower is better"),
        ("precision", "share of generated images that are like test images, by the 3 nearest neighbours in these features"),
        ("recall", "share of test images that are like generated ones"),
        ("classifierAccuracy", "accuracy of that classifier on the test images"),
        ("auroc", "area under the receiver operating characteristic of the score, for the class that was held out of training"),
        ("averagePrecision", "average precision of the score, for the same class"),
        ("refinementGain", "rise of log p(z) + log p(x | z) by the transitions after the encoding, in nats"),
        ("refinementAcceptance", "mean acceptance probability of these transitions"),
        (TrainingSeconds, "seconds of training, of all processes at the rate of the last"),
    ];

    /// <summary>Names in the order of tables.</summary>
    /// <param name="names">Names, each once.</param>
    public static IReadOnlyList<string> InOrder(IEnumerable<string> names) => [.. names.OrderBy(Place).ThenBy(name => name, StringComparer.Ordinal)];

    private static int Place(string name)
    {
        for (int i = 0; i < Known.Count; i++)
        {
            if (Known[i].Name == name)
            {
                return i;
            }
        }

        return name == TrainingSeconds ? Known.Count + 1 : Known.Count;
    }
}
