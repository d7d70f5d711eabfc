using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lae.Randomness;

/// <summary>A width of vectors: computes a fixed number of blocks at once.</summary>
internal interface IDrawWidth
{
    /// <summary>Blocks per call.</summary>
    static abstract int Blocks { get; }

    /// <summary>Blocks firstBlock, firstBlock + 1, … of one row, one after another.</summary>
    static abstract void Consecutive<T, TDraw>(ref readonly RoundKeys keys, uint stream, uint rowId, uint firstBlock, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>;

    /// <summary>Any blocks of any rows, one after another.</summary>
    static abstract void Scattered<T, TDraw>(ref readonly RoundKeys keys, uint stream, ref ulong rowIds, ref ulong blocks, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>;
}

/// <summary>
/// Fills rows with the bits of <see cref="ScalarDraws"/>, many blocks at once. Whole groups of blocks of a row go to the
/// destination directly; what is left of the rows (for short rows: everything) is collected across rows into groups.
/// </summary>
internal static class WideDraws
{
    private const int MostBlocks = 16;
    private const int MostColumns = 4;

    [SkipLocalsInit]
    public static void Fill<T, TDraw, TWidth>(RandomKey key, uint stream, RowIds rowIds, int firstColumn, int columns, Span<T> destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
        where TWidth : struct, IDrawWidth
    {
        if (columns <= TDraw.Columns)
        {
            FillShort<T, TDraw, TWidth>(key, stream, rowIds, (uint)(firstColumn / TDraw.Columns), columns, destination);
            return;
        }

        RoundKeys.Expand(key, out RoundKeys keys);
        int groupColumns = TWidth.Blocks * TDraw.Columns;
        int grouped = columns - columns % groupColumns;
        uint firstBlock = (uint)(firstColumn / TDraw.Columns);
        if (rowIds.Count == 1 && grouped == 0)
        {
            // One short row, as a single chain has: its group is filled up with the blocks that follow, which nobody reads.
            Span<T> group = stackalloc T[MostBlocks * MostColumns];
            TWidth.Consecutive<T, TDraw>(in keys, stream, rowIds[0], firstBlock, ref MemoryMarshal.GetReference(group));
            group[..columns].CopyTo(destination);
            return;
        }

        Span<ulong> pendingRows = stackalloc ulong[MostBlocks];
        Span<ulong> pendingBlocks = stackalloc ulong[MostBlocks];
        Span<int> pendingStarts = stackalloc int[MostBlocks];
        Span<int> pendingColumns = stackalloc int[MostBlocks];
        Span<T> values = stackalloc T[MostBlocks * MostColumns];
        int pending = 0;

        for (int row = 0; row < rowIds.Count; row++)
        {
            uint rowId = rowIds[row];
            int start = row * columns;
            uint block = firstBlock;
            int column = 0;
            for (; column < grouped; column += groupColumns)
            {
                TWidth.Consecutive<T, TDraw>(
                    in keys, stream, rowId, block, ref MemoryMarshal.GetReference(destination.Slice(start + column, groupColumns)));
                block += (uint)TWidth.Blocks;
            }

            for (; column < columns; column += TDraw.Columns)
            {
                pendingRows[pending] = rowId;
                pendingBlocks[pending] = block++;
                pendingStarts[pending] = start + column;
                pendingColumns[pending] = Math.Min(TDraw.Columns, columns - column);
                if (++pending == TWidth.Blocks)
                {
                    Flush(destination, pendingRows, pendingBlocks, pendingStarts, pendingColumns, values);
                    pending = 0;
                }
            }
        }

        if (pending > 0)
        {
            // The last group is filled up with blocks that nobody reads.
            pendingRows[pending..].Clear();
            pendingBlocks[pending..].Clear();
            pendingColumns[pending..].Clear();
            pendingStarts[pending..].Clear();
            Flush(destination, pendingRows, pendingBlocks, pendingStarts, pendingColumns, values);
        }

        void Flush(Span<T> target, Span<ulong> rows, Span<ulong> blocks, Span<int> starts, Span<int> counts, Span<T> draws)
        {
            TWidth.Scattered<T, TDraw>(
                in keys, stream, ref MemoryMarshal.GetReference(rows), ref MemoryMarshal.GetReference(blocks), ref MemoryMarshal.GetReference(draws));
            for (int i = 0; i < TWidth.Blocks; i++)
            {
                Span<T> part = target.Slice(starts[i], counts[i]);
                ref T source = ref draws[i * TDraw.Columns];
                if (part.Length == TDraw.Columns)
                {
                    // A block is 128 bits of draws.
                    Vector128.LoadUnsafe(ref source).StoreUnsafe(ref MemoryMarshal.GetReference(part));
                    continue;
                }

                for (int j = 0; j < part.Length; j++)
                {
                    part[j] = Unsafe.Add(ref source, j);
                }
            }
        }
    }

    // Rows of one block at most (an accept uniform per chain, a target in two dimensions): the lanes are rows.
    [SkipLocalsInit]
    private static void FillShort<T, TDraw, TWidth>(RandomKey key, uint stream, RowIds rowIds, uint block, int columns, Span<T> destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
        where TWidth : struct, IDrawWidth
    {
        RoundKeys.Expand(key, out RoundKeys keys);
        Span<ulong> rows = stackalloc ulong[MostBlocks];
        Span<ulong> blocks = stackalloc ulong[MostBlocks];
        Span<T> values = stackalloc T[MostBlocks * MostColumns];
        blocks.Fill(block);
        for (int row = 0; row < rowIds.Count; row += TWidth.Blocks)
        {
            int count = Math.Min(TWidth.Blocks, rowIds.Count - row);
            rows.Clear();
            for (int i = 0; i < count; i++)
            {
                rows[i] = rowIds[row + i];
            }

            Span<T> target = destination.Slice(row * columns, count * columns);
            TWidth.Scattered<T, TDraw>(
                in keys, stream, ref MemoryMarshal.GetReference(rows), ref MemoryMarshal.GetReference(blocks), ref MemoryMarshal.GetReference(values));
            for (int i = 0, from = 0; i < target.Length; i += columns, from += TDraw.Columns)
            {
                for (int j = 0; j < columns; j++)
                {
                    target[i + j] = values[from + j];
                }
            }
        }
    }
}

/// <summary>Two vectors of 256 bits: eight blocks.</summary>
internal readonly struct DrawWidth256 : IDrawWidth
{
    public static int Blocks => 8;

    public static void Consecutive<T, TDraw>(ref readonly RoundKeys keys, uint stream, uint rowId, uint firstBlock, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        Vector256<ulong> blocks = Vector256.Create((ulong)firstBlock) + Interleave.Order256;
        Vector256<ulong> rows = Vector256.Create((ulong)rowId);
        Compute<T, TDraw>(in keys, stream, rows, rows, blocks, blocks + Vector256.Create(4UL), ref destination);
    }

    public static void Scattered<T, TDraw>(ref readonly RoundKeys keys, uint stream, ref ulong rowIds, ref ulong blocks, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T> =>
        Compute<T, TDraw>(
            in keys,
            stream,
            Vector256.Shuffle(Vector256.LoadUnsafe(ref rowIds), Interleave.Order256),
            Vector256.Shuffle(Vector256.LoadUnsafe(ref rowIds, 4), Interleave.Order256),
            Vector256.Shuffle(Vector256.LoadUnsafe(ref blocks), Interleave.Order256),
            Vector256.Shuffle(Vector256.LoadUnsafe(ref blocks, 4), Interleave.Order256),
            ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compute<T, TDraw>(
        ref readonly RoundKeys keys, uint stream, Vector256<ulong> rows0, Vector256<ulong> rows1, Vector256<ulong> blocks0, Vector256<ulong> blocks1, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        Vector256<ulong> a0 = blocks0, a1 = rows0, a2 = Vector256.Create((ulong)stream), a3 = Vector256.Create((ulong)TDraw.Domain);
        Vector256<ulong> b0 = blocks1, b1 = rows1, b2 = a2, b3 = a3;
        WidePhilox.Blocks(in keys, ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3);
        TDraw.Wide256(a0, a1, a2, a3, ref destination);
        TDraw.Wide256(b0, b1, b2, b3, ref Unsafe.Add(ref destination, 4 * TDraw.Columns));
    }
}

/// <summary>Two vectors of 512 bits: sixteen blocks.</summary>
internal readonly struct DrawWidth512 : IDrawWidth
{
    public static int Blocks => 16;

    public static void Consecutive<T, TDraw>(ref readonly RoundKeys keys, uint stream, uint rowId, uint firstBlock, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        Vector512<ulong> blocks = Vector512.Create((ulong)firstBlock) + Interleave.Order512;
        Vector512<ulong> rows = Vector512.Create((ulong)rowId);
        Compute<T, TDraw>(in keys, stream, rows, rows, blocks, blocks + Vector512.Create(8UL), ref destination);
    }

    public static void Scattered<T, TDraw>(ref readonly RoundKeys keys, uint stream, ref ulong rowIds, ref ulong blocks, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T> =>
        Compute<T, TDraw>(
            in keys,
            stream,
            Vector512.Shuffle(Vector512.LoadUnsafe(ref rowIds), Interleave.Order512),
            Vector512.Shuffle(Vector512.LoadUnsafe(ref rowIds, 8), Interleave.Order512),
            Vector512.Shuffle(Vector512.LoadUnsafe(ref blocks), Interleave.Order512),
            Vector512.Shuffle(Vector512.LoadUnsafe(ref blocks, 8), Interleave.Order512),
            ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compute<T, TDraw>(
        ref readonly RoundKeys keys, uint stream, Vector512<ulong> rows0, Vector512<ulong> rows1, Vector512<ulong> blocks0, Vector512<ulong> blocks1, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        Vector512<ulong> a0 = blocks0, a1 = rows0, a2 = Vector512.Create((ulong)stream), a3 = Vector512.Create((ulong)TDraw.Domain);
        Vector512<ulong> b0 = blocks1, b1 = rows1, b2 = a2, b3 = a3;
        WidePhilox.Blocks(in keys, ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3);
        TDraw.Wide512(a0, a1, a2, a3, ref destination);
        TDraw.Wide512(b0, b1, b2, b3, ref Unsafe.Add(ref destination, 8 * TDraw.Columns));
    }
}
