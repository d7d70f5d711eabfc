namespace Lae.Numerics.Engines.Reference;

/// <summary>Symmetric eigenvalues by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5).</summary>
internal sealed partial class ReferencePrimitives<T>
{
    private const int MaximumSweeps = 100;

    public void SymmetricEigen(int size, ReadOnlySpan<T> a, Span<T> values, Span<T> vectors)
    {
        T[] work = a.ToArray();
        T[] basis = new T[size * size];
        for (int i = 0; i < size; i++)
        {
            basis[(i * size) + i] = T.One;
        }

        for (int sweep = 0; sweep < MaximumSweeps; sweep++)
        {
            bool rotated = false;
            for (int p = 0; p < size; p++)
            {
                for (int q = p + 1; q < size; q++)
                {
                    rotated |= Rotate(work, basis, size, p, q);
                }
            }

            if (!rotated)
            {
                break;
            }
        }

        int[] order = [.. Enumerable.Range(0, size).OrderBy(i => work[(i * size) + i])];
        for (int column = 0; column < size; column++)
        {
            int from = order[column];
            values[column] = work[(from * size) + from];
            int largest = 0;
            for (int row = 1; row < size; row++)
            {
                if (T.Abs(basis[(row * size) + from]) > T.Abs(basis[(largest * size) + from]))
                {
                    largest = row;
                }
            }

            T sign = basis[(largest * size) + from] < T.Zero ? -T.One : T.One;
            for (int row = 0; row < size; row++)
            {
                vectors[(row * size) + column] = sign * basis[(row * size) + from];
            }
        }
    }

    private static bool Rotate(T[] work, T[] basis, int size, int p, int q)
    {
        T off = work[(p * size) + q];
        T scale = T.Abs(work[(p * size) + p]) + T.Abs(work[(q * size) + q]);
        if (scale + T.Abs(off) == scale)
        {
            return false;
        }

        T two = T.One + T.One;
        T theta = (work[(q * size) + q] - work[(p * size) + p]) / (two * off);
        T t = (theta < T.Zero ? -T.One : T.One) / (T.Abs(theta) + T.Sqrt((theta * theta) + T.One));
        T c = T.One / T.Sqrt((t * t) + T.One);
        T s = t * c;
        for (int k = 0; k < size; k++)
        {
            (work[(k * size) + p], work[(k * size) + q]) = Turn(work[(k * size) + p], work[(k * size) + q], c, s);
        }

        for (int k = 0; k < size; k++)
        {
            (work[(p * size) + k], work[(q * size) + k]) = Turn(work[(p * size) + k], work[(q * size) + k], c, s);
            (basis[(k * size) + p], basis[(k * size) + q]) = Turn(basis[(k * size) + p], basis[(k * size) + q], c, s);
        }

        work[(p * size) + q] = T.Zero;
        work[(q * size) + p] = T.Zero;
        return true;
    }

    private static (T First, T Second) Turn(T first, T second, T c, T s) => ((c * first) - (s * second), (s * first) + (c * second));
}
