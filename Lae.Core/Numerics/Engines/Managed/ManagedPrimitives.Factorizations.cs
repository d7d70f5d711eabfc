using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Lae.Numerics.Engines.Managed;

/// <summary>Cholesky factor, triangular systems and symmetric eigenvalues.</summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    /// <summary>Column by column: with Lᵀ kept row by row, a column of L is its part of A less a sum of rows of Lᵀ, one chain over k for each element.</summary>
    public int Cholesky(int size, ReadOnlySpan<T> a, Span<T> l)
    {
        Require(a.Length == (long)size * size && l.Length == a.Length);
        ScratchMemory workspace = pool.Rent();
        try
        {
            T* transposed = workspace.Reserve<T>(ScratchRegion.Scratch, ((long)size * size) + size);
            T* factors = transposed + ((nint)size * size);
            for (int column = 0; column < size; column++)
            {
                T* row = transposed + ((nint)column * size);
                for (int i = column; i < size; i++)
                {
                    row[i] = a[(i * size) + column];
                }

                for (int k = 0; k < column; k++)
                {
                    factors[k] = -transposed[((nint)k * size) + column];
                }

                PackedProduct<T, TVector, TLanes>.AddRows(size - column, column, factors, 1, transposed + column, size, row + column);
                if (!(row[column] > T.Zero) || !T.IsFinite(row[column]))
                {
                    return column;
                }

                T pivot = T.Sqrt(row[column]);
                for (int i = column; i < size; i++)
                {
                    row[i] /= pivot;
                }

                row[column] = pivot;
            }

            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    l[(i * size) + j] = transposed[((nint)j * size) + i];
                }

                l.Slice((i * size) + i + 1, size - i - 1).Clear();
            }

            return -1;
        }
        finally
        {
            pool.Return(workspace);
        }
    }

    public void TriangularSolve(int size, int columns, bool transpose, ReadOnlySpan<T> l, ReadOnlySpan<T> b, Span<T> x)
    {
        Require(l.Length == (long)size * size && b.Length == (long)size * columns && x.Length == b.Length);
        int parts = Math.Max(1, Math.Min(columns / TLanes.Count, pool.Parts((long)size * size * columns / 2, ProductGrain)));
        fixed (T* lAddress = l, bAddress = b, xAddress = x)
        {
            SolveWork work = new() { Size = size, Columns = columns, Transpose = transpose, L = lAddress, B = bAddress, X = xAddress };
            pool.Run(ref work, parts);
        }
    }

    /// <summary>Tridiagonalisation and the QL algorithm in double precision, as MathNet.Numerics has them.</summary>
    public void SymmetricEigen(int size, ReadOnlySpan<T> a, Span<T> values, Span<T> vectors)
    {
        Require(a.Length == (long)size * size && vectors.Length == a.Length && values.Length == size);
        if (size == 0)
        {
            return;
        }

        if (!AllFinite(a))
        {
            values.Fill(T.NaN);
            vectors.Fill(T.NaN);
            return;
        }

        double[] elements = new double[size * size];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = double.CreateChecked(a[i]);
        }

        // A symmetric matrix reads the same by columns as by rows.
        Evd<double> factors = new DenseMatrix(size, size, elements).Evd(Symmetricity.Symmetric);
        double[] found = new double[size];
        int[] order = new int[size];
        for (int i = 0; i < size; i++)
        {
            found[i] = factors.EigenValues[i].Real;
            order[i] = i;
        }

        Array.Sort(found, order);
        for (int column = 0; column < size; column++)
        {
            values[column] = T.CreateChecked(found[column]);
            int largest = 0;
            for (int row = 1; row < size; row++)
            {
                if (Math.Abs(factors.EigenVectors[row, order[column]]) > Math.Abs(factors.EigenVectors[largest, order[column]]))
                {
                    largest = row;
                }
            }

            double sign = factors.EigenVectors[largest, order[column]] < 0 ? -1 : 1;
            for (int row = 0; row < size; row++)
            {
                vectors[(row * size) + column] = T.CreateChecked(sign * factors.EigenVectors[row, order[column]]);
            }
        }
    }

    private struct SolveWork : IPartitionedWork
    {
        private const int StripeColumns = 512;

        public int Size;
        public int Columns;
        public bool Transpose;
        public T* L;
        public T* B;
        public T* X;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            T* factors = workspace.Reserve<T>(ScratchRegion.Scratch, Size);
            (nint first, nint last) = Stretch(Columns, part, parts);
            for (nint column = first; column < last; column += StripeColumns)
            {
                Solve(column, Math.Min(StripeColumns, last - column), factors);
            }
        }

        private readonly void Solve(nint column, nint width, T* factors)
        {
            for (nint step = 0; step < Size; step++)
            {
                nint row = Transpose ? Size - 1 - step : step;
                T* x = X + (row * Columns) + column;
                Copy(B + (row * Columns) + column, x, width);
                for (nint done = 0; done < step; done++)
                {
                    factors[done] = Transpose ? -L[((Size - 1 - done) * Size) + row] : -L[(row * Size) + done];
                }

                T* solved = X + column + (Transpose ? (nint)(Size - 1) * Columns : 0);
                PackedProduct<T, TVector, TLanes>.AddRows(width, step, factors, 1, solved, Transpose ? -(nint)Columns : Columns, x);
                T pivot = L[(row * Size) + row];
                TVector pivots = TLanes.Broadcast(pivot);
                nint i = 0;
                for (; i <= width - TLanes.Count; i += TLanes.Count)
                {
                    TLanes.Store(TLanes.Divide(TLanes.Load(x + i), pivots), x + i);
                }

                for (; i < width; i++)
                {
                    x[i] /= pivot;
                }
            }
        }
    }
}
