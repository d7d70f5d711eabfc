using Lae.Formats;

namespace Lae.Datasets;

/// <summary>Where the rows of a file are, each of the same length.</summary>
public sealed record RowLayout
{
    /// <summary>A layout with checked ranges.</summary>
    /// <param name="sourceName">What messages call the file.</param>
    /// <param name="type">The element type, little-endian.</param>
    /// <param name="rows">Number of rows, 1 or more.</param>
    /// <param name="columns">Numbers in a row, 1 or more.</param>
    /// <param name="firstByte">Where the numbers of the first row begin, 0 or more.</param>
    /// <param name="rowBytes">Bytes from row to row, at least those of its numbers; null where rows follow each other closely.</param>
    public RowLayout(string sourceName, NpyType type, int rows, int columns, long firstByte, int? rowBytes = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(firstByte);
        ValueBytes = checked(columns * NpyArray.SizeOf(type));
        ArgumentOutOfRangeException.ThrowIfLessThan(rowBytes ?? ValueBytes, ValueBytes, nameof(rowBytes));
        SourceName = sourceName;
        Type = type;
        Rows = rows;
        Columns = columns;
        FirstByte = firstByte;
        RowBytes = rowBytes ?? ValueBytes;
    }

    /// <summary>What messages call the file.</summary>
    public string SourceName { get; }

    /// <summary>The element type, little-endian.</summary>
    public NpyType Type { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Numbers in a row.</summary>
    public int Columns { get; }

    /// <summary>Where the numbers of the first row begin.</summary>
    public long FirstByte { get; }

    /// <summary>Bytes from row to row.</summary>
    public int RowBytes { get; }

    /// <summary>Bytes of the numbers of a row.</summary>
    public int ValueBytes { get; }
}
