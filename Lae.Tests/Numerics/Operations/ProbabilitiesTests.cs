using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class ProbabilitiesTests
{
    [Fact]
    public void BernoulliHasItsValueAndGradient() => Given.ForAll(Given.Cases(), given =>
    {
        Tensor x = Given.Uniform(given.Shape, given.Seed, 0, 1);
        Tensor logits = Given.Uniform(given.Shape, given.Seed + 1, -4, 4);
        double[] y = Probabilities.BernoulliLogProbability(x, logits).ToArray();
        for (int i = 0; i < y.Length; i++)
        {
            double p = 1 / (1 + Math.Exp(-logits.ElementAt(i)));
            Assert.Equal((x.ElementAt(i) * Math.Log(p)) + ((1 - x.ElementAt(i)) * Math.Log(1 - p)), y[i], 1e-13);
        }

        GradientCheck.Against(l => Probabilities.BernoulliLogProbability(x.Cast(l.DType), l), logits);
        Assert.All(Differentiation.ValueAndGradient(x => Probabilities.BernoulliLogProbability(x, logits), x).Gradient.ToArray(), g => Assert.Equal(0, g));
    });

    [Fact]
    public void BernoulliIsFiniteAtGreatLogits()
    {
        Tensor x = Tensor.FromArray([0.0, 1, 0, 1]);
        Tensor logits = Tensor.FromArray([800.0, 800, -800, -800]);
        ValueAndGradient y = Differentiation.ValueAndGradient(l => Probabilities.BernoulliLogProbability(x, l), logits);
        Assert.Equal([-800, 0, 0, -800], y.Value.ToArray());
        Assert.Equal([-1, 0, 0, 1], y.Gradient.ToArray());
    }

    [Fact]
    public void DiscretizedLogisticHasItsGradientsInMeanAndInverseScale() => Given.ForAll(Given.Cases(), given =>
    {
        const int levels = 17;
        Tensor x = Levels(given.Shape, given.Seed, levels);
        Tensor mean = Given.Uniform(given.Shape, given.Seed + 1, -1.2, 1.2);
        Tensor inverseScale = Given.Uniform(given.Seed % 2 == 0 ? Shape.Scalar : new Shape(1, 1), given.Seed + 2, 0.5, 6);
        GradientCheck.Against((m, r) => Of(x.Cast(m.DType), m, r, levels), mean, inverseScale);
    });

    [Fact]
    public void TheEdgeBinsHaveTheirGradientsToo() => GradientCheck.Against(
        (m, r) => Of(Tensor.FromArray([-1.0, 1.0, -1.0, 1.0]).Cast(m.DType), m, r, 17), Tensor.FromArray([-0.9, -0.8, 1.1, 0.7]), Tensor.FromArray([3.0]));

    [Theory]
    [InlineData(17)]
    [InlineData(256)]
    public void ProbabilitiesOfAllLevelsSumToOne(int levels)
    {
        Tensor grid = Grid(levels);
        foreach (double inverseScale in new[] { 0.1, 1, 7, 300 })
        {
            foreach (double mean in new[] { -3, -1, -0.31, 0.0, 0.5, 1, 2 })
            {
                Tensor means = Tensor.Full(mean, grid.Shape, DType.Float64);
                Assert.Equal(1, Of(grid, means, Tensor.Scalar(inverseScale, DType.Float64), levels).Exp().Sum().ToDouble(), 1e-12);
                Assert.Equal(1, Of(grid.Cast(DType.Float32), means.Cast(DType.Float32), Tensor.Scalar(inverseScale, DType.Float32), levels).Exp().Sum().ToDouble(), 2e-4);
            }
        }
    }

    [Fact]
    public void TheValueIsTheDifferenceOfTwoSigmoids()
    {
        Tensor grid = Grid(17);
        double[] y = Of(grid, Tensor.Full(0.2, grid.Shape, DType.Float64), Tensor.Scalar(4, DType.Float64), 17).ToArray();
        for (int i = 0; i < y.Length; i++)
        {
            double upper = i == 16 ? 1 : 1 / (1 + Math.Exp(-4 * (grid.ElementAt(i) + 0.0625 - 0.2)));
            double lower = i == 0 ? 0 : 1 / (1 + Math.Exp(-4 * (grid.ElementAt(i) - 0.0625 - 0.2)));
            Assert.Equal(Math.Log(upper - lower), y[i], 1e-12);
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void FarTailsAreFiniteWithFiniteGradients(DType dtype)
    {
        Tensor grid = Grid(256).Cast(dtype);
        foreach (double mean in new[] { -200.0, -5, 5, 200 })
        {
            TensorTree at = TensorTree.Of(("mean", Tensor.Full(mean, grid.Shape, dtype)), ("inverseScale", Tensor.Scalar(150, dtype)));
            ValueAndTreeGradient y = Differentiation.ValueAndGradient(tree => Of(grid, tree["mean"], tree["inverseScale"], 256), at);
            Assert.True(y.Value.AllFinite());
            Assert.True(y.Gradient["mean"].AllFinite());
            Assert.True(y.Gradient["inverseScale"].AllFinite());

            // far out the log probability falls with slope r: exactly so within single precision
            Assert.Equal(mean > 0 ? -150 : 150, y.Gradient["mean"].ElementAt(128), 1e-3);
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void RowsHaveTheBitsOfTheirSums(DType dtype)
    {
        Tensor grid = Shaping.Join(0, [.. Enumerable.Range(0, 5).Select(_ => Grid(17).Reshape(1, 17))]).Cast(dtype);
        Tensor weights = Tensor.FromArray([1.0, -0.3, 2, 0.7, 1.1]).Cast(dtype);
        TensorTree at = TensorTree.Of(("mean", (grid * 0.7).Tanh() - 0.1), ("inverseScale", Tensor.Scalar(4, dtype)));
        ValueAndTreeGradient expected = Differentiation.ValueAndGradient(tree => Probabilities.DiscretizedLogisticLogProbability(grid, tree["mean"], tree["inverseScale"], 0.0625, -0.99, 0.99).Sum(1) * weights, at);
        ValueAndTreeGradient found = Differentiation.ValueAndGradient(tree => Probabilities.DiscretizedLogisticLogProbabilityOfRows(grid, tree["mean"], tree["inverseScale"], 0.0625, -0.99, 0.99) * weights, at);
        Assert.Equal(expected.Value.ToArray(), found.Value.ToArray());
        Assert.Equal(expected.Gradient["mean"].ToArray(), found.Gradient["mean"].ToArray());
        Assert.Equal(expected.Gradient["inverseScale"].ToDouble(), found.Gradient["inverseScale"].ToDouble());
    }

    [Fact]
    public void ArgumentsAreChecked()
    {
        Tensor x = Tensor.FromArray([0.5, 0.0]);
        Tensor one = Tensor.Scalar(1, DType.Float64);
        Assert.Throws<ArgumentException>(() => Probabilities.BernoulliLogProbability(x, one));
        Assert.Throws<ArgumentException>(() => Probabilities.DiscretizedLogisticLogProbability(x, one, one, 0.1, -1, 1));
        Assert.Throws<ArgumentException>(() => Probabilities.DiscretizedLogisticLogProbability(x, x, x, 0.1, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Probabilities.DiscretizedLogisticLogProbability(x, x, one, 0, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Probabilities.DiscretizedLogisticLogProbability(x, x, one, -double.NaN, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Probabilities.DiscretizedLogisticLogProbability(x, x, one, 0.1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Probabilities.DiscretizedLogisticLogProbability(x, x, -one, 0.1, -1, 1));
    }

    [Fact]
    public void TheInverseScaleHasTheTypeAndTheWorkspaceOfTheRest()
    {
        Tensor x = Tensor.FromArray([0.5, 0.0]);
        Assert.Throws<ArgumentException>(() => Of(x, x, Tensor.Scalar(1, DType.Float32), 17));
        Workspace pooled = Workspace.Pooled();
        Tensor scale = Tensor.Scalar(1, DType.Float64, pooled);
        Assert.Same(pooled, Of(x, x, scale, 17).Workspace);
        Assert.Same(pooled, Differentiation.ValueAndGradient(r => Of(x, x, r, 17), scale).Gradient.Workspace);
    }

    [Fact]
    public void NotANumberIsPassedOn() =>
        Assert.All(Of(Grid(17), Tensor.Zeros(new Shape(17), DType.Float64), Tensor.Scalar(double.NaN, DType.Float64), 17).ToArray(), y => Assert.Equal(double.NaN, y));

    private static Tensor Of(Tensor x, Tensor mean, Tensor inverseScale, int levels) =>
        Probabilities.DiscretizedLogisticLogProbability(x, mean, inverseScale, 1.0 / (levels - 1), -1, 1);

    private static Tensor Grid(int levels) => Tensor.FromArray([.. Enumerable.Range(0, levels).Select(i => -1 + (2.0 * i / (levels - 1)))]);

    private static Tensor Levels(Shape shape, int seed, int levels)
    {
        Random random = new(seed);
        double[] values = [.. Enumerable.Range(0, shape.Count).Select(_ => -1 + (2.0 * random.Next(levels) / (levels - 1)))];
        return Tensor.FromSpan<double>(Workspace.Default, values, shape);
    }
}
