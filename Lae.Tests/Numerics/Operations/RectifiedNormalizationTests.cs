using Lae.Numerics;

namespace Lae.Tests.Numerics;

/// <summary>A hidden layer as one operation has the value and the gradients of the operations that it is made of, bit for bit.</summary>
public sealed class RectifiedNormalizationTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 5)]
    [InlineData(7, 40)]
    public void It_has_the_bits_of_its_parts(int rows, int columns)
    {
        TensorTree parameters = Parameters(rows, columns);
        ValueAndTreeGradient one = Differentiation.ValueAndGradient(tree => Weighted(tree["x"].NormalizeAndRectify(tree["bias"], tree["scale"], tree["shift"])), parameters);
        ValueAndTreeGradient many = Differentiation.ValueAndGradient(tree => Weighted(Composed(tree)), parameters);
        Assert.Equal(many.Value.ToDouble(), one.Value.ToDouble());
        foreach ((string name, Tensor gradient) in many.Gradient)
        {
            Assert.Equal(gradient.ToArray(), one.Gradient[name].ToArray());
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("bias")]
    [InlineData("scale")]
    [InlineData("shift")]
    public void A_gradient_alone_has_the_bits_of_that_among_all(string name)
    {
        TensorTree parameters = Parameters(4, 9);
        Tensor Layer(TensorTree tree) => Weighted(tree["x"].NormalizeAndRectify(tree["bias"], tree["scale"], tree["shift"]));
        ValueAndTreeGradient all = Differentiation.ValueAndGradient(Layer, parameters);
        ValueAndGradient alone = Differentiation.ValueAndGradient(value => Layer(parameters.With(name, value)), parameters[name]);
        Assert.Equal(all.Gradient[name].ToArray(), alone.Gradient.ToArray());
    }

    [Fact]
    public void It_has_its_gradient() => GradientCheck.Against(
        inputs => inputs[0].NormalizeAndRectify(inputs[1], inputs[2], inputs[3]),
        Given.Uniform(new Shape(3, 6), 1), Given.Uniform(new Shape(6), 2), Given.AwayFromZero(new Shape(6), 3), Given.Uniform(new Shape(6), 4, 2.9, 3.5));

    private static Tensor Composed(TensorTree tree) => (((tree["x"] + tree["bias"]).LayerNormalize() * tree["scale"]) + tree["shift"]).Relu();

    private static Tensor Weighted(Tensor y) => (y * Given.Uniform(y.Shape, 9)).Sum();

    private static TensorTree Parameters(int rows, int columns) => TensorTree.Of(
        ("x", Given.Uniform(new Shape(rows, columns), 1)), ("bias", Given.Uniform(new Shape(columns), 2)), ("scale", Given.Uniform(new Shape(columns), 3)), ("shift", Given.Uniform(new Shape(columns), 4)));
}
