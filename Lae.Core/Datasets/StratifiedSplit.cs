namespace Lae.Datasets;

/// <summary>
/// Which rows train and which test, by a plain rule without randomness.
/// Rule: number the rows of each class j = 0, 1, 2, … in their order (all rows are one class where there are no labels); row j is
/// a test row when ⌊(j + 1) f + ε⌋ > ⌊j f + ε⌋ for the test fraction f, where ε = 10⁻⁶ forgives the rounding of fractions such as
/// 1/3 and 0.29. For f = 1/k that is every k-th row of each class, the first at j = k − 1; a class of n rows gives ⌊n f⌋ test rows.
/// </summary>
/// <param name="Training">The training rows, ascending.</param>
/// <param name="Test">The test rows, ascending.</param>
public sealed record StratifiedSplit(IReadOnlyList<int> Training, IReadOnlyList<int> Test)
{
    /// <summary>Applies the rule.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="labels">[rows] classes, if there are any.</param>
    /// <param name="testFraction">The test fraction f, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">The fraction is out of range, the labels do not fit, or one part would be empty.</exception>
    public static StratifiedSplit Of(int rows, ReadOnlyMemory<int>? labels, double testFraction)
    {
        if (!(testFraction > 0 && testFraction < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "The test fraction must be above 0 and below 1.");
        }

        if (labels is { } given && given.Length != rows)
        {
            throw new ArgumentException($"{given.Length} labels do not label {rows} rows.", nameof(labels));
        }

        const double Forgiven = 1e-6;
        var seen = new Dictionary<int, int>();
        var training = new List<int>();
        var test = new List<int>();
        for (int row = 0; row < rows; row++)
        {
            int label = labels is { } memory ? memory.Span[row] : 0;
            int number = seen.GetValueOrDefault(label);
            seen[label] = number + 1;
            bool isTest = Math.Floor((number + 1) * testFraction + Forgiven) > Math.Floor(number * testFraction + Forgiven);
            (isTest ? test : training).Add(row);
        }

        return training.Count > 0 && test.Count > 0
            ? new StratifiedSplit(training, test)
            : throw new ArgumentException(
                $"A test fraction of {testFraction} of {rows} rows leaves one part of the split empty.", nameof(testFraction));
    }
}
