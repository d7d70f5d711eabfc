using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class TensorTests
{
    [Fact]
    public void TensorsAreMadeFromCopies()
    {
        double[] values = [1, 2, 3, 4];
        Tensor x = Tensor.FromArray(values, 2, 2);
        values[0] = 9;
        Assert.Equal([1, 2, 3, 4], x.ToArray());
        x.ToArray()[1] = 9;
        Assert.Equal(2, x.ElementAt(1));
        Assert.Equal(new Shape(4), Tensor.FromArray(values).Shape);
        Assert.Equal(DType.Float32, Tensor.FromArray([1f, 2f]).DType);
        Assert.Equal([1f, 2f], Tensor.FromArray([1f, 2f]).AsSpan<float>().ToArray());
        Assert.Throws<ArgumentException>(() => Tensor.FromArray(values, 3));
    }

    [Fact]
    public void ConstantsHaveTheirValues()
    {
        Assert.Equal([0.5f, 0.5f], Tensor.Full(0.5, new Shape(2), DType.Float32).ToSingleArray());
        Assert.Equal([0, 0], Tensor.Zeros(new Shape(2), DType.Float64).ToArray());
        Assert.Equal([1, 1], Tensor.Ones(new Shape(1, 2), DType.Float64).ToArray());
        Assert.Equal([1, 0, 0, 1], Tensor.Identity(2, DType.Float32).ToArray());
        Assert.Equal(new Shape(0, 0), Tensor.Identity(0, DType.Float64).Shape);
        Assert.Equal([2, 0, 0, 3], Tensor.Diagonal(Tensor.FromArray([2.0, 3.0])).ToArray());
        Assert.Equal(0.1f, Tensor.Scalar(0.1, DType.Float32).ToDouble());
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Identity(-1, DType.Float64));
        Assert.Throws<ArgumentException>(() => Tensor.Diagonal(Tensor.Scalar(1, DType.Float64)));
    }

    [Fact]
    public void APoolIsZeroedWhereZerosAreAskedFor()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor.Full(7, new Shape(3, 3), DType.Float64, workspace);
        workspace.Collect(0);
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1], Tensor.Identity(3, DType.Float64, workspace).ToArray());
    }

    [Fact]
    public void ElementsOutOfRangeAreRefused()
    {
        Tensor x = Tensor.FromArray([1.0, 2.0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => x.ElementAt(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.ElementAt(-1));
        Assert.Throws<InvalidOperationException>(() => x.ToDouble());

        // a pooled buffer is longer than its tensor
        Assert.Throws<ArgumentOutOfRangeException>(() => x.CopyTo(Workspace.Pooled()).ElementAt(2));
    }

    [Fact]
    public void TextShowsTypeShapeAndSmallValues()
    {
        Assert.Equal("Float64[2] {0.5, -1}", Tensor.FromArray([0.5, -1.0]).ToString());
        Assert.Equal("Float32[] {0.5}", Tensor.Scalar(0.5, DType.Float32).ToString());
        Assert.Equal("Float64[17]", Tensor.Zeros(new Shape(17), DType.Float64).ToString());
    }
}
