using Lae.Models;
using Lae.Numerics;
using Lae.Optimizers;

namespace Lae.Tests.Optimizers;

/// <summary>A descent that may spend its gradient has the bits of one that may not, takes the memory of a leaf that is alone in it, and of no other.</summary>
public sealed class SpendingDescentTests
{
    public static TheoryData<string> Optimizers { get; } = ["plain", "momentum", "Adam"];

    private static readonly IReadOnlyDictionary<string, Func<TensorTree, Tensor>> Losses = new Dictionary<string, Func<TensorTree, Tensor>>
    {
        ["alone"] = tree => (tree["a"].Exp() * tree["b"].Square()).Sum(),
        ["one gradient for two leaves"] = tree => (tree["a"] + tree["b"]).Square().Sum(),
        ["views of one gradient"] = tree => (tree["a"].Reshape(6) + tree["b"].Reshape(6)).Square().Sum(),
        ["the gradient is the other leaf"] = tree => (tree["a"] * tree["b"]).Sum(),
        ["the gradient is the leaf"] = tree => 0.5 * tree["a"].Square().Sum(),
        ["no gradient"] = tree => tree["b"].Sum(),
        ["no gradient at all"] = tree => Tensor.Scalar(3, tree["b"].DType, tree["b"].Workspace),
        ["used first and last"] = tree => (tree["a"] * (tree["a"] * tree["b"]).Exp() * tree["b"]).Sum(),
    };

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void It_has_the_bits_of_a_descent_that_spends_nothing(string name)
    {
        foreach ((string loss, Func<TensorTree, Tensor> function) in Losses)
        {
            foreach (DType dtype in new[] { DType.Float32, DType.Float64 })
            {
                ParameterDescent descent = new(Named(name), Named(name));
                Workspace pooled = Workspace.Pooled();
                TensorTree expected = Start(dtype);
                TensorTree actual = expected.Map(leaf => leaf.CopyTo(pooled));
                TensorTree along = expected.Map(leaf => leaf.CopyTo(pooled));
                TensorTree expectedState = descent.Initialize(expected);
                TensorTree actualState = expectedState.Map(leaf => leaf.CopyTo(pooled));
                TensorTree alongState = expectedState.Map(leaf => leaf.CopyTo(pooled));
                for (int step = 0; step < 4; step++)
                {
                    (expected, expectedState) = descent.Descend(Differentiation.ValueAndGradient(function, expected).Gradient, expected, expectedState);
                    TensorTree before = actual;
                    (actual, actualState) = descent.DescendSpending(Differentiation.ValueAndGradient(function, before).Gradient, before, actualState);
                    AssertSame(loss, expected, actual);
                    AssertSame(loss, expectedState, actualState);
                    Assert.All(before, leaf => leaf.Value.RequireValid());
                    before = along;
                    (_, (along, alongState)) = descent.DescendAlong(function, before, alongState);
                    AssertSame(loss, expected, along);
                    AssertSame(loss, expectedState, alongState);
                    Assert.All(before, leaf => leaf.Value.RequireValid());
                    pooled.Collect(0, [.. actual.Leaves, .. actualState.Leaves, .. along.Leaves, .. alongState.Leaves]);
                }
            }
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("Adam")]
    public void A_leaf_that_is_alone_gives_its_memory_and_is_not_valid_any_more(string name)
    {
        ParameterDescent descent = new(Named(name), Named(name));
        Workspace pooled = Workspace.Pooled();
        TensorTree parameters = Start(DType.Float32).Map(leaf => leaf.CopyTo(pooled));
        TensorTree gradient = Differentiation.ValueAndGradient(Losses["alone"], parameters).Gradient;
        TensorTree next = descent.DescendSpending(gradient, parameters, descent.Initialize(parameters).Map(leaf => leaf.CopyTo(pooled))).Parameters;
        Assert.Same(gradient["a"].Buffer, next["a"].Buffer);
        Assert.Throws<ObjectDisposedException>(() => gradient["a"].ToArray());
        Assert.Throws<ObjectDisposedException>(() => gradient["b"].ToArray());
    }

    [Fact]
    public void A_gradient_that_is_also_returned_stays_valid()
    {
        ParameterDescent descent = new(new GradientDescent(0.1), new GradientDescent(0.1));
        Workspace pooled = Workspace.Pooled();
        TensorTree parameters = Start(DType.Float64).Map(leaf => leaf.CopyTo(pooled));
        (ValueAndTreeGradient found, Tensor beside) = Differentiation.ValueAndGradient(
            tree =>
            {
                Tensor twice = 2 * tree["b"].Untracked;
                return ((tree["a"] * twice).Sum(), twice);
            },
            static twice => [twice],
            parameters);
        double[] values = beside.ToArray();
        descent.DescendSpending(found.Gradient, parameters, TensorTree.Empty);
        Assert.Equal(values, beside.ToArray());
    }

    [Fact]
    public void A_tensor_that_a_gradient_is_stays_valid_where_the_step_is_taken_at_once()
    {
        ParameterDescent descent = new(new GradientDescent(0.1), new GradientDescent(0.1));
        Workspace pooled = Workspace.Pooled();
        TensorTree parameters = Start(DType.Float64).Map(leaf => leaf.CopyTo(pooled));
        double[] values = (2 * parameters["b"]).ToArray();
        (_, OptimizerStep step, Tensor beside) = descent.DescendAlong(
            tree =>
            {
                Tensor twice = 2 * tree["b"].Untracked;
                return ((tree["a"] * twice).Sum() + (tree["a"] * 0.5).Sum(), twice);
            },
            static twice => [twice],
            parameters,
            TensorTree.Empty);
        Assert.Equal(values, beside.ToArray());
        Assert.NotEqual(parameters["a"].ToArray(), step.Parameters["a"].ToArray());
    }

    [Fact]
    public void A_step_along_a_loss_takes_the_memory_of_its_gradient()
    {
        Workspace pooled = Workspace.Pooled();
        TensorTree parameters = Start(DType.Float32).Map(leaf => leaf.CopyTo(pooled));
        ParameterDescent descent = new(new Noting(new GradientDescent(0.1)), new GradientDescent(0.1));
        descent.DescendAlong(Losses["alone"], parameters, TensorTree.Empty);
        Assert.Equal([true, true], Noting.Spent);
    }

    [Fact]
    public void A_descent_that_must_not_spend_leaves_its_gradient()
    {
        Workspace pooled = Workspace.Pooled();
        TensorTree parameters = Start(DType.Float64).Map(leaf => leaf.CopyTo(pooled));
        TensorTree gradient = Differentiation.ValueAndGradient(Losses["alone"], parameters).Gradient;
        double[] values = gradient["a"].ToArray();
        new GradientDescent(0.1).Descend(gradient, parameters, TensorTree.Empty);
        Assert.Equal(values, gradient["a"].ToArray());
    }

    private static TensorTree Start(DType dtype) => TensorTree.Of(
        ["a", "b"], [Tensor.FromArray([0.3, -1, 2, 0.7, -0.2, 1.1], 2, 3).Cast(dtype), Tensor.FromArray([1.3, 0.4, -0.6, 2, 0.1, -1.7], 2, 3).Cast(dtype)]);

    private static IOptimizer Named(string name) => name switch
    {
        "plain" => new GradientDescent(0.05),
        "momentum" => new GradientDescent(0.05, 0.9),
        _ => new Adam(0.05, weightDecay: 0.1),
    };

    /// <summary>Notes of every leaf whether it took the memory of its gradient.</summary>
    private sealed class Noting(GradientDescent inner) : ILeafwiseOptimizer
    {
        public static List<bool> Spent { get; } = [];

        public bool IsLeafwise => true;

        public TensorTree Initialize(TensorTree parameters) => inner.Initialize(parameters);

        public OptimizerStep Descend(TensorTree gradient, TensorTree parameters, TensorTree state) => inner.Descend(gradient, parameters, state);

        public Tensor DescendLeaf(Tensor gradient, Tensor parameter, bool spendsGradient)
        {
            Tensor next = ((ILeafwiseOptimizer)inner).DescendLeaf(gradient, parameter, spendsGradient);
            Spent.Add(ReferenceEquals(next.Buffer, gradient.Buffer));
            return next;
        }
    }

    private static void AssertSame(string loss, TensorTree expected, TensorTree actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach ((string name, Tensor leaf) in expected)
        {
            Assert.True(leaf.ToArray().SequenceEqual(actual[name].ToArray()), $"{loss}: {name}");
        }
    }
}
