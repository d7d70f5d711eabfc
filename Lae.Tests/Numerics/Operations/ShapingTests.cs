using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class ShapingTests
{
    private static readonly Tensor Counting = Tensor.FromArray([0.0, 1, 2, 3, 4, 5], 2, 3);

    [Fact]
    public void ReshapeAndFlattenKeepTheOrderAndTheGradient() => Given.ForAll(Given.Cases(), given =>
    {
        Tensor x = Given.Uniform(given.Shape, given.Seed);
        Assert.Equal(x.ToArray(), x.Flatten().ToArray());
        Assert.Equal(new Shape(x.Count), x.Flatten().Shape);
        int[] reversed = [.. given.Shape.ToArray().Reverse()];
        Assert.Equal(new Shape(reversed), x.Reshape(reversed).Shape);
        GradientCheck.Against(u => u.Flatten().Square(), x);
        GradientCheck.Against(u => u.Reshape(reversed).Square(), x);
        GradientCheck.Against(u => u.Square().Reshape(new Shape([1, .. reversed, 1])), x);
    });

    [Fact]
    public void ReshapeWorksOutOneExtent()
    {
        Assert.Equal(new Shape(3, 2), Counting.Reshape(-1, 2).Shape);
        Assert.Equal(new Shape(6), Counting.Reshape(-1).Shape);
        Assert.Equal(new Shape(0, 4), Tensor.Zeros(new Shape(0), DType.Float64).Reshape(-1, 4).Shape);
        Assert.Equal(Shape.Scalar, Tensor.FromArray([1.0]).Reshape().Shape);
        Assert.Throws<ArgumentException>(() => Counting.Reshape(-1, 4));
        Assert.Throws<ArgumentException>(() => Counting.Reshape(-1, 0));
        Assert.Throws<ArgumentException>(() => Counting.Reshape(5));
        Assert.ThrowsAny<ArgumentException>(() => Counting.Reshape(-1, -1));
    }

    [Fact]
    public void PermuteHasItsValuesInverseAndGradient() => Given.ForAll(Given.Cases(), given =>
    {
        Tensor x = Given.Uniform(given.Shape, given.Seed);
        int[] order = [.. Enumerable.Range(0, x.Rank)];
        new Random(given.Seed).Shuffle(order);
        int[] inverse = [.. Enumerable.Range(0, x.Rank).Select(axis => Array.IndexOf(order, axis))];
        Tensor y = x.Permute(order);
        Assert.Equal(order.Select(axis => x.Shape[axis]), y.Shape.ToArray());
        Assert.Equal(x.ToArray(), y.Permute(inverse).ToArray());
        GradientCheck.Against(u => u.Permute(order).Square(), x);
    });

    [Fact]
    public void TransposeAndPermuteOnASmallExample()
    {
        Assert.Equal([0, 3, 1, 4, 2, 5], Counting.Transpose().ToArray());
        Tensor cube = Tensor.FromArray([0.0, 1, 2, 3, 4, 5, 6, 7], 2, 2, 2);
        Assert.Equal([0, 4, 1, 5, 2, 6, 3, 7], cube.Permute(1, 2, 0).ToArray());
        Assert.Throws<ArgumentException>(() => cube.Transpose());
        Assert.Throws<ArgumentException>(() => cube.Permute(0, 1));
        Assert.Throws<ArgumentException>(() => cube.Permute(0, 1, 1));
        Assert.Throws<ArgumentException>(() => cube.Permute(0, 1, 3));
        Assert.Throws<ArgumentException>(() => cube.Permute(0, 1, -1));
    }

    [Fact]
    public void SlicesAndJoinsAreInverseAndHaveTheirGradients() => Given.ForAll(
        from shape in Given.Shapes(1)
        from axis in Gen.Choose(0, shape.Rank - 1)
        from first in Gen.Choose(0, shape[axis])
        from second in Gen.Choose(first, shape[axis])
        from seed in Given.Seeds
        select (Shape: shape, Axis: axis, First: first, Second: second, Seed: seed),
        given =>
        {
            Tensor x = Given.Uniform(given.Shape, given.Seed);
            int end = given.Shape[given.Axis];
            Tensor[] parts =
            [
                x.Slice(given.Axis, 0, given.First),
                x.Slice(given.Axis, given.First, given.Second - given.First),
                x.Slice(given.Axis - x.Rank, given.Second, end - given.Second),
            ];
            Assert.Equal(given.Shape.With(given.Axis, given.Second - given.First), parts[1].Shape);
            Tensor whole = Shaping.Join(given.Axis, parts);
            Assert.Equal(x.Shape, whole.Shape);
            Assert.Equal(x.ToArray(), whole.ToArray());
            GradientCheck.Against(u => u.Slice(given.Axis, given.First, given.Second - given.First).Square(), x);
            GradientCheck.Against(inputs => Shaping.Join(given.Axis - x.Rank, inputs).Square(), parts);
            GradientCheck.Against(u => Shaping.Join(given.Axis, u, u.Square()), x);
        },
        count: 40);

    [Fact]
    public void SliceAndJoinOnASmallExample()
    {
        Assert.Equal([1, 2, 4, 5], Counting.Slice(1, 1, 2).ToArray());
        Assert.Equal([3, 4, 5], Counting.Slice(0, 1, 1).ToArray());
        Assert.Equal(new Shape(2, 0), Counting.Slice(1, 3, 0).Shape);
        Assert.Equal([0, 1, 2, 2, 3, 4, 5, 5], Shaping.Join(1, Counting, Counting.Slice(1, 2, 1)).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Counting.Slice(1, 4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Counting.Slice(1, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Counting.Slice(1, 1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Counting.Slice(1, 1, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => Counting.Slice(1, 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Counting.Slice(2, 0, 1));
        Assert.Throws<ArgumentException>(() => Shaping.Join(0));
        Assert.Throws<ArgumentException>(() => Shaping.Join(0, Counting, Counting.Transpose()));
        Assert.Throws<ArgumentException>(() => Shaping.Join(0, Counting, Counting.Flatten()));
    }

    [Fact]
    public void JoinRefusesAnEmptyPartOfAnotherType() => Assert.Throws<ArgumentException>(
        () => Shaping.Join(0, Counting, Tensor.Zeros(new Shape(0, 3), DType.Float32)));

    [Fact]
    public void GatherRowsHasItsValuesAndGradient() => Given.ForAll(
        from given in Given.Cases(1)
        from count in Gen.Choose(0, given.Shape[0] == 0 ? 0 : 5)
        from rows in Gen.Choose(0, Math.Max(0, given.Shape[0] - 1)).ArrayOf(count)
        select (given.Shape, given.Seed, Rows: rows),
        given =>
        {
            Tensor x = Given.Uniform(given.Shape, given.Seed);
            Tensor y = x.GatherRows(given.Rows);
            Assert.Equal(x.Shape.With(0, given.Rows.Length), y.Shape);
            Assert.Equal(given.Rows.SelectMany(row => x.Slice(0, row, 1).ToArray()), y.ToArray());
            GradientCheck.Against(u => u.GatherRows(given.Rows).Square(), x);
        });

    [Fact]
    public void GatherRowsRepeatsAndRefuses()
    {
        Assert.Equal([3, 4, 5, 0, 1, 2, 3, 4, 5], Counting.GatherRows([1, 0, 1]).ToArray());
        Assert.Equal([1, 1, 1, 2, 2, 2], Differentiation.ValueAndGradient(x => x.GatherRows([1, 0, 1]), Counting).Gradient.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Counting.GatherRows([2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Counting.GatherRows([-1]));
        Assert.ThrowsAny<ArgumentException>(() => Tensor.Scalar(1, DType.Float64).GatherRows([0]));
    }

    [Fact]
    public void GatheredRowsDoNotFollowLaterChangesOfTheIndices()
    {
        int[] rows = [0];
        Tensor gradient = Differentiation.ValueAndGradient(
            x =>
            {
                Tensor y = x.GatherRows(rows);
                rows[0] = 1;
                return y;
            },
            Counting).Gradient;
        Assert.Equal([1, 1, 1, 0, 0, 0], gradient.ToArray());
    }

    [Fact]
    public void BroadcastToHasItsValuesAndGradient() => Given.ForAll(
        Given.Pairs(),
        given =>
        {
            Tensor x = Given.Uniform(given.A, given.Seed);
            Shape common = (x + Given.Uniform(given.B, given.Seed)).Shape;
            Tensor y = x.BroadcastTo(common);
            Assert.Equal(common, y.Shape);
            Assert.Equal((x + Tensor.Zeros(common, x.DType)).ToArray(), y.ToArray());
            GradientCheck.Against(u => u.BroadcastTo(common).Square(), x);
        },
        count: 40);

    [Fact]
    public void BroadcastToNeverShrinks()
    {
        Assert.Throws<ArgumentException>(() => Counting.BroadcastTo(new Shape(3)));
        Assert.Throws<ArgumentException>(() => Counting.BroadcastTo(new Shape(1, 3)));
        Assert.Throws<ArgumentException>(() => Tensor.FromArray([1.0]).BroadcastTo(Shape.Scalar));
        Assert.Same(Counting, Counting.BroadcastTo(Counting.Shape));
    }
}
