namespace Lae.Numerics.Engines.Managed;

/// <summary>The matrix product, divided among threads by rectangles of C.</summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    public void MatrixProduct(MatrixProductPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
    {
        Require(
            a.Length == (long)plan.M * plan.K && b.Length == (long)plan.K * plan.N && c.Length == (long)plan.M * plan.N);
        int parts = pool.Parts((long)plan.M * plan.N * plan.K, ProductGrain);
        (int rowParts, int columnParts) = Grid(plan.M, plan.N, parts);
        fixed (T* aAddress = a, bAddress = b, cAddress = c)
        {
            ProductWork work = new() { Plan = plan, A = aAddress, B = bAddress, C = cAddress, RowParts = rowParts, ColumnParts = columnParts };
            pool.Run(ref work, rowParts * columnParts);
        }
    }

    /// <summary>Every part packs its own rows of A and columns of B, so the rectangle of least half perimeter costs least.</summary>
    private static (int RowParts, int ColumnParts) Grid(int m, int n, int parts)
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

            double perimeter = ((double)m / rows) + ((double)n / columns);
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
        public MatrixProductPlan Plan;
        public T* A;
        public T* B;
        public T* C;
        public int RowParts;
        public int ColumnParts;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint firstRow, nint lastRow) = SplitBlocks(Plan.M, TLanes.ProductRows, part / ColumnParts, RowParts);
            (nint firstColumn, nint lastColumn) = SplitBlocks(Plan.N, PackedProduct<T, TVector, TLanes>.PanelColumns, part % ColumnParts, ColumnParts);
            PackedProduct<T, TVector, TLanes>.Strided a = Plan.TransposeA ? new(A, 1, Plan.M) : new(A, Plan.K, 1);
            PackedProduct<T, TVector, TLanes>.Strided b = Plan.TransposeB ? new(B, 1, Plan.K) : new(B, Plan.N, 1);
            PackedProduct<T, TVector, TLanes>.Strided c = new(C, Plan.N, 1);
            PackedProduct<T, TVector, TLanes>.Multiply(
                (int)(lastRow - firstRow),
                (int)(lastColumn - firstColumn),
                Plan.K,
                new(a.At(firstRow, 0), a.RowStride, a.ColumnStride),
                new(b.At(0, firstColumn), b.RowStride, b.ColumnStride),
                new(c.At(firstRow, firstColumn), c.RowStride, c.ColumnStride),
                Plan.Accumulate,
                Plan.AddAtEnd,
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
