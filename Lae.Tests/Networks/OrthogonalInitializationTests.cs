using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Networks;

/// <summary>Rows, or columns where there are more rows, are orthonormal to rounding; the key decides the matrix.</summary>
public sealed class OrthogonalInitializationTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    [Theory]
    [InlineData(3, 17)]
    [InlineData(17, 3)]
    [InlineData(9, 9)]
    [InlineData(1, 5)]
    [InlineData(5, 1)]
    [InlineData(1, 1)]
    public void The_shorter_side_is_orthonormal(int rows, int columns)
    {
        Tensor q = OrthogonalInitialization.Draw(Key, rows, columns, DType.Float64);
        Assert.Equal(new Shape(rows, columns), q.Shape);
        Tensor product = rows <= columns ? q.MatMul(q, transposeB: true) : q.MatMul(q, transposeA: true);
        Tensor error = product - Tensor.Identity(Math.Min(rows, columns), DType.Float64);
        Assert.True(error.Abs().Flatten().Max(0).ToDouble() < 1e-12, error.ToString());
    }

    [Fact]
    public void The_key_decides_the_matrix_and_the_number_type_only_rounds_it()
    {
        double[] q = OrthogonalInitialization.Draw(Key, 4, 6, DType.Float64).ToArray();
        Assert.Equal(q, OrthogonalInitialization.Draw(Key, 4, 6, DType.Float64).ToArray());
        Assert.NotEqual(q, OrthogonalInitialization.Draw(Key.FoldIn(1), 4, 6, DType.Float64).ToArray());
        Tensor single = OrthogonalInitialization.Draw(Key, 4, 6, DType.Float32);
        Assert.Equal(DType.Float32, single.DType);
        Assert.Equal(q.Select(value => (double)(float)value), single.ToArray());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void An_empty_side_is_refused(int rows, int columns) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OrthogonalInitialization.Draw(Key, rows, columns, DType.Float64));
}
