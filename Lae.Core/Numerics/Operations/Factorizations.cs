namespace Lae.Numerics;

/// <summary>Eigenvalues in rising order, and eigenvectors as columns.</summary>
/// <param name="Values">[n].</param>
/// <param name="Vectors">[n, n]; column i belongs to value i; its entry of largest magnitude is positive.</param>
public sealed record SymmetricEigensystem(Tensor Values, Tensor Vectors);

/// <summary>Differentiable factorisations of square matrices: Cholesky, triangular solves, symmetric eigenvalues.</summary>
public static class Factorizations
{
    /// <summary>The lower triangular L with a = L Lᵀ; its gradient is symmetric (Murray 2016, arXiv 1602.07527, equation 9).</summary>
    /// <param name="a">[n, n], symmetric positive definite; the upper triangle is not read.</param>
    /// <returns>[n, n].</returns>
    /// <exception cref="ArithmeticException">A pivot is not positive: the matrix is singular, indefinite or not finite.</exception>
    public static Tensor Cholesky(this Tensor a)
    {
        int size = Square(a);
        Tensor l = Tensor.Uninitialized(a.Workspace, a.Shape, a.DType);
        int failed = a.DType == DType.Float32
            ? a.Workspace.Engine.Float32.Cholesky(size, a.Read<float>(), l.Write<float>())
            : a.Workspace.Engine.Float64.Cholesky(size, a.Read<double>(), l.Write<double>());
        if (failed >= 0)
        {
            throw new ArithmeticException($"The {size} × {size} matrix is not positive definite: pivot {failed} is not positive.");
        }

        return GradientFlow.Wants(a) ? Track(a, l) : l;

        static Tensor Track(Tensor a, Tensor l)
        {
            return l.Tracked((a, l), Rule, a);

            static void Rule((Tensor A, Tensor L) of, Tensor g, GradientFlow flow)
            {
                (Tensor a, Tensor l) = of;
                Tensor p = l.MatMul(g, transposeA: true) * LowerMask(l, diagonal: 0.5);
                Tensor left = l.TriangularSolve(p + p.Transpose(), transpose: true);
                flow.Add(a, 0.5 * l.TriangularSolve(left.Transpose(), transpose: true));
            }
        }
    }

    /// <summary>Solves L X = b, or Lᵀ X = b.</summary>
    /// <param name="l">[n, n], lower triangular with a nonzero diagonal; the upper triangle is not read.</param>
    /// <param name="b">[n, columns].</param>
    /// <param name="transpose">Solve with Lᵀ.</param>
    /// <returns>[n, columns].</returns>
    public static Tensor TriangularSolve(this Tensor l, Tensor b, bool transpose = false)
    {
        int size = Square(l);
        if (b.Rank != 2 || b.Shape[0] != size)
        {
            throw new ArgumentException($"A right side with {size} rows is needed, not {b.Shape}.", nameof(b));
        }

        Tensor x = Tensor.Uninitialized(Workspace.Of(l.Workspace, b.Workspace), b.Shape, Raw.Same(l, b));
        if (x.DType == DType.Float32)
        {
            x.Workspace.Engine.Float32.TriangularSolve(size, b.Shape[1], transpose, l.Read<float>(), b.Read<float>(), x.Write<float>());
        }
        else
        {
            x.Workspace.Engine.Float64.TriangularSolve(size, b.Shape[1], transpose, l.Read<double>(), b.Read<double>(), x.Write<double>());
        }

        return GradientFlow.Wants(l) || GradientFlow.Wants(b) ? Track(l, b, x, transpose) : x;

        static Tensor Track(Tensor l, Tensor b, Tensor x, bool transpose)
        {
            return x.Tracked((l, b, x, transpose), Rule, l, b);

            static void Rule((Tensor L, Tensor B, Tensor X, bool Transpose) of, Tensor g, GradientFlow flow)
            {
                (Tensor l, Tensor b, Tensor x, bool transpose) = of;
                Tensor factor = l.Untracked;
                Tensor along = factor.TriangularSolve(g, !transpose);
                if (flow.Needs(b))
                {
                    flow.Add(b, along);
                }

                if (flow.Needs(l))
                {
                    Tensor outer = transpose ? x.MatMul(along, transposeB: true) : along.MatMul(x, transposeB: true);
                    flow.Add(l, -(outer * LowerMask(factor, diagonal: 1)));
                }
            }
        }
    }

    /// <summary>
    /// Eigenvalues and eigenvectors of a symmetric matrix. The gradient through the vectors needs distinct eigenvalues; it is symmetric.
    /// </summary>
    /// <param name="a">[n, n], symmetric.</param>
    /// <returns>Values in rising order, and vectors.</returns>
    public static SymmetricEigensystem SymmetricEigen(this Tensor a)
    {
        int size = Square(a);
        Tensor values = Tensor.Uninitialized(a.Workspace, new Shape(size), a.DType);
        Tensor vectors = Tensor.Uninitialized(a.Workspace, a.Shape, a.DType);
        if (a.DType == DType.Float32)
        {
            a.Workspace.Engine.Float32.SymmetricEigen(size, a.Read<float>(), values.Write<float>(), vectors.Write<float>());
        }
        else
        {
            a.Workspace.Engine.Float64.SymmetricEigen(size, a.Read<double>(), values.Write<double>(), vectors.Write<double>());
        }

        return GradientFlow.Wants(a) ? Track(a, values, vectors) : new SymmetricEigensystem(values, vectors);

        static SymmetricEigensystem Track(Tensor a, Tensor values, Tensor vectors)
        {
            return new SymmetricEigensystem(values.Tracked((a, vectors), ValuesRule, a), vectors.Tracked((a, values, vectors), VectorsRule, a));

            static void ValuesRule((Tensor A, Tensor Vectors) of, Tensor g, GradientFlow flow) => flow.Add(of.A, (of.Vectors * g).MatMul(of.Vectors, transposeB: true));

            static void VectorsRule((Tensor A, Tensor Values, Tensor Vectors) of, Tensor g, GradientFlow flow)
            {
                (Tensor a, Tensor values, Tensor vectors) = of;

                // F_ij = 1 / (λ_j − λ_i) off the diagonal, 0 on it
                Tensor identity = Tensor.Identity(values.Count, values.DType, g.Workspace);
                Tensor gap = values - values.Reshape(values.Count, 1) + identity;
                Tensor inner = vectors.MatMul(g, transposeA: true) * ((1 - identity) / gap);
                Tensor whole = vectors.MatMul(inner).MatMul(vectors, transposeB: true);
                flow.Add(a, 0.5 * (whole + whole.Transpose()));
            }
        }
    }

    private static int Square(Tensor a) => a.Rank == 2 && a.Shape[0] == a.Shape[1]
        ? a.Shape[0]
        : throw new ArgumentException($"A square matrix is needed, not {a.Shape}.", nameof(a));

    /// <summary>1 below the diagonal, a given value on it, 0 above.</summary>
    private static Tensor LowerMask(Tensor like, double diagonal)
    {
        int size = like.Shape[0];
        double[] mask = new double[size * size];
        for (int row = 0; row < size; row++)
        {
            mask.AsSpan(row * size, row).Fill(1);
            mask[(row * size) + row] = diagonal;
        }

        return Tensor.FromSpan<double>(like.Workspace.Heap, mask, like.Shape).Cast(like.DType);
    }
}
