using System.Globalization;
using System.Text.Json;
using Lae.Datasets;
using Lae.Host.Data;
using Lae.Models;
using Lae.Numerics;

namespace Lae.Host.Runs;

/// <summary>The form of a run's data, kept in the run folder so that the model can be used without the data.</summary>
public sealed record DataForm
{
    /// <summary>What the data are called.</summary>
    public required string Name { get; init; }

    /// <summary>Numbers in an observation.</summary>
    public required int Columns { get; init; }

    /// <summary>Number of levels of a pixel; null for a table.</summary>
    public int? Levels { get; init; }

    /// <summary>Training observations.</summary>
    public required int Rows { get; init; }

    /// <summary>Test observations.</summary>
    public required int TestRows { get; init; }

    /// <summary>The shape of an image; null for a table.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>Names of the columns of a table.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>Names of the classes, if the observations have classes.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>The class that is absent from training and is the anomalous one of the test part; null where none was held out.</summary>
    public string? HeldOut { get; init; }

    /// <summary>Mean of each column of a table, which standardising took away.</summary>
    public IReadOnlyList<double>? Means { get; init; }

    /// <summary>Deviation of each column of a table, by which standardising divided.</summary>
    public IReadOnlyList<double>? Deviations { get; init; }

    /// <summary>How the rows of the table were standardised; null for images.</summary>
    /// <returns>The map and its way back.</returns>
    public Standardization? Standardization() => Means is null || Deviations is null ? null : new Standardization(Means, Deviations);

    /// <summary>What a model must know.</summary>
    /// <returns>The description.</returns>
    public DataDescription Describe() => new(Columns, Levels, Rows, Image);

    /// <summary>Observations in the units of the data: levels of pixels (means need not be whole), or a table as it was before standardising.</summary>
    /// <param name="x">[n, columns] in the form that models take.</param>
    /// <returns>[n, columns], row-major.</returns>
    /// <exception cref="ArgumentException">Another number of columns.</exception>
    public double[] InUnits(Tensor x)
    {
        if (x.Rank != 2 || x.Shape[1] != Columns)
        {
            throw new ArgumentException($"Rows [n, {Columns}] are needed, not {x.Shape}.", nameof(x));
        }

        double[] values = x.ToArray();
        return Levels is { } levels
            ? Array.ConvertAll(values, value => (value + 1) / 2 * (levels - 1))
            : Standardization()?.Invert(values) ?? values;
    }

    /// <summary>The names of the columns: of a table its own, of images the numbers of the pixels from 1.</summary>
    /// <returns>A name for each column.</returns>
    public IReadOnlyList<string> NamesOfColumns() => ColumnNames ?? [.. Enumerable.Range(1, Columns).Select(column => column.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Observations in the form that models take: pixels in [−1, 1], rows of a table as they are.</summary>
    /// <param name="workspace">Where they live.</param>
    /// <param name="data">The data.</param>
    /// <returns>[rows, columns].</returns>
    internal static Tensor Observations(Workspace workspace, Dataset data) => Tensor.FromSpan<float>(
        workspace, data.Levels is null ? data.Values.Span : data.ToUnit(), new Shape(data.Rows, data.Columns));

    internal static DataForm Of(LoadedData data)
    {
        Dataset training = data.Split.Training;
        return new DataForm
        {
            Name = training.Name,
            Columns = training.Columns,
            Levels = training.Levels,
            Rows = training.Rows,
            TestRows = data.Split.Test.Rows,
            Image = training.Shape,
            ColumnNames = training.ColumnNames,
            LabelNames = training.LabelNames,
            HeldOut = data.HeldOut,
            Means = data.Standardization?.Means,
            Deviations = data.Standardization?.Deviations,
        };
    }

    internal string ToJson() => JsonSerializer.Serialize(this, FigureJson.Indented) + "\n";

    internal static DataForm Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<DataForm>(File.ReadAllText(path), FigureJson.Indented) ?? throw new RunFolderException($"{path}: it is empty");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RunFolderException($"{path}: {exception.Message}", exception);
        }
    }
}
