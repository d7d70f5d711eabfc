using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class NormalizationTests
{
    [Fact]
    public void LayerNormalizeHasItsGradient() => Given.ForAll(
        Given.Cases(1), given => GradientCheck.Against(x => x.LayerNormalize(0.1), Given.Uniform(given.Shape, given.Seed)), count: 40);

    [Fact]
    public void LayerNormalizeHasItsGradientAtTheDefaultEpsilon() =>
        GradientCheck.Against(x => x.LayerNormalize(), Given.AwayFromZero(new Shape(2, 7), 3));

    [Fact]
    public void RowsHaveMeanZeroAndVarianceOne() => Given.ForAll(Given.Cases(1), given =>
    {
        Tensor x = Given.Uniform(given.Shape, given.Seed);
        Tensor y = x.LayerNormalize(1e-12);
        Assert.Equal(x.Shape, y.Shape);
        if (x.Shape[-1] > 1)
        {
            Assert.All(y.Mean(-1).ToArray(), mean => Assert.Equal(0, mean, 1e-12));
            Assert.All(y.Square().Mean(-1).ToArray(), variance => Assert.Equal(1, variance, 1e-6));
        }
    });

    [Fact]
    public void VarianceIsThatOfAllColumnsPlusEpsilon()
    {
        Tensor y = Tensor.FromArray([1.0, 3.0, 5.0, 5.0], 2, 2).LayerNormalize(0.44);
        Assert.Equal(-1 / 1.2, y.ElementAt(0), 1e-15);
        Assert.Equal(1 / 1.2, y.ElementAt(1), 1e-15);
        Assert.Equal([0, 0], y.Slice(0, 1, 1).ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void EpsilonIsPositive(double epsilon) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.FromArray([1.0, 2.0]).LayerNormalize(epsilon));

    [Fact]
    public void PositiveNaNIsNoEpsilonEither() => Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.FromArray([1.0, 2.0]).LayerNormalize(-double.NaN));

    [Fact]
    public void AScalarHasNoRow() => Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Scalar(1, DType.Float64).LayerNormalize());
}
