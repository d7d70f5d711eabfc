using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class FactorizationsTests
{
    private static readonly Gen<(int Size, int Seed)> Squares =
        from size in Gen.Choose(0, 4)
        from seed in Given.Seeds
        select (size, seed);

    [Fact]
    public void CholeskyReconstructsAndHasItsGradient() => Given.ForAll(Squares, given =>
    {
        Tensor x = Given.Uniform(new Shape(given.Size, given.Size), given.Seed);
        Tensor a = PositiveDefinite(x);
        Tensor l = a.Cholesky();
        AssertNear(a, l.MatMul(l, transposeB: true));
        AssertNear(l * (1 - LowerMask(given.Size)), 0 * l);
        GradientCheck.Against(u => PositiveDefinite(u).Cholesky(), x);
        Tensor gradient = Differentiation.ValueAndGradient(u => u.Cholesky(), a).Gradient;
        AssertNear(gradient, gradient.Transpose());
    });

    [Fact]
    public void CholeskyDoesNotReadTheUpperTriangle()
    {
        Assert.Equal([2, 0, 3, 1], Tensor.FromArray([4, double.NaN, 6, 10], 2, 2).Cholesky().ToArray());
        Assert.Throws<ArithmeticException>(() => Tensor.FromArray([1.0, 2, 2, 1], 2, 2).Cholesky());
        Assert.Throws<ArithmeticException>(() => Tensor.FromArray([1, 0, 0, double.NaN], 2, 2).Cholesky());
        Assert.Throws<ArithmeticException>(() => Tensor.FromArray([0.0], 1, 1).Cholesky());
        Assert.Throws<ArgumentException>(() => Tensor.FromArray([1.0, 2], 1, 2).Cholesky());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TriangularSolveSolvesAndHasItsGradients(bool transpose) => Given.ForAll(
        from square in Squares
        from columns in Given.Extents
        select (square.Size, Columns: columns, square.Seed),
        given =>
        {
            Tensor l = Given.Uniform(new Shape(given.Size, given.Size), given.Seed) + (2.5 * Tensor.Identity(given.Size, DType.Float64));
            Tensor b = Given.Uniform(new Shape(given.Size, given.Columns), given.Seed + 1);
            Tensor x = l.TriangularSolve(b, transpose);
            AssertNear(b, (l * LowerMask(given.Size)).MatMul(x, transposeA: transpose));
            GradientCheck.Against((u, v) => u.TriangularSolve(v, transpose), l, b);
        });

    [Fact]
    public void TriangularSolveRefusesWhatDoesNotFit()
    {
        Tensor l = Tensor.Identity(2, DType.Float64);
        Assert.Throws<ArgumentException>(() => l.TriangularSolve(Tensor.FromArray([1.0, 2])));
        Assert.Throws<ArgumentException>(() => l.TriangularSolve(Tensor.FromArray([1.0, 2], 1, 2)));
        Assert.Throws<ArgumentException>(() => l.Slice(0, 0, 1).TriangularSolve(l));
    }

    [Fact]
    public void EigenvaluesAndVectorsReconstructAndHaveTheirGradients() => Given.ForAll(Squares, given =>
    {
        Tensor x = Given.Uniform(new Shape(given.Size, given.Size), given.Seed, -0.2, 0.2);
        Tensor a = Spread(x);
        SymmetricEigensystem eigen = a.SymmetricEigen();
        AssertNear(a, (eigen.Vectors * eigen.Values).MatMul(eigen.Vectors, transposeB: true));
        AssertNear(Tensor.Identity(given.Size, DType.Float64), eigen.Vectors.MatMul(eigen.Vectors, transposeA: true));
        Assert.Equal(eigen.Values.ToArray().Order(), eigen.Values.ToArray());
        foreach (double[] column in eigen.Vectors.Transpose().ToArray().Chunk(Math.Max(1, given.Size)))
        {
            Assert.True(column.MaxBy(Math.Abs) > 0);
        }

        GradientCheck.Against(u => Spread(u).SymmetricEigen().Values, x);
        GradientCheck.Against(u => Spread(u).SymmetricEigen().Vectors, x);
        GradientCheck.Against(
            u =>
            {
                SymmetricEigensystem both = Spread(u).SymmetricEigen();
                return both.Vectors * both.Values.Exp();
            },
            x);
    });

    [Fact]
    public void EigenvaluesMayBeEqualWhereOnlyTheirSumCounts()
    {
        Tensor gradient = Differentiation.ValueAndGradient(a => a.SymmetricEigen().Values, Tensor.Identity(3, DType.Float64)).Gradient;
        AssertNear(Tensor.Identity(3, DType.Float64), gradient);
    }

    private static Tensor PositiveDefinite(Tensor x) => x.MatMul(x, transposeB: true) + (0.5 * Tensor.Identity(x.Shape[0], x.DType));

    /// <summary>A symmetric matrix near diag(1, 2, …), whose eigenvalues and vectors are apart from each other.</summary>
    private static Tensor Spread(Tensor x)
    {
        Tensor diagonal = Tensor.Diagonal(Tensor.FromArray([.. Enumerable.Range(1, x.Shape[0]).Select(i => (double)i)])).Cast(x.DType);
        return x + x.Transpose() + diagonal;
    }

    private static Tensor LowerMask(int size)
    {
        double[] mask = [.. Enumerable.Range(0, size * size).Select(i => i / size >= i % size ? 1.0 : 0)];
        return Tensor.FromSpan<double>(Workspace.Default, mask, new Shape(size, size));
    }

    private static void AssertNear(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        foreach ((double e, double a) in expected.ToArray().Zip(actual.ToArray()))
        {
            Assert.Equal(e, a, 1e-11);
        }
    }
}
