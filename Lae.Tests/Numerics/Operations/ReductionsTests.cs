using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class ReductionsTests
{
    private static readonly Dictionary<string, (Func<Tensor, int, bool, Tensor> Function, Func<double[], double> Value)> Along = new()
    {
        ["Sum"] = ((x, axis, keep) => x.Sum(axis, keep), x => x.Sum()),
        ["Mean"] = ((x, axis, keep) => x.Mean(axis, keep), x => x.Sum() / x.Length),
        ["Max"] = ((x, axis, keep) => x.Max(axis, keep), x => x.Append(double.NegativeInfinity).Max()),
        ["LogSumExp"] = ((x, axis, keep) => x.LogSumExp(axis, keep), x => Math.Log(x.Sum(Math.Exp))),
    };

    public static TheoryData<string> Names => [.. Along.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ReductionsAlongEveryAxisHaveTheirValuesAndGradients(string name) => Given.ForAll(Given.Cases(1), given =>
    {
        (Func<Tensor, int, bool, Tensor> function, Func<double[], double> value) = Along[name];
        Tensor x = Given.Distinct(given.Shape, given.Seed);
        for (int axis = 0; axis < x.Rank; axis++)
        {
            Tensor kept = function(x, axis, true);
            Assert.Equal(x.Shape.With(axis, 1), kept.Shape);
            Tensor y = function(x, axis - x.Rank, false);
            Assert.Equal(x.Shape.Without(axis), y.Shape);
            Assert.Equal(kept.ToArray(), y.ToArray());
            AssertClose(Fibres(x, axis).Select(value), y);
            int fixedAxis = axis;
            GradientCheck.Against(u => function(u, fixedAxis, false), x);
            GradientCheck.Against(u => function(u, fixedAxis - u.Rank, true), x);
        }
    });

    [Fact]
    public void SumAndMeanOfAllElementsHaveTheirValuesAndGradients() => Given.ForAll(Given.Cases(), given =>
    {
        Tensor x = Given.Uniform(given.Shape, given.Seed);
        Assert.Equal(Shape.Scalar, x.Sum().Shape);
        AssertClose([x.ToArray().Sum()], x.Sum());
        AssertClose([x.ToArray().Sum() / x.Count], x.Mean());
        GradientCheck.Against(u => u.Sum(), x);
        GradientCheck.Against(u => u.Mean(), x);
    });

    [Fact]
    public void DotRowsHasItsValueAndGradients() => Given.ForAll(Given.Cases(2, 2), given =>
    {
        Tensor a = Given.Uniform(given.Shape, given.Seed);
        Tensor b = Given.Uniform(given.Shape, given.Seed + 1);
        AssertClose((a * b).Sum(1).ToArray(), Reductions.DotRows(a, b));
        GradientCheck.Against(Reductions.DotRows, a, b);
        GradientCheck.Against(u => Reductions.DotRows(u, u), a);
    });

    [Fact]
    public void LogSumExpNeitherOverflowsNorUnderflows()
    {
        Tensor x = Tensor.FromArray([1000, 1000, -1000, -1000, double.NegativeInfinity, 3, double.NegativeInfinity, double.NegativeInfinity], 4, 2);
        double[] y = x.LogSumExp(1).ToArray();
        Assert.Equal([1000 + Math.Log(2), -1000 + Math.Log(2), 3, double.NegativeInfinity], y);
        Tensor gradient = Differentiation.ValueAndGradient(x => x.Slice(0, 0, 3).LogSumExp(1), x).Gradient;
        AssertClose([0.5, 0.5, 0.5, 0.5, 0, 1, 0, 0], gradient);
    }

    [Fact]
    public void EqualMaximaShareTheGradient()
    {
        ValueAndGradient max = Differentiation.ValueAndGradient(x => 3 * x.Max(1), Tensor.FromArray([2.0, 2, 1, 4, 4, 4], 2, 3));
        Assert.Equal([6, 12], max.Value.ToArray());
        Assert.Equal([1.5, 1.5, 0, 1, 1, 1], max.Gradient.ToArray());
    }

    [Fact]
    public void EmptyAxesReduceToTheNeutralElement()
    {
        Tensor x = Tensor.Zeros(new Shape(2, 0), DType.Float64);
        Assert.Equal([0, 0], x.Sum(1).ToArray());
        Assert.Equal([double.NaN, double.NaN], x.Mean(1).ToArray());
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity], x.Max(1).ToArray());
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity], x.LogSumExp(1).ToArray());
        Assert.Equal(0, x.Sum().ToDouble());
        Assert.Equal(double.NaN, x.Mean().ToDouble());
        Assert.Equal(new Shape(0), x.Sum(0).Shape);
    }

    [Fact]
    public void NotANumberIsNeverTheLesser()
    {
        Tensor x = Tensor.FromArray([1, double.NaN, 3]);
        Assert.Equal(double.NaN, x.Max(0).ToDouble());
        Assert.Equal(double.NaN, x.Sum().ToDouble());
        Assert.Equal(double.NaN, x.LogSumExp(0).ToDouble());
        Assert.Equal([2, double.NaN, 3], Elementwise.Maximum(x, Tensor.Scalar(2, DType.Float64)).ToArray());
        Assert.Equal([1, double.NaN, 2], Elementwise.Minimum(x, Tensor.Scalar(2, DType.Float64)).ToArray());
        Assert.Equal(double.NaN, x.Relu().ElementAt(1));
    }

    [Fact]
    public void AxesOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Scalar(1, DType.Float64).Sum(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.FromArray([1.0]).Max(-2));
        Assert.Throws<ArgumentException>(() => Reductions.DotRows(Tensor.FromArray([1.0]), Tensor.FromArray([1.0])));
    }

    private static IEnumerable<double[]> Fibres(Tensor x, int axis)
    {
        int length = x.Shape[axis];
        int inner = x.Shape.Extent(axis + 1, x.Rank);
        for (int outer = 0; outer < x.Shape.Extent(0, axis); outer++)
        {
            for (int i = 0; i < inner; i++)
            {
                yield return [.. Enumerable.Range(0, length).Select(k => x.ElementAt((((outer * length) + k) * inner) + i))];
            }
        }
    }

    private static void AssertClose(IEnumerable<double> expected, Tensor actual)
    {
        double[] all = [.. expected];
        Assert.Equal(all.Length, actual.Count);
        for (int i = 0; i < all.Length; i++)
        {
            Assert.True(
                all[i].Equals(actual.ElementAt(i)) || Math.Abs(all[i] - actual.ElementAt(i)) <= 1e-13 * Math.Max(1, Math.Abs(all[i])),
                $"{actual.ElementAt(i):R} where {all[i]:R} was expected.");
        }
    }
}
