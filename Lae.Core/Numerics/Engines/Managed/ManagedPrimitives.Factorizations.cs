using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Lae.Numerics.Engines.Managed;

/// <summary>Cholesky factor, triangular systems and symmetric eigenvalues.</summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    /// <summary>Rows of a block of a factorisation or a triangular solve; a multiple of every register block's rows.</summary>
    private const int FactorRows = 48;

    /// <summary>
    /// Block by block of rows of Lᵀ: what the blocks before take from it is a matrix product, what its own rows take goes row by row, and each element is one chain over k.
    /// Until the end the upper triangle of <paramref name="l"/> holds Lᵀ and the lower −L, so that rows and factors both lie in runs.
    /// </summary>
    public int Cholesky(int size, ReadOnlySpan<T> a, Span<T> l)
    {
        Require(a.Length == (long)size * size && l.Length == a.Length);
        fixed (T* aAddress = a, lAddress = l)
        {
            for (int start = 0; start < size; start += FactorRows)
            {
                int rows = Math.Min(FactorRows, size - start);
                T* block = lAddress + ((nint)start * size);
                Transpose(size - start, rows, aAddress + ((nint)start * size) + start, block + start, size, isNegative: false);
                if (start > 0)
                {
                    // what it leaves below the diagonal of the block is overwritten before it is read
                    Product(rows, size - start, start, new(block, size, 1), new(lAddress + start, size, 1), new(block + start, size, 1), accumulate: true, addAtEnd: false);
                }

                int failed = FactorBlock(block + start, size, rows, size - start);
                if (failed >= 0)
                {
                    return start + failed;
                }

                int end = start + rows;
                Transpose(rows, size - end, block + end, lAddress + ((nint)end * size) + start, size, isNegative: true);
            }

            for (nint row = 0; row < size; row++)
            {
                T* values = lAddress + (row * size);
                Negate(values, values, row);
                new Span<T>(values + row + 1, (int)(size - row - 1)).Clear();
            }
        }

        return -1;
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

    /// <summary>The rows of one block of Lᵀ, from which the blocks before have been taken.</summary>
    /// <returns>−1, or the first whose pivot is not positive.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FactorBlock(T* block, nint size, nint rows, nint columns)
    {
        for (nint row = 0; row < rows; row++)
        {
            T* factors = block + (row * size);
            T* values = factors + row;
            PackedProduct<T, TVector, TLanes>.AddRows(columns - row, row, factors, 1, block + row, size, values);
            if (!(*values > T.Zero) || !T.IsFinite(*values))
            {
                return (int)row;
            }

            T pivot = T.Sqrt(*values);
            Divide(values, pivot, columns - row);
            *values = pivot;
            for (nint below = 1; below < rows - row; below++)
            {
                values[below * size] = -values[below];
            }
        }

        return -1;
    }

    /// <summary>The transpose of a source of so many rows and columns, or its negative; square by square, so that both sides are met in whole cache lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(nint rows, nint columns, T* source, T* destination, nint stride, bool isNegative)
    {
        const int Side = 8;
        for (nint top = 0; top < rows; top += Side)
        {
            nint bottom = Math.Min(rows, top + Side);
            for (nint left = 0; left < columns; left += Side)
            {
                nint right = Math.Min(columns, left + Side);
                for (nint column = left; column < right; column++)
                {
                    T* to = destination + (column * stride);
                    for (nint row = top; row < bottom; row++)
                    {
                        T value = source[(row * stride) + column];
                        to[row] = isNegative ? -value : value;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide(T* values, T divisor, nint count)
    {
        TVector divisors = TLanes.Broadcast(divisor);
        nint i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(TLanes.Divide(TLanes.Load(values + i), divisors), values + i);
        }

        for (; i < count; i++)
        {
            values[i] /= divisor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Negate(T* source, T* destination, nint count)
    {
        nint i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(TLanes.Negate(TLanes.Load(source + i)), destination + i);
        }

        for (; i < count; i++)
        {
            destination[i] = -source[i];
        }
    }

    /// <summary>
    /// Block by block of rows, as in the factorisation, in the order in which they are solved. In that order solved rows are kept once more, negated:
    /// l (−x) is (−l) x to the bit, and the factors can be read where they lie in L, those of its transpose too.
    /// </summary>
    private struct SolveWork : IPartitionedWork
    {
        /// <summary>Of a row: a block of so wide negated rows stays in the first-level cache.</summary>
        private const int StripeBytes = 1024;

        public int Size;
        public int Columns;
        public bool Transpose;
        public T* L;
        public T* B;
        public T* X;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint first, nint last) = Stretch(Columns, part, parts);
            nint stripe = Math.Min(StripeBytes / sizeof(T), last - first);
            T* negated = workspace.Reserve<T>(ScratchRegion.Scratch, Size * stripe);
            for (nint column = first; column < last; column += stripe)
            {
                nint width = Math.Min(stripe, last - column);
                for (int start = 0; start < Size; start += FactorRows)
                {
                    SolveBlock(start, Math.Min(FactorRows, Size - start), column, width, negated, workspace);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void SolveBlock(int start, int rows, nint column, nint width, T* negated, ScratchMemory workspace)
        {
            // the factors of one row lie a stride apart in the order of the steps, those of step 0 from the origin on
            nint stride = Transpose ? -Size : 1;
            T* origin = L + (Transpose ? ((nint)Size * Size) - Size : 0);
            nint lowest = Transpose ? Size - start - rows : start;
            nint block = (lowest * Columns) + column;
            for (nint row = 0; row < rows; row++)
            {
                Copy(B + block + (row * Columns), X + block + (row * Columns), width);
            }

            if (start > 0)
            {
                nint alongRows = Transpose ? 1 : Size;
                PackedProduct<T, TVector, TLanes>.Multiply(
                    rows,
                    (int)width,
                    start,
                    new(origin + (lowest * alongRows), alongRows, stride),
                    new(negated, width, 1),
                    new(X + block, Columns, 1),
                    accumulate: true,
                    addAtEnd: false,
                    workspace);
            }

            for (nint step = start; step < start + rows; step++)
            {
                nint row = Transpose ? Size - 1 - step : step;
                T* x = X + (row * Columns) + column;
                T* factors = origin + (row * (Transpose ? 1 : Size)) + (start * stride);
                PackedProduct<T, TVector, TLanes>.AddRows(width, step - start, factors, stride, negated + (start * width), width, x);
                Divide(x, factors[(step - start) * stride], width, negated + (step * width));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Divide(T* x, T divisor, nint count, T* negated)
        {
            TVector divisors = TLanes.Broadcast(divisor);
            nint i = 0;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                TVector quotients = TLanes.Divide(TLanes.Load(x + i), divisors);
                TLanes.Store(quotients, x + i);
                TLanes.Store(TLanes.Negate(quotients), negated + i);
            }

            for (; i < count; i++)
            {
                x[i] /= divisor;
                negated[i] = -x[i];
            }
        }
    }
}
