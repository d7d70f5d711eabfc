using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class ShapeTests
{
    [Fact]
    public void AShapeIsAValue() => Given.ForAll(Given.Shapes(0, 6), shape =>
    {
        int[] sizes = shape.ToArray();
        Shape same = new(sizes);
        Assert.True(shape == same && shape.Equals((object)same) && !(shape != same));
        Assert.Equal(shape.GetHashCode(), same.GetHashCode());
        Assert.Equal(sizes.Length, shape.Rank);
        Assert.Equal(sizes.Aggregate(1, (product, size) => product * size), shape.Count);
        Assert.Equal($"[{string.Join(", ", sizes)}]", shape.ToString());
        Assert.False(shape.Equals("shape"));
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            Assert.Equal(sizes[axis], shape[axis]);
            Assert.Equal(sizes[axis], shape[axis - sizes.Length]);
            Assert.Equal([.. sizes[..axis], 7, .. sizes[(axis + 1)..]], shape.With(axis, 7).ToArray());
            Assert.Equal([.. sizes[..axis], .. sizes[(axis + 1)..]], shape.Without(axis - sizes.Length).ToArray());
            Assert.NotEqual(shape, shape.With(axis, 7));
            Assert.NotEqual(shape, shape.Without(axis));
            Assert.Equal(shape.Count, shape.Extent(0, axis) * shape.Extent(axis, shape.Rank));
        }
    });

    [Fact]
    public void TheDefaultIsAScalar()
    {
        Assert.Equal(Shape.Scalar, default);
        Assert.Equal(1, Shape.Scalar.Count);
        Assert.Equal(1, default(Shape).Count);
        Assert.Equal(0, default(Shape).Rank);
        Assert.Equal(3, Tensor.Full(3, default, DType.Float64).ToDouble());
        Assert.Equal("[]", default(Shape).ToString());
    }

    [Fact]
    public void ExtentsAndAxesOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(1, 1, 1, 1, 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(2, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(1 << 16, 1 << 15));
        Assert.Equal(int.MaxValue, new Shape(int.MaxValue).Count);
        Shape shape = new(2, 3);
        Assert.Contains("[2, 3]", Assert.Throws<ArgumentOutOfRangeException>(() => shape[2]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => shape[-3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape.Scalar[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => shape.With(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => shape.With(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape.Scalar.Without(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => shape.Extent(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => shape.Extent(-1, 1));
        Assert.Equal(1, shape.Extent(2, 2));
    }

    [Fact]
    public void WithAnEmptyAxisTheOrderOfTheExtentsDoesNotMatter()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(0, 1 << 16, 1 << 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(1 << 16, 1 << 16, 0));
        Assert.Equal(0, new Shape(1 << 16, 0, 1 << 14).Count);
    }
}
