namespace Lae.Numerics.Engines.Managed;

/// <summary>The matrix product, divided among threads by rectangles of C.</summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    public void MatrixProduct(MatrixProductPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
    {
        Require(
            a.Length == (long)plan.M * plan.K && b.Length == (long)plan.K * plan.N && c.Length == (long)plan.M * plan.N);
        fixed (T* aAddress = a, bAddress = b, cAddress = c)
        {
            PackedProduct<T, TVector, TLanes>.Strided left = plan.TransposeA ? new(aAddress, 1, plan.M) : new(aAddress, plan.K, 1);
            PackedProduct<T, TVector, TLanes>.Strided right = plan.TransposeB ? new(bAddress, 1, plan.K) : new(bAddress, plan.N, 1);
            Product(plan.M, plan.N, plan.K, left, right, new(cAddress, plan.N, 1), plan.Accumulate, plan.AddAtEnd);
        }
    }

    private void Product(
        int m,
        int n,
        int k,
        PackedProduct<T, TVector, TLanes>.Strided a,
        PackedProduct<T, TVector, TLanes>.Strided b,
        PackedProduct<T, TVector, TLanes>.Strided c,
        bool accumulate,
        bool addAtEnd)
    {
        int parts = pool.Parts((long)m * n * k, ProductGrain);
        (int rowParts, int columnParts) = Grid(m, n, parts, b.ColumnStride == 1 && c.ColumnStride == 1 ? PackedOnTheWay : 1);
        ProductWork work = new()
        {
            M = m,
            N = n,
            K = k,
            A = a,
            B = b,
            C = c,
            Accumulate = accumulate,
            AddAtEnd = addAtEnd,
            RowParts = rowParts,
            ColumnParts = columnParts,
        };
        pool.Run(ref work, rowParts * columnParts);
    }

    /// <summary>What a column of B that is packed while it is multiplied costs, in rows of A that are packed before.</summary>
    private const double PackedOnTheWay = 0.5;

    /// <summary>Every part packs its own rows of A and columns of B, so the rectangle of least half perimeter, in which columns count as they cost, is done soonest.</summary>
    private static (int RowParts, int ColumnParts) Grid(int m, int n, int parts, double column)
    {
        (int rowParts, int columnParts) = (1, 1);
        double best = double.PositiveInfinity;
        for (int rows = 1; rows <= parts; rows++)
        {
            int columns = parts / rows;
            if (rows * columns != parts || rows > m || columns > n)
            {
                continue;
            }

            double perimeter = ((double)m / rows) + (column * n / columns);
            if (perimeter < best)
            {
                best = perimeter;
                (rowParts, columnParts) = (rows, columns);
            }
        }

        return (rowParts, columnParts);
    }

    private struct ProductWork : IPartitionedWork
    {
        public int M;
        public int N;
        public int K;
        public PackedProduct<T, TVector, TLanes>.Strided A;
        public PackedProduct<T, TVector, TLanes>.Strided B;
        public PackedProduct<T, TVector, TLanes>.Strided C;
        public bool Accumulate;
        public bool AddAtEnd;
        public int RowParts;
        public int ColumnParts;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint firstRow, nint lastRow) = SplitBlocks(M, TLanes.ProductRows, part / ColumnParts, RowParts);
            (nint firstColumn, nint lastColumn) = SplitBlocks(N, PackedProduct<T, TVector, TLanes>.PanelColumns, part % ColumnParts, ColumnParts);
            PackedProduct<T, TVector, TLanes>.Multiply(
                (int)(lastRow - firstRow),
                (int)(lastColumn - firstColumn),
                K,
                new(A.At(firstRow, 0), A.RowStride, A.ColumnStride),
                new(B.At(0, firstColumn), B.RowStride, B.ColumnStride),
                new(C.At(firstRow, firstColumn), C.RowStride, C.ColumnStride),
                Accumulate,
                AddAtEnd,
                workspace);
        }

        /// <summary>A share in whole register blocks where there are enough of them.</summary>
        private static (nint First, nint Last) SplitBlocks(int count, int block, int part, int parts)
        {
            int blocks = (count + block - 1) / block;
            if (blocks < parts)
            {
                return Split(count, part, parts);
            }

            (nint first, nint last) = Split(blocks, part, parts);
            return (first * block, Math.Min(count, last * block));
        }
    }
}
