namespace Lae.Randomness;

/// <summary>
/// Fills rows block by block, without vectors. It defines the draws; <see cref="WideDraws"/> must give the same bits.
/// </summary>
internal static class ScalarDraws
{
    public static void Fill<T, TDraw>(RandomKey key, uint stream, RowIds rowIds, int firstColumn, int columns, Span<T> destination)
        where T : unmanaged
        where TDraw : IBlockDraw<T>
    {
        Span<T> values = stackalloc T[TDraw.Columns];
        for (int row = 0; row < rowIds.Count; row++)
        {
            Span<T> target = destination.Slice(row * columns, columns);
            for (int column = 0; column < columns; column += TDraw.Columns)
            {
                uint block = (uint)((firstColumn + column) / TDraw.Columns);
                TDraw.Scalar(Philox.Block(key, block, rowIds[row], stream, TDraw.Domain), values);
                values[..Math.Min(TDraw.Columns, columns - column)].CopyTo(target[column..]);
            }
        }
    }
}
