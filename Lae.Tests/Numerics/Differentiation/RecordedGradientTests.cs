using Lae.Models;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Numerics;

/// <summary>A recorded gradient gone on from is the gradient in everything at once, at the cost of what is new.</summary>
public sealed class RecordedGradientTests
{
    private const int Rows = 5;
    private const int Inputs = 3;
    private const int Hidden = 4;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_is_the_gradient_in_everything_at_once(bool pooled)
    {
        Workspace workspace = pooled ? Workspace.Pooled() : Workspace.Unpooled(Workspace.Default.Engine);
        (Tensor x, TensorTree parameters) = (Draw(workspace, 0, Rows, Inputs), Parameters(workspace));
        ValueAndTreeGradient expected = Differentiation.ValueAndGradient(tree => -0.25 * Function(tree["x"], tree).Sum(), parameters.With("x", x));

        RecordedGradient recorded = RecordedGradient.Of(Function, x, Leaves(parameters));
        ValueAndTreeGradient found = Differentiation.ValueAndGradient(tree => RecordedGradient.ScaledSum([(recorded, tree["x"], 1)], -0.25, tree), parameters.With("x", x));

        Assert.Equal(expected.Value.ToDouble(), found.Value.ToDouble(), 1e-12);
        foreach ((string name, Tensor gradient) in expected.Gradient)
        {
            Assert.Equal(gradient.ToArray(), found.Gradient[name].ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        }
    }

    [Fact]
    public void What_is_known_is_not_computed_again()
    {
        CountingEngine engine = new();
        Workspace workspace = Workspace.Unpooled(engine);
        (Tensor x, TensorTree parameters) = (Draw(workspace, 0, Rows, Inputs), Parameters(workspace));
        RecordedGradient recorded = RecordedGradient.Of(Function, x, Leaves(parameters));

        // three layers forth, and three back to x
        Assert.Equal(6, engine["MatrixProduct"]);
        engine.Reset();
        Differentiation.ValueAndGradient(tree => RecordedGradient.ScaledSum([(recorded, x, 1)], 1, tree), parameters);
        Assert.Equal(3, engine["MatrixProduct"]);
        Assert.Equal(0, engine["Tanh"]);
    }

    [Fact]
    public void A_function_of_it_hands_its_own_gradient_on()
    {
        Workspace workspace = Workspace.Default;
        (Tensor x, TensorTree parameters) = (Draw(workspace, 0, Rows, Inputs), Parameters(workspace));
        ValueAndTreeGradient expected = Differentiation.ValueAndGradient(tree => (0.1 * Function(tree["x"].Tanh(), tree).Sum()).Square() + tree["outer"].Square().Sum(), parameters.With("x", x));
        RecordedGradient recorded = RecordedGradient.Of(Function, x.Tanh(), Leaves(parameters));
        ValueAndTreeGradient found = Differentiation.ValueAndGradient(tree => RecordedGradient.ScaledSum([(recorded, tree["x"].Tanh(), 1)], 0.1, tree).Square() + tree["outer"].Square().Sum(), parameters.With("x", x));
        foreach ((string name, Tensor gradient) in expected.Gradient)
        {
            Assert.Equal(gradient.ToArray(), found.Gradient[name].ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        }
    }

    [Fact]
    public void It_is_gone_on_from_once()
    {
        Workspace workspace = Workspace.Default;
        (Tensor x, TensorTree parameters) = (Draw(workspace, 0, Rows, Inputs), Parameters(workspace));
        RecordedGradient recorded = RecordedGradient.Of(Function, x, Leaves(parameters));
        RecordedGradient.ScaledSum([(recorded, x, 1)], 1, parameters);
        Assert.Throws<InvalidOperationException>(() => RecordedGradient.ScaledSum([(recorded, x, 1)], 1, parameters));
        RecordedGradient other = RecordedGradient.Of(Function, x, Leaves(parameters));
        Assert.Throws<InvalidOperationException>(() => RecordedGradient.ScaledSum([(other, x, 1), (other, x, 1)], 1, parameters));
    }

    /// <summary>Evaluations side by side, one of them counted three times, with a parameter that is also used outside: the gradient, and a step along it that is taken leaf by leaf.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public void Evaluations_are_gone_on_from_side_by_side(bool pooled, int count)
    {
        Workspace workspace = pooled ? Workspace.Pooled() : Workspace.Unpooled(Workspace.Default.Engine);
        TensorTree parameters = Parameters(workspace);
        for (int t = 0; t < count; t++)
        {
            parameters = parameters.With($"x{t}", Draw(workspace, 10 + (uint)t, Rows, Inputs));
        }

        int Times(int t) => t == 1 ? 3 : 1;
        Tensor Outside(TensorTree tree) => (tree["second"].Exp().Sum() * tree["x0"].Sum()) + tree["outer"].Square().Sum();
        TensorTree expected = Differentiation.ValueAndGradient(
            tree => Enumerable.Range(0, count).Select(t => Function(tree[$"x{t}"], tree).Sum() * (-0.25 * Times(t))).Aggregate(Outside(tree), (one, other) => one + other), parameters).Gradient;

        foreach (bool isOutsideFirst in new[] { false, true })
        {
            Tensor Loss(TensorTree tree)
            {
                TensorTree leaves = Leaves(parameters);
                var terms = new (RecordedGradient, Tensor, int)[count];
                for (int t = 0; t < count; t++)
                {
                    terms[t] = (RecordedGradient.Of(Function, parameters[$"x{t}"], leaves), tree[$"x{t}"], Times(t));
                }

                Tensor outside = Outside(tree);
                Tensor recorded = RecordedGradient.ScaledSum(terms, -0.25, tree);
                return isOutsideFirst ? outside + recorded : recorded + outside;
            }

            TensorTree found = Differentiation.ValueAndGradient(Loss, parameters).Gradient;
            TensorTree descended = new ParameterDescent(new GradientDescent(0.5), new GradientDescent(0.5)).DescendAlong(Loss, parameters, TensorTree.Empty).Step.Parameters;
            foreach ((string name, Tensor gradient) in expected)
            {
                Assert.Equal(gradient.ToArray(), found[name].ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
                Assert.Equal(Elementwise.ScaleAdd(-0.5, found[name], parameters[name]).ToArray(), descended[name].ToArray());
            }
        }
    }

    /// <summary>Gradients that lie in one memory, parameters that are made of others on the way in, a hidden layer whose products are used once more: what a step in place, a step too early and a gradient of all uses would spoil.</summary>
    [Theory]
    [InlineData("a sum of parameters")]
    [InlineData("a parameter and a product")]
    [InlineData("made of parameters outside")]
    [InlineData("a layer around which its products go")]
    public void Whatever_shares_its_gradient(string name)
    {
        foreach (bool pooled in new[] { false, true })
        {
            Workspace workspace = pooled ? Workspace.Pooled() : Workspace.Unpooled(Workspace.Default.Engine);
            TensorTree parameters = TensorTree.Of(
                ("x", Draw(workspace, 0, Rows, Inputs)), ("p", Draw(workspace, 1, Inputs, Hidden)), ("q", Draw(workspace, 2, Inputs, Hidden)), ("u", Draw(workspace, 3, Inputs, Hidden)), ("v", Draw(workspace, 4, Hidden, Hidden)),
                ("b", Draw(workspace, 5, 1, Hidden).Reshape(Hidden)), ("s", Draw(workspace, 6, 1, Hidden).Reshape(Hidden)), ("t", Draw(workspace, 7, 1, Hidden).Reshape(Hidden)));
            Tensor Shared(Tensor x, TensorTree tree)
            {
                Tensor h = x.MatMul(name switch
                {
                    "a sum of parameters" => tree["p"] + tree["q"],
                    "a parameter and a product" => tree["p"] + tree["u"].MatMul(tree["v"]),
                    _ => tree["p"],
                });
                return (name.StartsWith("a layer", StringComparison.Ordinal) ? h.NormalizeAndRectify(tree["b"], tree["s"], tree["t"]) + h : h.Tanh()).Square().Sum(1);
            }

            TensorTree Inward(TensorTree tree) => name.StartsWith("made", StringComparison.Ordinal) ? tree.Map(static one => one * 1.5) : tree;
            TensorTree expected = Differentiation.ValueAndGradient(tree => -0.25 * Shared(tree["x"].Untracked, Inward(tree)).Sum(), parameters).Gradient;
            Tensor Loss(TensorTree tree)
            {
                RecordedGradient recorded = RecordedGradient.Of(Shared, parameters["x"], Leaves(Inward(parameters)));
                return RecordedGradient.ScaledSum([(recorded, parameters["x"], 1)], -0.25, Inward(tree));
            }

            TensorTree found = Differentiation.ValueAndGradient(Loss, parameters).Gradient;
            TensorTree descended = new ParameterDescent(new GradientDescent(0.5), new GradientDescent(0.5)).DescendAlong(Loss, parameters, TensorTree.Empty).Step.Parameters;
            foreach ((string leaf, Tensor gradient) in expected)
            {
                Assert.Equal(gradient.ToArray(), found[leaf].ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
                Assert.Equal(Elementwise.ScaleAdd(-0.5, gradient, parameters[leaf]).ToArray(), descended[leaf].ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
            }
        }
    }

    [Fact]
    public void Evaluations_with_leaves_of_their_own_are_refused()
    {
        (Tensor x, TensorTree parameters) = (Draw(Workspace.Default, 0, Rows, Inputs), Parameters(Workspace.Default));
        (RecordedGradient one, RecordedGradient other) = (RecordedGradient.Of(Function, x, Leaves(parameters)), RecordedGradient.Of(Function, x, Leaves(parameters)));
        Assert.Throws<ArgumentException>(() => RecordedGradient.ScaledSum([(one, x, 1), (other, x, 1)], 1, parameters));
    }

    private static TensorTree Leaves(TensorTree parameters) => parameters.Map(static one => one.Leaf());

    /// <summary>Three layers with a residual way around one of them, an offset, and a parameter that is used twice and away from x.</summary>
    private static Tensor Function(Tensor x, TensorTree parameters)
    {
        Tensor width = parameters["outer"].Softplus();
        Tensor first = (x.MatMul(parameters["first"]) + parameters["offset"]).Tanh();
        Tensor second = first + (first.MatMul(parameters["second"]) * width).Tanh();
        Tensor third = second.MatMul(parameters["third"], transposeB: true);
        return Reductions.DotRows(third, third) * -0.5 - (x.Square().Sum(1) * width.Sum());
    }

    private static TensorTree Parameters(Workspace workspace) => TensorTree.Of(
        ("first", Draw(workspace, 1, Inputs, Hidden)), ("offset", Draw(workspace, 2, 1, Hidden).Reshape(Hidden)), ("second", Draw(workspace, 3, Hidden, Hidden)),
        ("third", Draw(workspace, 4, Inputs, Hidden)), ("outer", Draw(workspace, 5, 1, Hidden).Reshape(Hidden)));

    private static Tensor Draw(Workspace workspace, uint stream, int rows, int columns)
    {
        double[] values = new double[rows * columns];
        RowDraws.Normal(RandomKey.FromSeed(20261128), stream, 0, rows, columns, values);
        return Tensor.FromSpan<double>(workspace, values, new Shape(rows, columns));
    }
}
