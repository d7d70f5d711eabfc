using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The matrix product of one thread: C (m × n) = A (m × k) B (k × n), or added to C, all with any strides, of which one of C is 1.
/// </summary>
/// <remarks>
/// Every element of C is one chain of fused multiply-adds over k in rising order, on every path: a block over k starts from the value of C that the block before
/// it left. Multiplication commutes, so the chain is the same when the product is computed as its transpose. Blocking after Goto and van de Geijn (2008),
/// Anatomy of high-performance matrix multiplication: panels of B and a block of A near the registers, in the second-level cache or the first, C in registers.
/// </remarks>
internal static unsafe partial class PackedProduct<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    /// <summary>Steps over k of a block at most. A panel of B so deep lies in the second-level cache, from where registers are fed in time; with shallower ones C is loaded and stored more often, which costs more.</summary>
    private const int MostDepth = 448;
    private const int LeftBlockBytes = 384 * 1024;
    private const int ColumnsWhenTall = 2048;
    private const int ColumnsWhenFlat = 128;
    private const long ScalarWork = 128;
    private const int StreamedRows = 4;

    public static int PanelColumns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TLanes.Count;
    }

    public static void Multiply(
        int m, int n, int k, Strided a, Strided b, Strided c, bool accumulate, bool addAtEnd, ScratchMemory workspace)
    {
        if (m == 0 || n == 0)
        {
            return;
        }

        bool isNarrow = n < TLanes.Count && m > n;
        if (c.ColumnStride != 1 || (isNarrow && n > 1))
        {
            (m, n) = (n, m);
            (a, b) = (b.Transposed, a.Transposed);
            c = c.Transposed;
        }
        else if (isNarrow && c.RowStride == 1)
        {
            (m, n) = (n, m);
            (a, b) = (b.Transposed, a.Transposed);
            c = new Strided(c.Start, m, 1);
        }

        if ((long)m * n * k <= ScalarWork || k == 0)
        {
            Scalar(m, n, k, a, b, c, accumulate, addAtEnd);
        }
        else if (b.ColumnStride == 1 && c.ColumnStride == 1 && m <= StreamedRows && !addAtEnd)
        {
            Stream(m, n, k, a, b, c, accumulate);
        }
        else
        {
            Packed(m, n, k, a, b, c, accumulate, addAtEnd, workspace);
        }
    }

    /// <summary>c += Σ factors_k · row k of B, for one row of n elements; the rows of B lie <paramref name="stride"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddRows(nint n, nint k, T* factors, nint factorStride, T* b, nint stride, T* c)
    {
        nint step = 0;
        for (; step <= k - 4; step += 4)
        {
            T f0 = factors[step * factorStride];
            T f1 = factors[(step + 1) * factorStride];
            T f2 = factors[(step + 2) * factorStride];
            T f3 = factors[(step + 3) * factorStride];
            TVector v0 = TLanes.Broadcast(f0);
            TVector v1 = TLanes.Broadcast(f1);
            TVector v2 = TLanes.Broadcast(f2);
            TVector v3 = TLanes.Broadcast(f3);
            T* b0 = b + (step * stride);
            T* b1 = b0 + stride;
            T* b2 = b1 + stride;
            T* b3 = b2 + stride;
            nint i = 0;
            for (; i <= n - TLanes.Count; i += TLanes.Count)
            {
                TVector sum = TLanes.MultiplyAdd(v0, TLanes.Load(b0 + i), TLanes.Load(c + i));
                sum = TLanes.MultiplyAdd(v1, TLanes.Load(b1 + i), sum);
                sum = TLanes.MultiplyAdd(v2, TLanes.Load(b2 + i), sum);
                TLanes.Store(TLanes.MultiplyAdd(v3, TLanes.Load(b3 + i), sum), c + i);
            }

            for (; i < n; i++)
            {
                T sum = T.FusedMultiplyAdd(f0, b0[i], c[i]);
                sum = T.FusedMultiplyAdd(f1, b1[i], sum);
                sum = T.FusedMultiplyAdd(f2, b2[i], sum);
                c[i] = T.FusedMultiplyAdd(f3, b3[i], sum);
            }
        }

        for (; step < k; step++)
        {
            T f = factors[step * factorStride];
            TVector v = TLanes.Broadcast(f);
            T* row = b + (step * stride);
            nint i = 0;
            for (; i <= n - TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(TLanes.MultiplyAdd(v, TLanes.Load(row + i), TLanes.Load(c + i)), c + i);
            }

            for (; i < n; i++)
            {
                c[i] = T.FusedMultiplyAdd(f, row[i], c[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scalar(int m, int n, int k, Strided a, Strided b, Strided c, bool accumulate, bool addAtEnd)
    {
        for (nint row = 0; row < m; row++)
        {
            for (nint column = 0; column < n; column++)
            {
                T* target = c.At(row, column);
                T* left = a.At(row, 0);
                T* right = b.At(0, column);
                T sum = accumulate ? *target : T.Zero;
                for (int step = 0; step < k; step++)
                {
                    sum = T.FusedMultiplyAdd(*left, *right, sum);
                    left += a.ColumnStride;
                    right += b.RowStride;
                }

                *target = addAtEnd ? *target + sum : sum;
            }
        }
    }

    /// <summary>Few rows: B is read once, as it lies, and packing would only add to that.</summary>
    private static void Stream(int m, int n, int k, Strided a, Strided b, Strided c, bool accumulate)
    {
        const int Steps = 16;
        if (!accumulate)
        {
            for (int row = 0; row < m; row++)
            {
                new Span<T>(c.At(row, 0), n).Clear();
            }
        }

        for (int step = 0; step < k; step += Steps)
        {
            int count = Math.Min(Steps, k - step);
            for (int row = 0; row < m; row++)
            {
                AddRows(n, count, a.At(row, step), a.ColumnStride, b.At(step, 0), b.RowStride, c.At(row, 0));
            }
        }
    }

    private static void Packed(int m, int n, int k, Strided a, Strided b, Strided c, bool accumulate, bool addAtEnd, ScratchMemory workspace)
    {
        int rows = TLanes.ProductRows;
        int columns = PanelColumns;

        // what is added to C at the end must not be interrupted: one block over k
        int depth = Even(k, addAtEnd ? k : MostDepth, 8);
        int mostRows = Math.Max(rows, LeftBlockBytes / (depth * sizeof(T)) / rows * rows);
        int blockRows = Even(m, mostRows, rows);
        bool isFlat = blockRows >= m;
        bool packsLater = isFlat && MicroKernel<T, TVector, TLanes>.CanPack && b.ColumnStride == 1 && c.ColumnStride == 1 && m >= rows;
        int blockColumns = Even(n, isFlat ? ColumnsWhenFlat : ColumnsWhenTall, columns);
        T* left = workspace.Reserve<T>(ScratchRegion.PackedLeft, (long)blockRows * depth);
        T* right = workspace.Reserve<T>(ScratchRegion.PackedRight, (long)blockColumns * depth);
        for (int step = 0; step < k; step += depth)
        {
            int steps = Math.Min(depth, k - step);
            bool resume = accumulate || step > 0;
            if (isFlat)
            {
                Pack(rows, m, steps, a.At(0, step), a.RowStride, a.ColumnStride, left);
            }

            for (int column = 0; column < n; column += blockColumns)
            {
                int width = Math.Min(blockColumns, n - column);
                int later = packsLater ? width / columns * columns : 0;
                Pack(columns, width - later, steps, b.At(step, column + later), b.ColumnStride, b.RowStride, right + ((nint)later * steps));
                (int nextStep, int nextColumn) = column + blockColumns < n ? (step, column + blockColumns) : (step + depth, 0);
                LinesAhead ahead = isFlat && nextStep < k
                    ? LinesAheadOf(b, nextStep, nextColumn, Math.Min(depth, k - nextStep), Math.Min(blockColumns, n - nextColumn), Tiles(m, width), steps)
                    : LinesAhead.None;
                for (int row = 0; row < m; row += blockRows)
                {
                    int height = Math.Min(blockRows, m - row);
                    if (!isFlat)
                    {
                        Pack(rows, height, steps, a.At(row, step), a.RowStride, a.ColumnStride, left);
                    }

                    Block(height, width, steps, left, right, new Strided(c.At(row, column), c.RowStride, c.ColumnStride), resume, addAtEnd, ahead, new Strided(b.At(step, column), b.RowStride, b.ColumnStride), later);
                }
            }
        }
    }

    private static int Tiles(int m, int n) => ((m + TLanes.ProductRows - 1) / TLanes.ProductRows) * ((n + PanelColumns - 1) / PanelColumns);

    /// <summary>The size of equal blocks, multiples of <paramref name="multiple"/> and at most <paramref name="most"/>, that cover <paramref name="count"/>.</summary>
    private static int Even(int count, int most, int multiple)
    {
        int blocks = (count + most - 1) / most;
        int size = (count + blocks - 1) / blocks;
        return (size + multiple - 1) / multiple * multiple;
    }

    /// <summary>The product of a packed block of A and a block of B, packed but for its first so many columns: those panels are packed while the first rows are multiplied.</summary>
    private static void Block(int m, int n, int k, T* left, T* right, Strided c, bool resume, bool addAtEnd, LinesAhead ahead, Strided b, int unpacked)
    {
        int rows = TLanes.ProductRows;
        int columns = PanelColumns;
        T* tile = stackalloc T[rows * columns];
        for (int column = 0; column < n; column += columns)
        {
            T* panel = right + ((nint)column * k);
            int width = Math.Min(columns, n - column);
            if (typeof(T) == typeof(float) && width <= FourColumns.Width && FourColumns.IsSupported && TLanes.ProductRows == 12)
            {
                LastColumns(m, width, k, (float*)left, (float*)panel, (float*)c.At(0, column), c.RowStride, c.ColumnStride, resume, addAtEnd);
                continue;
            }

            for (int row = 0; row < m; row += rows)
            {
                T* block = left + ((nint)row * k);
                int height = Math.Min(rows, m - row);
                if (!MicroKernel<T, TVector, TLanes>.FetchesAhead)
                {
                    ahead.FetchShare();
                }

                if (row == 0 && column < unpacked)
                {
                    MicroKernel<T, TVector, TLanes>.RunAndPack(k, block, panel, c.At(0, column), c.RowStride, resume, addAtEnd, ref ahead, b.At(0, column), b.RowStride);
                    continue;
                }

                bool isWhole = width == columns && c.ColumnStride == 1;
                if (height == rows && isWhole && (!addAtEnd || MicroKernel<T, TVector, TLanes>.AddsAtEnd))
                {
                    MicroKernel<T, TVector, TLanes>.Run(k, block, panel, c.At(row, column), c.RowStride, resume, addAtEnd, ref ahead);
                    continue;
                }

                bool isWide = isWhole && !addAtEnd;

                bool isNarrow = width <= TLanes.Count;
                if (height == rows && width == TLanes.Count && c.ColumnStride == 1 && !addAtEnd)
                {
                    MicroKernel<T, TVector, TLanes>.RunNarrow(k, block, panel, c.At(row, column), c.RowStride, resume);
                    continue;
                }

                bool isForFours = MicroKernel<T, TVector, TLanes>.IsForFours(height);
                if (isForFours && isWide && height % 4 == 0)
                {
                    MicroKernel<T, TVector, TLanes>.Fours(height, k, block, panel, c.At(row, column), c.RowStride, resume);
                    continue;
                }

                if (resume)
                {
                    for (int i = 0; i < height; i++)
                    {
                        Copy(width, c.At(row + i, column), c.ColumnStride, tile + (i * columns), 1);
                    }
                }

                if (isForFours)
                {
                    MicroKernel<T, TVector, TLanes>.Fours(height, k, block, panel, tile, columns, resume);
                }
                else if (isNarrow)
                {
                    MicroKernel<T, TVector, TLanes>.RunNarrow(k, block, panel, tile, columns, resume);
                }
                else
                {
                    MicroKernel<T, TVector, TLanes>.Run(k, block, panel, tile, columns, resume, addAtEnd: false, ref ahead);
                }

                for (int i = 0; i < height; i++)
                {
                    if (addAtEnd)
                    {
                        Add(width, tile + (i * columns), c.At(row + i, column), c.ColumnStride);
                    }
                    else
                    {
                        Copy(width, tile + (i * columns), 1, c.At(row + i, column), c.ColumnStride);
                    }
                }
            }
        }
    }

    [SkipLocalsInit]
    private static void LastColumns(int m, int width, int k, float* left, float* panel, float* c, nint rowStride, nint columnStride, bool resume, bool addAtEnd)
    {
        float* sums = stackalloc float[FourColumns.MostRows * FourColumns.Width];
        for (nint row = 0; row < m; row += FourColumns.MostRows)
        {
            int height = (int)Math.Min(FourColumns.MostRows, m - row);
            for (nint i = 0; resume && i < height; i++)
            {
                for (nint j = 0; j < FourColumns.Width; j++)
                {
                    sums[(i * FourColumns.Width) + j] = j < width ? c[((row + i) * rowStride) + (j * columnStride)] : 0;
                }
            }

            FourColumns.Run(height, k, left + (row * k), panel, PanelColumns, sums, resume);
            if (width == FourColumns.Width && columnStride == 1 && !addAtEnd)
            {
                for (nint i = 0; i < height; i++)
                {
                    Vector128.Store(Vector128.Load(sums + (i * FourColumns.Width)), c + ((row + i) * rowStride));
                }

                continue;
            }

            for (nint i = 0; i < height; i++)
            {
                for (nint j = 0; j < width; j++)
                {
                    float* target = c + ((row + i) * rowStride) + (j * columnStride);
                    float sum = sums[(i * FourColumns.Width) + j];
                    *target = addAtEnd ? *target + sum : sum;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(int count, T* source, T* destination, nint destinationStride)
    {
        nint j = 0;
        for (; destinationStride == 1 && j <= count - TLanes.Count; j += TLanes.Count)
        {
            TLanes.Store(TLanes.Add(TLanes.Load(destination + j), TLanes.Load(source + j)), destination + j);
        }

        for (; j < count; j++)
        {
            destination[j * destinationStride] += source[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(int count, T* source, nint sourceStride, T* destination, nint destinationStride)
    {
        if (sourceStride == 1 && destinationStride == 1)
        {
            Unsafe.CopyBlockUnaligned(destination, source, (uint)(count * sizeof(T)));
            return;
        }

        for (int j = 0; j < count; j++)
        {
            destination[j * destinationStride] = source[j * sourceStride];
        }
    }

    /// <summary>A matrix in memory.</summary>
    internal readonly struct Strided(T* start, nint rowStride, nint columnStride)
    {
        public T* Start { get; } = start;

        public nint RowStride { get; } = rowStride;

        public nint ColumnStride { get; } = columnStride;

        public Strided Transposed => new(Start, ColumnStride, RowStride);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T* At(nint row, nint column) => Start + (row * RowStride) + (column * ColumnStride);
    }
}
