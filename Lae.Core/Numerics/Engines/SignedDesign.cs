namespace Lae.Numerics.Engines;

/// <summary>
/// How the data of a logistic regression lie for <see cref="IPrimitives{T}.LogisticLikelihood"/>: row i of the design times s_i = 2 y_i − 1, so that labels need no place of their own, in
/// tiles of 64 rows, each stored column by column as [columns, 64]. The last tile is filled up with zeros. After the tiles stands the greatest magnitude of each column, which bounds every |x·u| by Σ_j bound_j |u_j|.
/// </summary>
public static class SignedDesign
{
    /// <summary>Rows of a tile.</summary>
    public const int TileRows = 64;

    /// <summary>The number of elements of a packed design.</summary>
    /// <param name="rows">Rows of the design, 0 or more.</param>
    /// <param name="columns">Columns of the design, 0 or more.</param>
    /// <returns>64 · columns for each tile, begun or full, and columns more.</returns>
    /// <exception cref="OverflowException">It is beyond 2³¹ − 1.</exception>
    public static int Length(int rows, int columns) => checked((int)((((long)rows + TileRows - 1) / TileRows * TileRows * columns) + columns));

    /// <summary>Packs a design.</summary>
    /// <param name="columns">Columns of the design, 1 or more.</param>
    /// <param name="design">x, [rows, columns].</param>
    /// <param name="labels">y, [rows], each 0 or 1.</param>
    /// <param name="packed">Takes <see cref="Length"/> elements.</param>
    public static void Pack(int columns, ReadOnlySpan<double> design, ReadOnlySpan<double> labels, Span<double> packed)
    {
        packed.Clear();
        Span<double> bounds = packed[^columns..];
        for (int row = 0; row < labels.Length; row++)
        {
            int tile = row / TileRows * TileRows * columns;
            for (int j = 0; j < columns; j++)
            {
                double value = design[(row * columns) + j];
                packed[tile + (j * TileRows) + (row % TileRows)] = labels[row] == 0 ? -value : value;
                bounds[j] = Math.Max(bounds[j], Math.Abs(value));
            }
        }
    }
}
