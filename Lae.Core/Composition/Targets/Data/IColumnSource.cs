using Lae.Formats;

namespace Lae.Composition;

/// <summary>Where a target takes its data from: what configuration chooses by type.</summary>
public interface IColumnSource
{
    /// <summary>Reads the columns that are asked for, always the same.</summary>
    /// <param name="choose">From the names of all columns to those that are wanted, one or more, none twice.</param>
    /// <returns>The columns.</returns>
    /// <exception cref="DataFormatException">The data are not as they must be; the message names source and place.</exception>
    ColumnTable Read(Func<IReadOnlyList<string>, IReadOnlyList<WantedColumn>> choose);
}
