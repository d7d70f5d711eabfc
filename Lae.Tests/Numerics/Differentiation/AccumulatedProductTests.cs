using FsCheck.Fluent;
using Lae.Models;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Numerics;

/// <summary>A product is added at its end to a gradient that nothing else looks at: gradients are right, whatever shares its memory with what, and the same bits in a pooled workspace.</summary>
public sealed class AccumulatedProductTests
{
    private const int Rows = 4;
    private const int Width = 3;

    public static TheoryData<string> Functions => [.. Cases.Keys];

    private static readonly Dictionary<string, Func<TensorTree, Tensor>> Cases = new(StringComparer.Ordinal)
    {
        ["a quadratic form"] = tree => Reductions.DotRows(tree["x"], tree["x"].MatMul(tree["a"])).Sum(),
        ["three products of one"] = tree => (tree["x"].MatMul(tree["a"]) * tree["x"].MatMul(tree["b"])).Sum() + tree["x"].MatMul(tree["a"], transposeB: true).Square().Sum(),
        ["a gradient of two, before a product"] = tree => (tree["x"] + tree["y"]).Square().Sum() + tree["x"].MatMul(tree["a"]).Square().Sum(),
        ["a gradient of two, after a product"] = tree => tree["x"].MatMul(tree["a"]).Square().Sum() + (tree["x"] + tree["y"]).Square().Sum(),
        ["a sum handed through to both"] = tree => ((tree["x"] + tree["y"]) * 2 + tree["x"].MatMul(tree["a"]) + tree["y"].MatMul(tree["b"])).Square().Sum(),
        ["a view of a gradient"] = tree => tree["x"].Reshape(2, 2 * Width).Square().Sum() + tree["x"].MatMul(tree["a"]).Sum() + tree["x"].Reshape(Rows * Width).Square().Sum(),
        ["itself"] = tree => tree["x"].MatMul(tree["x"], transposeB: true).Square().Sum() + tree["a"].MatMul(tree["a"]).Square().Sum(),
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void The_gradient_is_right(string name) => Holds(Cases[name]);

    [Fact]
    public void So_it_is_of_functions_drawn_at_random() => Given.ForAll(Gen.Choose(0, 6).ListOf(9), steps => Holds(tree => Drawn(tree, [.. steps])), count: 200);

    [Fact]
    public void It_costs_no_sum()
    {
        CountingEngine engine = new();
        Workspace workspace = Workspace.Pooled(engine);
        Tensor a = Parameters()["a"].CopyTo(workspace);
        Tensor x = Parameters()["x"].CopyTo(workspace);
        Differentiation.ValueAndGradient(at => Reductions.DotRows(at, at.MatMul(a)), x);
        Assert.Equal(2, engine["MatrixProduct"]);
        Assert.Equal(0, engine["Add"]);
    }

    [Fact]
    public void Two_recorded_points_add_up()
    {
        TensorTree parameters = Parameters();
        static Tensor Function(Tensor z, TensorTree tree) => z.MatMul(tree["a"]).Tanh().MatMul(tree["b"]).Square().Sum(1);
        ValueAndTreeGradient Found(Workspace workspace)
        {
            TensorTree tree = parameters.Map(leaf => leaf.CopyTo(workspace));
            TensorTree leaves = tree.Map(static leaf => leaf.Leaf());
            RecordedGradient[] recorded = [RecordedGradient.Of(Function, tree["x"], leaves), RecordedGradient.Of(Function, tree["y"], leaves)];
            return Differentiation.ValueAndGradient(
                at => RecordedGradient.ScaledSum([(recorded[0], tree["x"], 1)], 0.5, at) + (RecordedGradient.ScaledSum([(recorded[1], tree["y"], 1)], 2, at) * 3) + at["a"].MatMul(at["b"]).Sum(), tree);
        }

        ValueAndTreeGradient expected = Differentiation.ValueAndGradient(at => (0.5 * Function(at["x"].Untracked, at).Sum()) + (6 * Function(at["y"].Untracked, at).Sum()) + at["a"].MatMul(at["b"]).Sum(), parameters);
        AssertNear(expected, Found(Workspace.Unpooled(Workspace.Default.Engine)));
        AssertNear(expected, Found(Workspace.Pooled()));
    }

    private static void Holds(Func<TensorTree, Tensor> function)
    {
        TensorTree parameters = Parameters();
        GradientCheck.Against(leaves => function(TensorTree.Of(parameters.Names.Select((name, i) => (name, leaves[i])))), [.. parameters.Leaves]);
        Workspace pooled = Workspace.Pooled();
        ValueAndTreeGradient expected = Differentiation.ValueAndGradient(function, parameters);
        ValueAndTreeGradient found = Differentiation.ValueAndGradient(function, parameters.Map(leaf => leaf.CopyTo(pooled)));

        // and a step that each tensor takes as soon as its gradient is whole, in its memory where nobody else has it
        ParameterDescent descent = new(new GradientDescent(0.5), new GradientDescent(0.5));
        TensorTree descended = descent.DescendAlong(function, parameters.Map(leaf => leaf.CopyTo(pooled)), TensorTree.Empty).Step.Parameters;
        foreach ((string name, Tensor gradient) in expected.Gradient)
        {
            Assert.Equal(gradient.ToArray(), found.Gradient[name].ToArray());
            Assert.Equal(Elementwise.ScaleAdd(-0.5, gradient, parameters[name]).ToArray(), descended[name].ToArray());
        }
    }

    private static void AssertNear(ValueAndTreeGradient expected, ValueAndTreeGradient found)
    {
        Assert.Equal(expected.Value.ToDouble(), found.Value.ToDouble(), 1e-12 * (1 + Math.Abs(expected.Value.ToDouble())));
        foreach ((string name, Tensor gradient) in expected.Gradient)
        {
            Assert.Equal(gradient.ToArray(), found.Gradient[name].ToArray(), (a, b) => Math.Abs(a - b) <= 1e-12 * (1 + Math.Abs(a)));
        }
    }

    /// <summary>A few tensors, joined again and again in ways that hand gradients on, share them, or add products to them.</summary>
    private static Tensor Drawn(TensorTree tree, int[] steps)
    {
        (Tensor u, Tensor v) = (tree["x"], tree["y"]);
        Tensor total = Tensor.Zeros(Shape.Scalar, u.DType, u.Workspace);
        foreach (int step in steps)
        {
            (u, v) = step switch
            {
                0 => (u + v, v),
                1 => (u.MatMul(tree["a"]), u),
                2 => (v.MatMul(tree["b"], transposeB: true), u + v),
                3 => ((u * v).Tanh(), u),
                4 => (u.Reshape(2, 2 * Width).Reshape(Rows, Width), u),
                5 => (u.Tanh(), (v * 0.5).Tanh()),
                _ => (u, v),
            };
            total += step == 6 ? (u.Tanh() * v.Tanh()).Sum() : u.Tanh().Sum();
        }

        return total;
    }

    private static TensorTree Parameters() => TensorTree.Of(("x", Draw(0, Rows)), ("y", Draw(1, Rows)), ("a", Draw(2, Width)), ("b", Draw(3, Width)));

    private static Tensor Draw(uint stream, int rows)
    {
        double[] values = new double[rows * Width];
        RowDraws.Normal(RandomKey.FromSeed(20261129), stream, 0, rows, Width, values);
        return Tensor.FromArray(values, rows, Width) * 0.25; // flat enough for differences to be exact
    }
}
