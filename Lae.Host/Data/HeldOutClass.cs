using Lae.Composition;
using Lae.Datasets;

namespace Lae.Host.Data;

/// <summary>
/// The protocol of anomaly detection: one class is absent from training and is the anomalous one of the test part, which stays as it is. A table is standardised by the training rows that are left.
/// </summary>
internal static class HeldOutClass
{
    /// <summary>What <c>--help</c> says of the option.</summary>
    public const string Description = "a class, by name, that is absent from training and is the anomalous one of the test part; needs classes";

    private const string Option = "HoldOut";

    /// <summary>Holds a class out of the training part.</summary>
    /// <param name="split">The data.</param>
    /// <param name="name">The class; null for none.</param>
    /// <returns>The data, without the class in the training part.</returns>
    /// <exception cref="OptionException">There is no such class, or one of the parts would not have what it must.</exception>
    public static LoadedData Without(DatasetSplit split, string? name)
    {
        if (name is null)
        {
            return new LoadedData(split);
        }

        int heldOut = IndexOf(split.Training.LabelNames, name);
        int[] kept = [.. Enumerable.Range(0, split.Training.Rows).Where(row => split.Training.Labels!.Value.Span[row] != heldOut)];
        return kept.Length == 0
            ? throw new OptionException(Option, $"all training observations are of the class \"{name}\"")
            : Checked(new LoadedData(split with { Training = split.Training.Keep(kept, $"{split.Training.Name} without {name}") }, HeldOut: name));
    }

    /// <summary>The number of a class.</summary>
    /// <param name="names">The names of the classes; empty where there are none.</param>
    /// <param name="name">The class.</param>
    /// <exception cref="OptionException">There is no such class.</exception>
    public static int IndexOf(IReadOnlyList<string> names, string name)
    {
        if (names.Count == 0)
        {
            throw new OptionException(Option, "the data have no classes; name the file or the column of the labels");
        }

        int index = Array.IndexOf([.. names], name);
        return index >= 0 ? index : throw new OptionException(Option, $"there is no class \"{name}\"{NearestKey.Suggest(name, names)}; classes: {string.Join(", ", names)}");
    }

    /// <summary>Finds the number of a class among the names that a table turns out to have.</summary>
    /// <param name="name">The class; null for none.</param>
    public static Func<IReadOnlyList<string>, int>? Finder(string? name) => name is null ? null : names => IndexOf(names, name);

    /// <summary>Refuses a test part on which nothing can be told apart.</summary>
    /// <param name="data">Data with the class held out.</param>
    /// <returns>The data.</returns>
    /// <exception cref="OptionException">The test part has no observation of the class, or no other.</exception>
    public static LoadedData Checked(LoadedData data)
    {
        if (data.HeldOut is not { } name)
        {
            return data;
        }

        Dataset test = data.Split.Test;
        int heldOut = IndexOf(test.LabelNames, name);
        int positive = 0;
        foreach (int label in test.Labels!.Value.Span)
        {
            positive += label == heldOut ? 1 : 0;
        }

        return positive > 0 && positive < test.Rows
            ? data
            : throw new OptionException(Option, $"the test part must have observations of the class \"{name}\" and of others, and has {positive} of {test.Rows}");
    }
}
