using Lae.Numerics;
using Lae.Optimizers;

namespace Lae.Tests.Optimizers;

/// <summary>Three steps of gradient descent worked out by hand, with and without momentum, and the ranges of its constants.</summary>
public sealed class GradientDescentTests
{
    private static readonly double[] Gradients = [2, -4, 1];

    [Fact]
    public void Without_momentum_a_step_is_the_gradient_alone_and_there_is_no_state()
    {
        // 1 − 0.5 · 2 = 0; 0 + 0.5 · 4 = 2; 2 − 0.5 · 1 = 1.5
        TensorTree state = Descends(new GradientDescent(0.5), 0, 2, 1.5);
        Assert.Empty(state);
    }

    [Fact]
    public void With_momentum_a_step_is_the_velocity()
    {
        // v = 2, then 0.5 · 2 − 4 = −3, then 0.5 · −3 + 1 = −0.5
        TensorTree state = Descends(new GradientDescent(0.5, momentum: 0.5), 0, 1.5, 1.75);
        Assert.Equal(["w"], state.Names);
        Assert.Equal(-0.5, state["w"].ToArray()[0]);
    }

    [Fact]
    public void The_velocity_starts_at_zero_in_the_form_of_the_parameters()
    {
        Tensor velocity = new GradientDescent(1, 0.9).Initialize(TensorTree.Of(("w", Tensor.FromArray([1f, 2], 2, 1))))["w"];
        Assert.Equal((new Shape(2, 1), DType.Float32), (velocity.Shape, velocity.DType));
        Assert.Equal([0, 0], velocity.ToArray());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(1, 1)]
    [InlineData(1, -0.1)]
    [InlineData(1, double.NaN)]
    public void A_constant_outside_its_range_is_refused(double stepSize, double momentum) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientDescent(stepSize, momentum));

    private static TensorTree Descends(GradientDescent descent, params double[] expected)
    {
        TensorTree parameters = TensorTree.Of(("w", Tensor.FromArray([1.0])));
        TensorTree state = descent.Initialize(parameters);
        for (int t = 0; t < expected.Length; t++)
        {
            (parameters, state) = descent.Descend(TensorTree.Of(("w", Tensor.FromArray([Gradients[t]]))), parameters, state);
            Assert.Equal(expected[t], parameters["w"].ToArray()[0]);
        }

        return state;
    }
}
