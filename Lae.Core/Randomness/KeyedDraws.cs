using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lae.Randomness;

/// <summary>
/// Draws of several keys at once, with the bits of <see cref="RowDraws"/> for each of them: a lane of a register has a key of its own. For a few short rows, whose blocks do not fill a register, that is some times as fast as a key at a time.
/// </summary>
internal static class KeyedDraws
{
    private const int Lanes = 8;

    /// <summary>Whether the processor has the registers for it.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    /// <summary>Columns that a row of the destination has: whole blocks.</summary>
    public static int Stride<T, TDraw>(int columns)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T> => (columns + TDraw.Columns - 1) / TDraw.Columns * TDraw.Columns;

    /// <summary>Elements that a destination must have: whole registers.</summary>
    public static int Length<T, TDraw>(int keys, int rows, int columns)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T> =>
        ((keys * rows * (Stride<T, TDraw>(columns) / TDraw.Columns)) + Lanes - 1) / Lanes * Lanes * TDraw.Columns;

    /// <summary>Fills the rows of every key.</summary>
    /// <param name="keys">One key or more.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="rowIds">The id of each row, one or more.</param>
    /// <param name="columns">Columns of a row, 1 or more.</param>
    /// <param name="destination">[keys, rows, <see cref="Stride"/>], and more up to <see cref="Length"/>; what is behind the columns of a row is of no meaning.</param>
    [SkipLocalsInit]
    public static void Fill<T, TDraw>(ReadOnlySpan<RandomKey> keys, uint stream, RowIds rowIds, int columns, Span<T> destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        Span<ulong> keyValues = stackalloc ulong[Lanes];
        Span<ulong> rows = stackalloc ulong[Lanes];
        Span<ulong> blocks = stackalloc ulong[Lanes];
        int blocksOfRow = Stride<T, TDraw>(columns) / TDraw.Columns;
        int left = keys.Length * rowIds.Count * blocksOfRow;
        (int key, int row, int block) = (0, 0, 0);
        for (; left > 0; left -= Lanes)
        {
            // lanes behind the last block have that block again
            for (int lane = 0; lane < Lanes; lane++)
            {
                keyValues[lane] = keys[key].Value;
                rows[lane] = rowIds[row];
                blocks[lane] = (uint)block;
                if (lane + 1 < left)
                {
                    (row, block) = ++block == blocksOfRow ? (row + 1, 0) : (row, block);
                    (key, row) = row == rowIds.Count ? (key + 1, 0) : (key, row);
                }
            }

            Vector512<ulong> a0 = InOrder(blocks), a1 = InOrder(rows), a2 = Vector512.Create((ulong)stream), a3 = Vector512.Create((ulong)TDraw.Domain);
            WidePhilox.Blocks(InOrder(keyValues), ref a0, ref a1, ref a2, ref a3);
            TDraw.Wide512(a0, a1, a2, a3, ref destination[..(Lanes * TDraw.Columns)][0]);
            destination = destination[(Lanes * TDraw.Columns)..];
        }
    }

    private static Vector512<ulong> InOrder(Span<ulong> lanes) => Vector512.Shuffle(Vector512.Create<ulong>(lanes), Interleave.Order512);
}
