using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Networks;

/// <summary>
/// Random matrices with orthonormal rows (or columns, where there are more rows than columns), uniform over all such matrices: Q of a matrix of
/// normals, by Q = A L⁻ᵀ with A ᵀA = L Lᵀ, done twice so that rounding is squared away. Source: Saxe, McClelland and Ganguli, ICLR 2014.
/// </summary>
public static class OrthogonalInitialization
{
    private const int Passes = 2;

    /// <summary>A random orthogonal matrix.</summary>
    /// <param name="key">Decides it.</param>
    /// <param name="rows">1 or more.</param>
    /// <param name="columns">1 or more.</param>
    /// <param name="dtype">The number type of the result; the computation is in double precision.</param>
    /// <returns>[rows, columns].</returns>
    public static Tensor Draw(RandomKey key, int rows, int columns, DType dtype) => Draw(key, rows, columns, dtype, Workspace.Pooled());

    /// <summary>The same with memory for what lies between, in double precision many times what is wanted: pooled, and empty again afterwards, so that it serves layer after layer.</summary>
    internal static Tensor Draw(RandomKey key, int rows, int columns, DType dtype, Workspace scratch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        int tall = Math.Max(rows, columns);
        int narrow = Math.Min(rows, columns);
        int mark = scratch.Mark();
        Tensor q = Tensor.Uninitialized(scratch, new Shape(tall, narrow), DType.Float64);
        RowDraws.Normal(key, 0, [0], q.Count, q.Write<double>());
        for (int pass = 0; pass < Passes; pass++)
        {
            Tensor factor = q.MatMul(q, transposeA: true).Cholesky();
            scratch.Collect(mark, q, factor);
            Tensor solved = factor.TriangularSolve(q.Transpose());
            scratch.Collect(mark, solved);
            q = solved.Transpose();
            scratch.Collect(mark, q);
        }

        Tensor drawn = (rows >= columns ? q : q.Transpose()).Cast(dtype).Detach();
        scratch.Collect(mark);
        return drawn;
    }
}
