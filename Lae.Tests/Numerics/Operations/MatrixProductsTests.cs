using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class MatrixProductsTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void ProductsHaveTheirValuesAndGradients(bool transposeA, bool transposeB) => Given.ForAll(
        from m in Given.Extents
        from k in Given.Extents
        from n in Given.Extents
        from seed in Given.Seeds
        select (M: m, K: k, N: n, Seed: seed),
        given =>
        {
            Tensor a = Given.Uniform(transposeA ? new Shape(given.K, given.M) : new Shape(given.M, given.K), given.Seed);
            Tensor b = Given.Uniform(transposeB ? new Shape(given.N, given.K) : new Shape(given.K, given.N), given.Seed + 1);
            Tensor c = a.MatMul(b, transposeA, transposeB);
            Assert.Equal(new Shape(given.M, given.N), c.Shape);
            Tensor left = transposeA ? a.Transpose() : a;
            Tensor right = transposeB ? b.Transpose() : b;
            Tensor loops = (left.Reshape(given.M, given.K, 1) * right.Reshape(1, given.K, given.N)).Sum(1);
            Assert.True((c - loops).ToArray().All(error => Math.Abs(error) < 1e-14));
            GradientCheck.Against((u, v) => u.MatMul(v, transposeA, transposeB), a, b);
        });

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void AMatrixTimesItselfHasItsGradient(bool transposeA, bool transposeB) =>
        GradientCheck.Against(x => x.MatMul(x, transposeA, transposeB), Given.Uniform(new Shape(3, 2), 1));

    [Fact]
    public void ShapesThatDoNotMeetAreNamed()
    {
        Tensor a = Tensor.Ones(new Shape(2, 3), DType.Float64);
        string message = Assert.Throws<ArgumentException>(() => a.MatMul(a, transposeA: true, transposeB: true)).Message;
        Assert.Contains("[2, 3]ᵀ and [2, 3]ᵀ", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => a.MatMul(a.Flatten()));
    }
}
