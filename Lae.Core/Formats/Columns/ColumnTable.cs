namespace Lae.Formats;

/// <summary>Columns of finite numbers or of texts, by name, all of one length, which know where in their source each field stood. Immutable.</summary>
public sealed class ColumnTable
{
    private readonly IReadOnlyDictionary<string, double[]> numbers;
    private readonly IReadOnlyDictionary<string, TextColumn> texts;
    private readonly Func<string, int, string> place;

    /// <summary>Takes the columns as they are, without a copy: the caller hands them over.</summary>
    /// <param name="sourceName">What messages call the data, often a file.</param>
    /// <param name="rows">The length of every column, 1 or more.</param>
    /// <param name="numbers">The columns of finite numbers.</param>
    /// <param name="texts">The columns of texts.</param>
    /// <param name="place">Where the field of a column and a row (from 0) stands, for messages.</param>
    /// <exception cref="ArgumentException">A column has another length.</exception>
    public ColumnTable(
        string sourceName, int rows, IReadOnlyDictionary<string, double[]> numbers, IReadOnlyDictionary<string, TextColumn> texts, Func<string, int, string> place)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (numbers.Values.Any(column => column.Length != rows) || texts.Values.Any(column => column.Codes.Count != rows))
        {
            throw new ArgumentException($"Every column must have {rows} rows.", nameof(numbers));
        }

        SourceName = sourceName;
        Rows = rows;
        this.numbers = numbers;
        this.texts = texts;
        this.place = place;
    }

    /// <summary>What messages call the data.</summary>
    public string SourceName { get; }

    /// <summary>The length of every column.</summary>
    public int Rows { get; }

    /// <summary>A column of numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>[rows] finite numbers; not to be written to.</returns>
    /// <exception cref="ArgumentException">No such column of numbers was read.</exception>
    public double[] Numbers(string name) =>
        numbers.TryGetValue(name, out double[]? column) ? column : throw new ArgumentException($"No column of numbers \"{name}\" was read.", nameof(name));

    /// <summary>A column of texts.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its levels and codes.</returns>
    /// <exception cref="ArgumentException">No such column of texts was read.</exception>
    public TextColumn Texts(string name) =>
        texts.TryGetValue(name, out TextColumn? column) ? column : throw new ArgumentException($"No column of texts \"{name}\" was read.", nameof(name));

    /// <summary>The failure of a field that is well formed but cannot be used.</summary>
    /// <param name="name">The column.</param>
    /// <param name="row">The row, from 0.</param>
    /// <param name="problem">What was expected and what was found.</param>
    /// <returns>An exception whose message names source and place.</returns>
    public DataFormatException Fault(string name, int row, string problem) => new(SourceName, place(name, row), problem);
}
