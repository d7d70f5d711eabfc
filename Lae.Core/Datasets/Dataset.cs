namespace Lae.Datasets;

/// <summary>
/// Rows of numbers with labels, if known: images as integer levels, or tables. Immutable.
/// Shapes: values [rows, columns], row-major; labels [rows].
/// </summary>
public sealed class Dataset
{
    /// <summary>Levels of at most so many are kept as bytes, a quarter of the memory.</summary>
    private const int ByteLevels = 256;

    private readonly ReadOnlyMemory<float> values;
    private readonly ReadOnlyMemory<byte> pixels;
    private readonly IRowSource? streamed;

    /// <summary>Takes the memory as it is, without a copy: the caller hands it over and does not write to it again. Pixels of at most 256 levels are kept as bytes instead.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="rows">Number of rows, 1 or more.</param>
    /// <param name="columns">Numbers in a row, 1 or more.</param>
    /// <param name="values">[rows, columns] finite values; with <paramref name="levels"/>, integers from 0 to levels − 1.</param>
    /// <param name="labels">[rows] indices into <paramref name="labelNames"/>, if the rows have classes.</param>
    /// <param name="labelNames">The names of the classes; empty without labels.</param>
    /// <param name="shape">The shape of the image in a row, if the rows are images.</param>
    /// <param name="levels">The number of levels of a pixel, 2 or more, if the values are levels.</param>
    /// <param name="columnNames">The names of the columns, if the data are a table.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other, or a value is out of range.</exception>
    public Dataset(
        string name,
        int rows,
        int columns,
        ReadOnlyMemory<float> values,
        ReadOnlyMemory<int>? labels = null,
        IReadOnlyList<string>? labelNames = null,
        ImageShape? shape = null,
        int? levels = null,
        IReadOnlyList<string>? columnNames = null)
        : this(name, rows, columns, labels, labelNames, shape, levels, columnNames)
    {
        CheckForm(rows, columns, values.Length, shape, levels);
        if (columnNames is not null && columnNames.Count != columns)
        {
            throw new ArgumentException($"{columnNames.Count} names do not name {columns} columns.", nameof(columnNames));
        }

        CheckValues(values.Span, columns, levels);
        CheckLabels(labels, labelNames, rows);
        bool isBytes = levels <= ByteLevels;
        this.values = isBytes ? default : values;
        pixels = isBytes ? Narrowed(values.Span) : default;
    }

    /// <summary>Pixels as bytes. Takes the memory as it is, without a copy: the caller hands it over and does not write to it again.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="rows">Number of rows, 1 or more.</param>
    /// <param name="columns">Pixels in a row, 1 or more.</param>
    /// <param name="pixels">[rows, columns] levels, each below <paramref name="levels"/>.</param>
    /// <param name="levels">The number of levels of a pixel, 2 to 256.</param>
    /// <param name="labels">[rows] indices into <paramref name="labelNames"/>, if the rows have classes.</param>
    /// <param name="labelNames">The names of the classes; empty without labels.</param>
    /// <param name="shape">The shape of the image in a row, if the rows are images.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other, or a pixel is out of range.</exception>
    public Dataset(
        string name,
        int rows,
        int columns,
        ReadOnlyMemory<byte> pixels,
        int levels,
        ReadOnlyMemory<int>? labels = null,
        IReadOnlyList<string>? labelNames = null,
        ImageShape? shape = null)
        : this(name, rows, columns, labels, labelNames, shape, levels, columnNames: null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, ByteLevels);
        CheckForm(rows, columns, pixels.Length, shape, levels);
        int wrong = levels == ByteLevels ? -1 : pixels.Span.IndexOfAnyExceptInRange((byte)0, (byte)(levels - 1));
        if (wrong >= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(pixels), pixels.Span[wrong], $"Row {(wrong / columns) + 1}, column {(wrong % columns) + 1} must be an integer from 0 to {levels - 1}.");
        }

        CheckLabels(labels, labelNames, rows);
        this.pixels = pixels;
    }

    /// <summary>Rows that stay where they are, on disk.</summary>
    private Dataset(string name, IRowSource source, ReadOnlyMemory<int>? labels, IReadOnlyList<string>? labelNames, ImageShape? shape, int? levels, IReadOnlyList<string>? columnNames)
        : this(name, source.Rows, source.Columns, labels, labelNames, shape, levels, columnNames) => streamed = source;

    /// <summary>All but the rows.</summary>
    private Dataset(string name, int rows, int columns, ReadOnlyMemory<int>? labels, IReadOnlyList<string>? labelNames, ImageShape? shape, int? levels, IReadOnlyList<string>? columnNames)
    {
        Name = name;
        Rows = rows;
        Columns = columns;
        Labels = labels;
        LabelNames = labelNames is null ? [] : [.. labelNames];
        Shape = shape;
        Levels = levels;
        ColumnNames = columnNames is null ? null : [.. columnNames];
    }

    /// <summary>Data that are not in memory: only <see cref="Observations"/> gives their rows. Labels are in memory.</summary>
    /// <param name="name">What messages and reports call the data.</param>
    /// <param name="source">The rows, in the form that models take.</param>
    /// <param name="labels">[rows] indices into <paramref name="labelNames"/>, if the rows have classes.</param>
    /// <param name="labelNames">The names of the classes; empty without labels.</param>
    /// <param name="shape">The shape of the image in a row, if the rows are images.</param>
    /// <param name="levels">The number of levels of a pixel, 2 to 65,536, if the rows are images.</param>
    /// <param name="columnNames">The names of the columns, if the data are a table.</param>
    /// <returns>The data.</returns>
    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    public static Dataset Streamed(
        string name,
        IRowSource source,
        ReadOnlyMemory<int>? labels = null,
        IReadOnlyList<string>? labelNames = null,
        ImageShape? shape = null,
        int? levels = null,
        IReadOnlyList<string>? columnNames = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels ?? 2, 2, nameof(levels));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels ?? 2, 65_536, nameof(levels));
        CheckLabels(labels, labelNames, source.Rows);
        return (shape is null || shape.Height * shape.Width * shape.Channels == source.Columns) && (columnNames is null || columnNames.Count == source.Columns)
            ? new Dataset(name, source, labels, labelNames, shape, levels, columnNames)
            : throw new ArgumentException($"Rows of {source.Columns} values have another shape or other names.", nameof(source));
    }

    /// <summary>Whether the rows are in memory.</summary>
    public bool IsResident => streamed is null;

    /// <summary>The rows in the form that models take: pixels in [−1, 1], rows of a table as they are.</summary>
    public IRowSource Observations => streamed ?? (Levels is null ? new ResidentRows(Values, Columns) : new LevelRows(this));

    /// <summary>What messages and reports call the data.</summary>
    public string Name { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Numbers in a row.</summary>
    public int Columns { get; }

    /// <summary>[rows, columns] values, row-major; levels 0 to Levels − 1 where <see cref="Levels"/> is given, which are a new array at each call where there are at most 256.</summary>
    /// <exception cref="InvalidOperationException">The rows are not in memory.</exception>
    public ReadOnlyMemory<float> Values => RequireResident() && pixels.IsEmpty ? values : Widened(pixels.Span);

    /// <summary>[rows] indices into <see cref="LabelNames"/>, if the rows have classes.</summary>
    public ReadOnlyMemory<int>? Labels { get; }

    /// <summary>The names of the classes; empty without labels.</summary>
    public IReadOnlyList<string> LabelNames { get; }

    /// <summary>The shape of the image in a row, if the rows are images.</summary>
    public ImageShape? Shape { get; }

    /// <summary>The number of levels of a pixel, if the values are levels.</summary>
    public int? Levels { get; }

    /// <summary>The names of the columns, if the data are a table.</summary>
    public IReadOnlyList<string>? ColumnNames { get; }

    /// <summary>
    /// Half the distance between neighbouring levels after <see cref="ToUnit"/>: 1 / (Levels − 1). The discretised likelihoods
    /// give level l the probability of [x − h, x + h] around its image x, with open ends at the outermost levels.
    /// </summary>
    /// <exception cref="InvalidOperationException">The values are not levels.</exception>
    public double HalfBin => 1.0 / (RequireLevels() - 1);

    /// <summary>The values mapped from levels to [−1, 1]: level ↦ 2 level / (Levels − 1) − 1. A new array [rows, columns].</summary>
    /// <exception cref="InvalidOperationException">The values are not levels.</exception>
    public float[] ToUnit()
    {
        RequireLevels();
        RequireResident();
        var unit = new float[checked(Rows * Columns)];
        new LevelRows(this).Copy(0, unit);
        return unit;
    }

    /// <summary>The values of one row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlyMemory<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        RequireResident();
        return pixels.IsEmpty ? values.Slice(row * Columns, Columns) : Widened(pixels.Span.Slice(row * Columns, Columns));
    }

    /// <summary>What is in memory, one of the two: what <see cref="LevelRows"/> reads.</summary>
    internal (ReadOnlyMemory<float> Values, ReadOnlyMemory<byte> Pixels) Kept => (values, pixels);

    /// <summary>A dataset of the given rows, in the given order, under the given name, in memory. Label names stay as they are.</summary>
    /// <exception cref="ArgumentException">No row is given, or one that does not exist.</exception>
    public Dataset Gather(IReadOnlyList<int> rows, string name)
    {
        if (rows.Count == 0)
        {
            throw new ArgumentException("A dataset has at least one row.", nameof(rows));
        }

        int[] chosen = [.. rows];
        if (!pixels.IsEmpty)
        {
            int[]? classes = LabelsOf(chosen);
            return new Dataset(name, chosen.Length, Columns, Chosen(pixels.Span, chosen), Levels!.Value, AsMemory(classes), LabelNames, Shape);
        }

        float[] values;
        if (IsResident)
        {
            values = Chosen(this.values.Span, chosen);
        }
        else
        {
            values = new float[checked(chosen.Length * Columns)];
            Observations.Gather(chosen, values);
            for (int i = 0; Levels is { } levels && i < values.Length; i++)
            {
                values[i] = (float)Math.Round((values[i] + 1.0) / 2.0 * (levels - 1));
            }
        }

        int[]? labels = LabelsOf(chosen);
        return new Dataset(name, rows.Count, Columns, values, AsMemory(labels), LabelNames, Shape, Levels, ColumnNames);
    }

    /// <summary>
    /// Divides the rows by the rule of <see cref="StratifiedSplit"/>: every k-th row of each class goes to the test part, without
    /// randomness, so that everybody who names the same fraction gets the same split. The training rows of a set on disk stay there, the test rows are in memory.
    /// </summary>
    /// <param name="testFraction">The fraction of the test part, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">The fraction is out of range, or leaves one part empty.</exception>
    public DatasetSplit Split(double testFraction)
    {
        StratifiedSplit split = StratifiedSplit.Of(Rows, Labels, testFraction);
        string name = $"{Name} (training)";
        return new DatasetSplit(Keep(split.Training, name), Gather(split.Test, $"{Name} (test)"));
    }

    /// <summary>A dataset of the given rows, in the given order, under the given name: in memory if this one is, else where it is on disk.</summary>
    /// <param name="rows">Their numbers, from 0; at least one.</param>
    /// <param name="name">What messages and reports call it.</param>
    /// <exception cref="ArgumentException">No row is given, or one that does not exist.</exception>
    public Dataset Keep(IReadOnlyList<int> rows, string name) => IsResident ? Gather(rows, name) : Chosen([.. rows], name);

    private T[] Chosen<T>(ReadOnlySpan<T> all, int[] rows)
    {
        T[] chosen = new T[checked(rows.Length * Columns)];
        for (int i = 0; i < rows.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rows[i], nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rows[i], Rows, nameof(rows));
            all.Slice(rows[i] * Columns, Columns).CopyTo(chosen.AsSpan(i * Columns));
        }

        return chosen;
    }

    private Dataset Chosen(int[] rows, string name) => new(name, new ChosenRows(Observations, rows), AsMemory(LabelsOf(rows)), LabelNames, Shape, Levels, ColumnNames);

    private int[]? LabelsOf(int[] rows) => Labels is { } all ? Array.ConvertAll(rows, row => all.Span[row]) : null;

    /// <summary>A null array must become no memory, which the language's conversion would turn into empty memory.</summary>
    internal static ReadOnlyMemory<int>? AsMemory(int[]? array) => array is null ? default(ReadOnlyMemory<int>?) : array.AsMemory();

    private int RequireLevels() =>
        Levels ?? throw new InvalidOperationException($"The values of {Name} are not levels of pixels.");

    private bool RequireResident() => IsResident ? true : throw new InvalidOperationException($"The rows of {Name} are not in memory.");

    private static float[] Widened(ReadOnlySpan<byte> pixels)
    {
        var values = new float[pixels.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = pixels[i];
        }

        return values;
    }

    /// <summary>Whole levels below 256 as bytes.</summary>
    private static byte[] Narrowed(ReadOnlySpan<float> values)
    {
        byte[] pixels = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            pixels[i] = (byte)values[i];
        }

        return pixels;
    }

    private static void CheckForm(int rows, int columns, int count, ImageShape? shape, int? levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (count != (long)rows * columns)
        {
            throw new ArgumentException($"{rows} rows of {columns} do not have {count} values.", nameof(count));
        }

        if (shape is not null && (shape.Height < 1 || shape.Width < 1 || shape.Channels is not (1 or 3)
            || (long)shape.Height * shape.Width * shape.Channels != columns))
        {
            throw new ArgumentException($"Rows of {columns} values do not hold images of {shape}.", nameof(shape));
        }

        if (levels < 2)
        {
            throw new ArgumentOutOfRangeException(nameof(levels), levels, "Pixels have 2 levels or more.");
        }
    }

    private static void CheckValues(ReadOnlySpan<float> values, int columns, int? levels)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            bool sound = levels is { } count ? value >= 0 && value < count && value == MathF.Floor(value) : float.IsFinite(value);
            if (!sound)
            {
                throw new ArgumentOutOfRangeException(nameof(values), value, $"Row {i / columns + 1}, column {i % columns + 1} must be "
                    + (levels is null ? "finite." : $"an integer from 0 to {levels - 1}."));
            }
        }
    }

    private static void CheckLabels(ReadOnlyMemory<int>? labels, IReadOnlyList<string>? labelNames, int rows)
    {
        if (labels is not { } memory)
        {
            if (labelNames is { Count: > 0 })
            {
                throw new ArgumentException("Label names need labels.", nameof(labelNames));
            }

            return;
        }

        if (memory.Length != rows)
        {
            throw new ArgumentException($"{memory.Length} labels do not label {rows} rows.", nameof(labels));
        }

        int names = labelNames?.Count ?? 0;
        foreach (int label in memory.Span)
        {
            if (label < 0 || label >= names)
            {
                throw new ArgumentOutOfRangeException(nameof(labels), label, $"A label is an index into the {names} label names.");
            }
        }
    }
}
