using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics;

namespace Lae.Tests.Numerics;

/// <summary>A tensor knows whether it is symmetric, each pair of elements bit for bit.</summary>
public sealed class TensorSymmetryTests
{
    /// <summary>Sizes on both sides of the tiles by which a matrix is looked at.</summary>
    private static readonly Gen<(int Size, int Row, int Column, int Seed)> Cases =
        from size in Gen.OneOf(Gen.Choose(2, 5), Gen.Choose(30, 34), Gen.Choose(63, 70))
        from row in Gen.Choose(1, size - 1)
        from column in Gen.Choose(0, row - 1)
        from seed in Given.Seeds
        select (size, row, column, seed);

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void A_matrix_is_symmetric_until_one_element_differs_by_one_unit_in_the_last_place(DType dtype) => Given.ForAll(Cases, given =>
    {
        Tensor a = Given.Uniform(new Shape(given.Size, given.Size), given.Seed);
        double[] values = (a + a.Transpose()).Cast(dtype).ToArray();
        Assert.True(Of(values).IsSymmetric);
        int place = (given.Row * given.Size) + given.Column;
        foreach (int at in new[] { place, (given.Column * given.Size) + given.Row })
        {
            double[] changed = [.. values];
            changed[at] = dtype == DType.Float32 ? MathF.BitIncrement((float)changed[at]) : Math.BitIncrement(changed[at]);
            Assert.False(Of(changed).IsSymmetric);
        }

        Tensor Of(double[] elements) => Tensor.FromArray(elements, given.Size, given.Size).Cast(dtype);
    });

    [Fact]
    public void What_is_not_a_number_is_not_symmetric()
    {
        Assert.False(Tensor.FromArray([1, double.NaN, double.NaN, 1], 2, 2).IsSymmetric);
        Assert.False(Tensor.FromArray([double.NaN, 2, 2, 1], 2, 2).IsSymmetric);
        Assert.True(Tensor.FromArray([double.PositiveInfinity, 2, 2, 1], 2, 2).IsSymmetric);
    }

    [Fact]
    public void What_is_not_square_is_not_symmetric()
    {
        Assert.False(Tensor.Ones(new Shape(2, 3), DType.Float64).IsSymmetric);
        Assert.False(Tensor.Ones(new Shape(2, 2, 2), DType.Float64).IsSymmetric);
        Assert.False(Tensor.Ones(Shape.Scalar, DType.Float64).IsSymmetric);
        Assert.True(Tensor.Identity(0, DType.Float32).IsSymmetric);
    }

    [Fact]
    public void A_view_has_an_answer_of_its_own()
    {
        Tensor a = Tensor.FromArray([1.0, 2, 2, 1], 4);
        Assert.False(a.IsSymmetric);
        Assert.True(a.Reshape(2, 2).IsSymmetric);
    }

    [Fact]
    public void A_tensor_that_takes_the_object_of_another_does_not_take_its_answer()
    {
        Workspace workspace = Workspace.Pooled();
        HashSet<Tensor> objects = new(ReferenceEqualityComparer.Instance);
        Random random = new(1); // an order without a period: objects come back after a fixed number of tensors
        int again = 0;
        for (int i = 0; i < 2000; i++)
        {
            bool isSymmetric = random.Next(2) == 0;
            Tensor a = Tensor.FromSpan<double>(workspace, [1, 2, isSymmetric ? 2 : 3, 4], new Shape(2, 2));
            again += objects.Add(a) ? 0 : 1;
            Assert.Equal(isSymmetric, a.IsSymmetric);
            Assert.Equal(isSymmetric, a.IsSymmetric);
            workspace.Collect(0);
        }

        Assert.InRange(again, 1000, 2000);
    }
}
