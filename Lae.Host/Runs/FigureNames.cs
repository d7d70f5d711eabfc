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
        ("reconstructionError", "mean squared error of decoded encodings, pixels in [−1, 1]"),
        ("posteriorSquaredError", "mean squared error of decoded posterior draws, pixels in [−1, 1]"),
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
