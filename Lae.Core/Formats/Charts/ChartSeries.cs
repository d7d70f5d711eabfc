namespace Lae.Formats.Charts;

/// <summary>Named points of a chart, in order. Immutable.</summary>
public sealed class ChartSeries
{
    /// <summary>Copies the points. One that is not finite, or that a logarithmic axis cannot show, is left out and interrupts a line.</summary>
    /// <param name="name">The text in the legend.</param>
    /// <param name="x">Horizontal coordinates.</param>
    /// <param name="y">Vertical coordinates, as many.</param>
    /// <exception cref="ArgumentException">The numbers of coordinates differ.</exception>
    public ChartSeries(string name, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count)
        {
            throw new ArgumentException($"{x.Count} horizontal and {y.Count} vertical coordinates do not make points.", nameof(y));
        }

        Name = name;
        X = [.. x];
        Y = [.. y];
    }

    /// <summary>The text in the legend.</summary>
    public string Name { get; }

    /// <summary>Horizontal coordinates.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Vertical coordinates.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>Points with classes, as one series for each class name, in the order of the names.</summary>
    /// <param name="x">Horizontal coordinates.</param>
    /// <param name="y">Vertical coordinates, as many.</param>
    /// <param name="labels">The class of each point, an index into the names.</param>
    /// <param name="labelNames">The names of the classes.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a label has no name.</exception>
    public static IReadOnlyList<ChartSeries> ByClass(
        IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<int> labels, IReadOnlyList<string> labelNames)
    {
        if (x.Count != labels.Count || y.Count != labels.Count)
        {
            throw new ArgumentException($"{labels.Count} labels do not label {x.Count} and {y.Count} coordinates.", nameof(labels));
        }

        var points = new (List<double> X, List<double> Y)[labelNames.Count];
        for (int label = 0; label < points.Length; label++)
        {
            points[label] = ([], []);
        }

        for (int i = 0; i < labels.Count; i++)
        {
            if (labels[i] < 0 || labels[i] >= points.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(labels), labels[i], $"A label is an index into the {points.Length} label names.");
            }

            points[labels[i]].X.Add(x[i]);
            points[labels[i]].Y.Add(y[i]);
        }

        return [.. points.Select((one, label) => new ChartSeries(labelNames[label], one.X, one.Y))];
    }
}
