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

    /// <summary>Blocks firstBlock, firstBlock + 1, … of one row up to endBlock, then those of another from endBlock − blocksOfRow on, one after another.</summary>
    static abstract void Straddling<T, TDraw>(
        ref readonly RoundKeys keys, uint stream, uint rowId, uint nextRowId, uint firstBlock, uint endBlock, uint blocksOfRow, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>;

    /// <summary>Whether there is a <see cref="Double"/>.</summary>
    static virtual bool HasDouble => false;

    /// <summary>Twice as many blocks, over the ends of one row or two of at least <see cref="Blocks"/> blocks each.</summary>
    static virtual void Double<T, TDraw>(
        ref readonly RoundKeys keys, uint stream, uint rowId, uint nextRowId, uint afterNextRowId, uint firstBlock, uint endBlock, uint blocksOfRow, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T> => throw new NotSupportedException();

    /// <summary>Any blocks of any rows, one after another; rowIds are counted from firstRowId.</summary>
    static abstract void Scattered<T, TDraw>(ref readonly RoundKeys keys, uint stream, uint firstRowId, ref ulong rowIds, ref ulong blocks, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>;
}

/// <summary>
/// Fills rows with the bits of <see cref="ScalarDraws"/>, many blocks at once. The blocks of all rows are one sequence, which is cut into groups whatever the rows: a group lies in one row, or goes over the end of a row
/// into the next, or has several short rows. Where rows are whole blocks the sequence is what the destination holds, and groups go there directly.
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
        if (columns == 0)
        {
            return;
        }

        uint firstBlock = (uint)(firstColumn / TDraw.Columns);
        RoundKeys.Expand(key, out RoundKeys keys);
        int blocksOfRow = (columns + TDraw.Columns - 1) / TDraw.Columns;
        if (blocksOfRow >= TWidth.Blocks || rowIds.Count == 1)
        {
            FillLong<T, TDraw, TWidth>(in keys, stream, rowIds, firstBlock, blocksOfRow, columns, destination);
        }
        else
        {
            FillSeveral<T, TDraw, TWidth>(in keys, stream, rowIds, firstBlock, blocksOfRow, columns, destination);
        }
    }

    // Rows of a group of blocks or more, or one row: a group meets two rows at most.
    [SkipLocalsInit]
    private static void FillLong<T, TDraw, TWidth>(
        ref readonly RoundKeys keys, uint stream, RowIds rowIds, uint firstBlock, int blocksOfRow, int columns, Span<T> destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
        where TWidth : struct, IDrawWidth
    {
        Span<T> values = stackalloc T[MostBlocks * MostColumns];
        int groupColumns = TWidth.Blocks * TDraw.Columns;
        int lacking = (blocksOfRow * TDraw.Columns) - columns;
        int position = 0;
        int block = 0;
        int row = 0;

        // two groups at a time, as long as that is whole: there are registers for that where a number has 32 bits
        while (TWidth.HasDouble && typeof(T) == typeof(float) && lacking == 0 && blocksOfRow >= TWidth.Blocks && destination.Length - position >= 2 * groupColumns)
        {
            uint next = rowIds[Math.Min(row + 1, rowIds.Count - 1)];
            uint afterNext = rowIds[Math.Min(row + 2, rowIds.Count - 1)];
            TWidth.Double<T, TDraw>(
                in keys, stream, rowIds[row], next, afterNext, firstBlock + (uint)block, firstBlock + (uint)blocksOfRow, (uint)blocksOfRow,
                ref MemoryMarshal.GetReference(destination.Slice(position, 2 * groupColumns)));
            position += 2 * groupColumns;
            for (block += 2 * TWidth.Blocks; block >= blocksOfRow; block -= blocksOfRow)
            {
                row++;
            }
        }

        while (row < rowIds.Count)
        {
            int left = blocksOfRow - block;
            uint own = firstBlock + (uint)block;
            if (left > TWidth.Blocks || (left == TWidth.Blocks && lacking == 0))
            {
                TWidth.Consecutive<T, TDraw>(in keys, stream, rowIds[row], own, ref MemoryMarshal.GetReference(destination.Slice(position, groupColumns)));
                position += groupColumns;
                block += TWidth.Blocks;
                (row, block) = block == blocksOfRow ? (row + 1, 0) : (row, block);
                continue;
            }

            // blocks behind the last row are those of that row again, which nobody reads
            bool isLast = row + 1 == rowIds.Count;
            uint next = isLast ? rowIds[row] : rowIds[row + 1];
            bool isDirect = lacking == 0 && !isLast;
            Span<T> target = isDirect ? destination.Slice(position, groupColumns) : values;
            TWidth.Straddling<T, TDraw>(in keys, stream, rowIds[row], next, own, firstBlock + (uint)blocksOfRow, (uint)blocksOfRow, ref MemoryMarshal.GetReference(target));
            int ofRow = (left * TDraw.Columns) - lacking;
            int ofNext = isLast ? 0 : groupColumns - (left * TDraw.Columns);
            if (!isDirect)
            {
                values[..ofRow].CopyTo(destination[position..]);
                values.Slice(left * TDraw.Columns, ofNext).CopyTo(destination[(position + ofRow)..]);
            }

            position += ofRow + ofNext;
            row++;
            block = ofNext / TDraw.Columns;
        }
    }

    // Several rows to a group. Which row and block each lane has repeats after as many groups as a row has blocks, at most: it is found once and kept.
    [SkipLocalsInit]
    private static void FillSeveral<T, TDraw, TWidth>(
        ref readonly RoundKeys keys, uint stream, RowIds rowIds, uint firstBlock, int blocksOfRow, int columns, Span<T> destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
        where TWidth : struct, IDrawWidth
    {
        Span<ulong> rows = stackalloc ulong[MostBlocks * MostBlocks];
        Span<ulong> blocks = stackalloc ulong[MostBlocks * MostBlocks];
        Span<T> values = stackalloc T[MostBlocks * MostColumns];
        bool isRange = rowIds.List.IsEmpty;
        int groupColumns = TWidth.Blocks * TDraw.Columns;
        int lacking = (blocksOfRow * TDraw.Columns) - columns;
        int known = 0;
        int row = 0;
        int block = 0;
        int position = 0;
        while (row < rowIds.Count)
        {
            // a group that begins in the middle of a row has a place of its own by the block that it begins at
            int place = block * MostBlocks;
            bool isKnown = isRange && (known & (1 << block)) != 0;
            known |= 1 << block;
            (int firstRow, int startBlock) = (row, block);
            if (isKnown)
            {
                int end = block + TWidth.Blocks;
                (row, block) = (row + (end / blocksOfRow), end % blocksOfRow);
            }
            else
            {
                // lanes behind the last row have blocks that nobody reads
                for (int i = 0; i < TWidth.Blocks; i++)
                {
                    rows[place + i] = isRange ? (uint)(row - firstRow) : row < rowIds.Count ? rowIds[row] : 0;
                    blocks[place + i] = firstBlock + (uint)block;
                    (row, block) = ++block == blocksOfRow ? (row + 1, 0) : (row, block);
                }
            }

            bool isDirect = lacking == 0 && row < rowIds.Count;
            TWidth.Scattered<T, TDraw>(
                in keys, stream, isRange ? (uint)(rowIds.First + firstRow) : 0, ref rows[place], ref blocks[place],
                ref MemoryMarshal.GetReference(isDirect ? destination.Slice(position, groupColumns) : values));
            if (isDirect)
            {
                position += groupColumns;
            }
            else
            {
                position = Distribute<T, TDraw>(values[..groupColumns], destination, position, startBlock, blocksOfRow, lacking);
            }
        }
    }

    /// <summary>Blocks to where they belong, from one of the first row on; those behind the end of the destination are dropped. A block is 128 bits of draws: what the last one of a row has too many is overwritten by the row that follows.</summary>
    private static int Distribute<T, TDraw>(ReadOnlySpan<T> values, Span<T> destination, int position, int startBlock, int blocksOfRow, int lacking)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        ref T target = ref MemoryMarshal.GetReference(destination);
        ref T source = ref MemoryMarshal.GetReference(values);
        int toEnd = blocksOfRow - startBlock;
        int lastWhole = destination.Length - TDraw.Columns;
        for (int from = 0; from < values.Length && position < destination.Length; from += TDraw.Columns)
        {
            if (position <= lastWhole)
            {
                Vector128.LoadUnsafe(ref source, (nuint)from).StoreUnsafe(ref target, (nuint)position);
            }
            else
            {
                values.Slice(from, destination.Length - position).CopyTo(destination[position..]);
            }

            position += TDraw.Columns;
            if (--toEnd == 0)
            {
                position -= lacking;
                toEnd = blocksOfRow;
            }
        }

        return position;
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

    public static void Straddling<T, TDraw>(
        ref readonly RoundKeys keys, uint stream, uint rowId, uint nextRowId, uint firstBlock, uint endBlock, uint blocksOfRow, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        Vector256<ulong> blocks0 = Vector256.Create((ulong)firstBlock) + Interleave.Order256;
        Vector256<ulong> blocks1 = blocks0 + Vector256.Create(4UL);
        Vector256<ulong> last = Vector256.Create(endBlock - 1UL);
        Vector256<ulong> isNext0 = Vector256.GreaterThan(blocks0.AsInt64(), last.AsInt64()).AsUInt64();
        Vector256<ulong> isNext1 = Vector256.GreaterThan(blocks1.AsInt64(), last.AsInt64()).AsUInt64();
        Vector256<ulong> own = Vector256.Create((ulong)rowId);
        Vector256<ulong> change = Vector256.Create((ulong)(rowId ^ nextRowId));
        Vector256<ulong> back = Vector256.Create((ulong)blocksOfRow);
        Compute<T, TDraw>(
            in keys, stream, own ^ (change & isNext0), own ^ (change & isNext1), blocks0 - (back & isNext0), blocks1 - (back & isNext1), ref destination);
    }

    public static void Scattered<T, TDraw>(ref readonly RoundKeys keys, uint stream, uint firstRowId, ref ulong rowIds, ref ulong blocks, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T> =>
        Compute<T, TDraw>(
            in keys,
            stream,
            Vector256.Create((ulong)firstRowId) + Vector256.Shuffle(Vector256.LoadUnsafe(ref rowIds), Interleave.Order256),
            Vector256.Create((ulong)firstRowId) + Vector256.Shuffle(Vector256.LoadUnsafe(ref rowIds, 4), Interleave.Order256),
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

    public static void Straddling<T, TDraw>(
        ref readonly RoundKeys keys, uint stream, uint rowId, uint nextRowId, uint firstBlock, uint endBlock, uint blocksOfRow, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        Vector512<ulong> blocks0 = Vector512.Create((ulong)firstBlock) + Interleave.Order512;
        Vector512<ulong> blocks1 = blocks0 + Vector512.Create(8UL);
        Vector512<ulong> last = Vector512.Create(endBlock - 1UL);
        Vector512<ulong> isNext0 = Vector512.GreaterThan(blocks0, last);
        Vector512<ulong> isNext1 = Vector512.GreaterThan(blocks1, last);
        Vector512<ulong> own = Vector512.Create((ulong)rowId);
        Vector512<ulong> change = Vector512.Create((ulong)(rowId ^ nextRowId));
        Vector512<ulong> back = Vector512.Create((ulong)blocksOfRow);
        Compute<T, TDraw>(
            in keys, stream, own ^ (change & isNext0), own ^ (change & isNext1), blocks0 - (back & isNext0), blocks1 - (back & isNext1), ref destination);
    }

    public static bool HasDouble => true;

    public static void Double<T, TDraw>(
        ref readonly RoundKeys keys, uint stream, uint rowId, uint nextRowId, uint afterNextRowId, uint firstBlock, uint endBlock, uint blocksOfRow, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        Vector512<ulong> own = Vector512.Create((ulong)rowId);
        Vector512<ulong> a0 = Vector512.Create((ulong)firstBlock) + Interleave.Order512;
        Vector512<ulong> b0 = a0 + Vector512.Create(8UL), c0 = a0 + Vector512.Create(16UL), d0 = a0 + Vector512.Create(24UL);
        Vector512<ulong> a1 = own, b1 = own, c1 = own, d1 = own;
        if (firstBlock + (2 * (uint)Blocks) > endBlock)
        {
            Vector512<ulong> last = Vector512.Create(endBlock - 1UL);
            Vector512<ulong> back = Vector512.Create((ulong)blocksOfRow);
            Vector512<ulong> change = Vector512.Create((ulong)(rowId ^ nextRowId));
            Vector512<ulong> nextChange = Vector512.Create((ulong)(nextRowId ^ afterNextRowId));
            a1 = PutInRow(ref a0, last, back, own, change, nextChange);
            b1 = PutInRow(ref b0, last, back, own, change, nextChange);
            c1 = PutInRow(ref c0, last, back, own, change, nextChange);
            d1 = PutInRow(ref d0, last, back, own, change, nextChange);
        }

        Vector512<ulong> a2 = Vector512.Create((ulong)stream), b2 = a2, c2 = a2, d2 = a2;
        Vector512<ulong> a3 = Vector512.Create((ulong)TDraw.Domain), b3 = a3, c3 = a3, d3 = a3;
        WidePhilox.FourBlocks(in keys, ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref c0, ref c1, ref c2, ref c3, ref d0, ref d1, ref d2, ref d3);
        TDraw.Wide512(a0, a1, a2, a3, ref destination);
        TDraw.Wide512(b0, b1, b2, b3, ref Unsafe.Add(ref destination, 8 * TDraw.Columns));
        TDraw.Wide512(c0, c1, c2, c3, ref Unsafe.Add(ref destination, 16 * TDraw.Columns));
        TDraw.Wide512(d0, d1, d2, d3, ref Unsafe.Add(ref destination, 24 * TDraw.Columns));
    }

    /// <summary>Puts blocks behind the end of a row into the rows that follow, and says in which rows they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> PutInRow(
        ref Vector512<ulong> blocks, Vector512<ulong> last, Vector512<ulong> back, Vector512<ulong> own, Vector512<ulong> change, Vector512<ulong> nextChange)
    {
        Vector512<ulong> isNext = Vector512.GreaterThan(blocks, last);
        Vector512<ulong> once = blocks - (back & isNext);
        Vector512<ulong> isAfterNext = Vector512.GreaterThan(once, last);
        blocks = once - (back & isAfterNext);
        return own ^ (change & isNext) ^ (nextChange & isAfterNext);
    }

    public static void Scattered<T, TDraw>(ref readonly RoundKeys keys, uint stream, uint firstRowId, ref ulong rowIds, ref ulong blocks, ref T destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T> =>
        Compute<T, TDraw>(
            in keys,
            stream,
            Vector512.Create((ulong)firstRowId) + Vector512.Shuffle(Vector512.LoadUnsafe(ref rowIds), Interleave.Order512),
            Vector512.Create((ulong)firstRowId) + Vector512.Shuffle(Vector512.LoadUnsafe(ref rowIds, 8), Interleave.Order512),
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
