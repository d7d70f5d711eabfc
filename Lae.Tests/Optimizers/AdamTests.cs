using Lae.Numerics;
using Lae.Optimizers;

namespace Lae.Tests.Optimizers;

/// <summary>Adam against its algorithm written out in scalars, in double precision, with constants under which every term matters.</summary>
public sealed class AdamTests
{
    private const double StepSize = 0.1;
    private const double FirstDecay = 0.8;
    private const double SecondDecay = 0.95;
    private const double Epsilon = 0.3;
    private static readonly double[] Start = [1, -2];
    private static readonly double[][] Gradients = [[0.5, -1], [0.25, 2], [-1, 0]];

    [Fact]
    public void Three_steps_are_those_of_the_algorithm()
    {
        Adam adam = new(StepSize, FirstDecay, SecondDecay, Epsilon);
        TensorTree parameters = Tree(Start);
        TensorTree state = adam.Initialize(parameters);
        (double[] theta, double[] m, double[] v) = ([.. Start], new double[2], new double[2]);
        for (int t = 1; t <= Gradients.Length; t++)
        {
            (parameters, state) = adam.Descend(Tree(Gradients[t - 1]), parameters, state);
            for (int i = 0; i < theta.Length; i++)
            {
                double g = Gradients[t - 1][i];
                m[i] = (FirstDecay * m[i]) + ((1 - FirstDecay) * g);
                v[i] = (SecondDecay * v[i]) + ((1 - SecondDecay) * g * g);
                double firstMoment = m[i] / (1 - Math.Pow(FirstDecay, t));
                double secondMoment = v[i] / (1 - Math.Pow(SecondDecay, t));
                theta[i] -= StepSize * firstMoment / (Math.Sqrt(secondMoment) + Epsilon);
                Assert.Equal(theta[i], parameters["w"].ElementAt(i), 1e-14);
                Assert.Equal(m[i], state["m.w"].ElementAt(i), 1e-14);
                Assert.Equal(v[i], state["v.w"].ElementAt(i), 1e-14);
            }

            Assert.Equal(t, state["count"].ToDouble());
        }
    }

    [Fact]
    public void Under_a_constant_gradient_the_bias_correction_makes_every_step_the_same()
    {
        // the moments are then the gradient and its square at every t: 0.1 · 0.5/(0.5 + 0.3) = 0.0625
        Adam adam = new(StepSize, FirstDecay, SecondDecay, Epsilon);
        TensorTree parameters = Tree([1]);
        TensorTree state = adam.Initialize(parameters);
        foreach (double expected in (double[])[0.9375, 0.875, 0.8125])
        {
            (parameters, state) = adam.Descend(Tree([0.5]), parameters, state);
            Assert.Equal(expected, parameters["w"].ToArray()[0], 1e-14);
        }
    }

    [Fact]
    public void The_constants_of_the_paper_are_the_defaults()
    {
        // after gradients 1 and 0: m = 0.09, v = 0.000999, both corrected for t = 2
        Adam adam = new(StepSize);
        TensorTree parameters = Tree([0]);
        TensorTree state = adam.Initialize(parameters);
        (parameters, state) = adam.Descend(Tree([1]), parameters, state);
        Assert.Equal(-StepSize / (1 + 1e-8), parameters["w"].ToArray()[0], 1e-15);
        (parameters, state) = adam.Descend(Tree([0]), parameters, state);
        Assert.Equal(0.09, state["m.w"].ToArray()[0], 1e-15);
        Assert.Equal(0.000999, state["v.w"].ToArray()[0], 1e-15);
        double second = StepSize * (0.09 / 0.19) / (Math.Sqrt(0.000999 / 0.001999) + 1e-8);
        Assert.Equal((-StepSize / (1 + 1e-8)) - second, parameters["w"].ToArray()[0], 1e-13);
    }

    [Fact]
    public void The_state_has_zero_moments_of_the_parameters_and_a_count()
    {
        TensorTree parameters = TensorTree.Of(("a.x", Tensor.FromArray([1f, 2], 2, 1)), ("b", Tensor.Scalar(3, DType.Float64)));
        TensorTree state = new Adam(StepSize).Initialize(parameters);
        Assert.Equal(["count", "m.a.x", "m.b", "v.a.x", "v.b"], state.Names.Order(StringComparer.Ordinal));
        Assert.All(state.Leaves, leaf => Assert.All(leaf.ToArray(), value => Assert.Equal(0, value)));
        Assert.Equal((new Shape(2, 1), DType.Float32), (state["v.a.x"].Shape, state["v.a.x"].DType));
        Assert.Equal((Shape.Scalar, DType.Float64), (state["m.b"].Shape, state["m.b"].DType));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(2.5)]
    [InlineData(double.PositiveInfinity)]
    public void The_step_size_falls_linearly_to_zero_and_stays_there(double decaySteps)
    {
        // under a gradient that stays the same each step is η_t / (1 + ε), whatever the decays
        Adam adam = new(StepSize, decaySteps: decaySteps);
        TensorTree parameters = Tree([0]);
        TensorTree state = adam.Initialize(parameters);
        for (int t = 1; t <= 11; t++)
        {
            double before = parameters["w"].ToArray()[0];
            (parameters, state) = adam.Descend(Tree([1]), parameters, state);
            Assert.Equal(StepSize * Math.Max(0, 1 - ((t - 1) / decaySteps)) / (1 + 1e-8), before - parameters["w"].ToArray()[0], 1e-13);
        }
    }

    [Fact]
    public void Decay_shrinks_matrices_by_step_size_times_lambda_and_leaves_vectors_and_scalars()
    {
        // no gradient, so that nothing else moves; the step size falls to three quarters and to a half
        Adam adam = new(StepSize, decaySteps: 4, weightDecay: 0.5);
        TensorTree parameters = TensorTree.Of(("matrix", Tensor.FromArray([1.0, -2], 2, 1)), ("kernel", Tensor.FromArray([4.0], 1, 1, 1, 1)), ("vector", Tensor.FromArray([1.0], 1)), ("scalar", Tensor.Scalar(3, DType.Float64)));
        TensorTree state = adam.Initialize(parameters);
        double kept = 1;
        foreach (double share in (double[])[1, 0.75, 0.5])
        {
            (parameters, state) = adam.Descend(parameters.Map(static leaf => leaf * 0), parameters, state);
            kept *= 1 - (StepSize * share * 0.5);
            Assert.Equal(kept, parameters["matrix"].ElementAt(0), 1e-15);
            Assert.Equal(-2 * kept, parameters["matrix"].ElementAt(1), 1e-15);
            Assert.Equal(4 * kept, parameters["kernel"].ElementAt(0), 1e-14);
            Assert.Equal((1.0, 3.0), (parameters["vector"].ElementAt(0), parameters["scalar"].ToDouble()));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1 / StepSize)]
    public void A_weight_decay_that_is_negative_or_turns_signs_is_refused(double weightDecay) =>
        Assert.Equal("weightDecay", Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(StepSize, weightDecay: weightDecay)).ParamName);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Decay_steps_that_are_not_positive_are_refused(double decaySteps) =>
        Assert.Equal("decaySteps", Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(StepSize, decaySteps: decaySteps)).ParamName);

    [Theory]
    [InlineData(0, 0.9, 0.999, 1e-8)]
    [InlineData(-1, 0.9, 0.999, 1e-8)]
    [InlineData(double.NaN, 0.9, 0.999, 1e-8)]
    [InlineData(1, 1, 0.999, 1e-8)]
    [InlineData(1, -0.1, 0.999, 1e-8)]
    [InlineData(1, double.NaN, 0.999, 1e-8)]
    [InlineData(1, 0.9, 1, 1e-8)]
    [InlineData(1, 0.9, -0.1, 1e-8)]
    [InlineData(1, 0.9, 0.999, 0)]
    [InlineData(1, 0.9, 0.999, -1)]
    [InlineData(1, 0.9, 0.999, double.NaN)]
    public void A_constant_outside_its_range_is_refused(double stepSize, double firstDecay, double secondDecay, double epsilon) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(stepSize, firstDecay, secondDecay, epsilon));

    [Fact]
    public void Decays_of_zero_are_allowed()
    {
        Adam adam = new(StepSize, 0, 0, Epsilon);
        TensorTree parameters = Tree([1]);
        Assert.Equal(1 - (0.1 * -2 / 2.3), adam.Descend(Tree([-2]), parameters, adam.Initialize(parameters)).Parameters["w"].ToArray()[0], 1e-15);
    }

    private static TensorTree Tree(double[] values) => TensorTree.Of(("w", Tensor.FromArray(values)));
}
