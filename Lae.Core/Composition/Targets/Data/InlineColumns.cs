using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Lae.Formats;

namespace Lae.Composition;

/// <summary>A handful of numbers in the configuration itself.</summary>
[Description("a handful of numbers in the configuration itself")]
public sealed record InlineColumns : IColumnSource
{
    /// <summary>The columns, one or more, all of one length.</summary>
    [Description("the columns, all of one length")]
    [MinLength(1)]
    public InlineColumn[] Columns { get; init; } = [];

    /// <inheritdoc/>
    public ColumnTable Read(Func<IReadOnlyList<string>, IReadOnlyList<WantedColumn>> choose)
    {
        IReadOnlyList<WantedColumn> wanted = choose([.. Columns.Select(column => column.Name!)]);
        Dictionary<string, double[]> all = [];
        foreach (InlineColumn column in Columns)
        {
            if (!all.TryAdd(column.Name!, column.Values))
            {
                throw new OptionException("Data:Columns", $"there are two columns \"{column.Name}\"");
            }
        }

        int rows = all[wanted[0].Name].Length;
        if (wanted.FirstOrDefault(column => all[column.Name].Length != rows) is { } other)
        {
            throw new OptionException("Data:Columns", $"\"{other.Name}\" has {all[other.Name].Length} values, and \"{wanted[0].Name}\" {rows}");
        }

        return new ColumnTable(
            "the configuration",
            rows,
            wanted.Where(column => !column.IsText).ToDictionary(column => column.Name, column => all[column.Name], StringComparer.Ordinal),
            wanted.Where(column => column.IsText).ToDictionary(column => column.Name, column => Texts(all[column.Name]), StringComparer.Ordinal),
            (name, row) => string.Create(CultureInfo.InvariantCulture, $"Values[{row}] of \"{name}\""));
    }

    private static TextColumn Texts(double[] values)
    {
        string[] levels = [.. values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)).Distinct()];
        return new TextColumn(levels, [.. values.Select(value => Array.IndexOf(levels, value.ToString("R", CultureInfo.InvariantCulture)))]);
    }
}

/// <summary>A named column.</summary>
public sealed record InlineColumn
{
    /// <summary>Its name.</summary>
    [Required]
    public string? Name { get; init; }

    /// <summary>Its numbers, one or more.</summary>
    [MinLength(1)]
    public double[] Values { get; init; } = [];
}
