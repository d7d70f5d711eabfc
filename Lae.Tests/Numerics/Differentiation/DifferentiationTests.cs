using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class DifferentiationTests
{
    private static readonly Tensor X = Given.Uniform(new Shape(2, 3), 1);

    [Fact]
    public void ATensorUsedManyTimesCollectsTheGradientOfEveryUse()
    {
        GradientCheck.Against(x => (x * x) + (x * 3) + x - x.Exp() + (x - x), X);
        GradientCheck.Against(x => x + x, X);
        GradientCheck.Against(x => x * x, X);
    }

    [Fact]
    public void DiamondsOfDiamondsHaveTheirGradient()
    {
        GradientCheck.Against(
            x =>
            {
                Tensor y = x;
                for (int i = 0; i < 5; i++)
                {
                    Tensor left = y.Sin();
                    Tensor right = y * 0.5;
                    y = (left * right) + left + y;
                }

                return y;
            },
            X);

        // 2⁴⁰ paths: a walk that does not order the nodes never ends
        ValueAndGradient doubled = Differentiation.ValueAndGradient(x => Enumerable.Range(0, 40).Aggregate(x, (y, _) => y + y), Tensor.FromArray([1.0]));
        Assert.Equal(Math.Pow(2, 40), doubled.Gradient.ToDouble());
    }

    [Fact]
    public void UsesAtUnequalDepthsComeBeforeTheTensorTheyUse() => GradientCheck.Against(
        x =>
        {
            Tensor a = x.Tanh();
            Tensor b = a.Sin();
            Tensor c = (b * a).Cos();
            return (c * a) + (b * x) + (c * b);
        },
        X);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AChainOfTenThousandOperationsHasItsGradient(bool pooled)
    {
        Workspace workspace = pooled ? Workspace.Pooled() : Workspace.Default;
        Tensor x = Tensor.FromArray([0.5, -0.5]).CopyTo(workspace);
        ValueAndGradient chain = Differentiation.ValueAndGradient(
            x =>
            {
                Tensor y = x;
                for (int i = 0; i < 10_000; i++)
                {
                    y = i % 2 == 0 ? y + x : y - x;
                }

                return y * 3;
            },
            x);
        Assert.Equal([1.5, -1.5], chain.Value.ToArray());
        Assert.Equal([3, 3], chain.Gradient.ToArray());
    }

    [Fact]
    public void WhatAFunctionReturnsBesideItsValueStaysValidAndIsAConstant()
    {
        Workspace workspace = Workspace.Pooled();
        TensorTree x = TensorTree.Of(("x", X.CopyTo(workspace)));
        int live = workspace.LiveCount;
        (ValueAndTreeGradient found, Tensor rest) = Differentiation.ValueAndGradient(
            tree =>
            {
                Tensor square = tree["x"].Square();
                Tensor inner = Differentiation.ValueAndGradient(y => y.Exp(), square.Untracked).Gradient;
                return ((square * inner).Sum(), inner);
            },
            static rest => [rest],
            x);
        Assert.Equal(X.Square().Exp().ToArray(), rest.ToArray());
        Assert.Equal((2 * X * X.Square().Exp()).ToArray(), found.Gradient["x"].ToArray());
        Assert.Equal(live + 3, workspace.LiveCount);
        Assert.False(rest.IsTracked);
        Assert.Throws<ObjectDisposedException>(() => Differentiation.ValueAndGradient(
            static tree => (tree["x"].Sum(), tree["x"].Untracked.Exp()), static _ => [], x).Beside.ToArray());
    }

    [Fact]
    public void AValueThatDoesNotDependOnXHasGradientZero()
    {
        Tensor constant = Tensor.FromArray([1.0, 2.0]);
        ValueAndGradient none = Differentiation.ValueAndGradient(_ => constant, X);
        Assert.Equal([1, 2], none.Value.ToArray());
        Assert.Equal(X.Shape, none.Gradient.Shape);
        Assert.All(none.Gradient.ToArray(), g => Assert.Equal(0, g));
        Assert.All(Differentiation.ValueAndGradient(x => x.Detach() * x.Untracked * x.Sign(), X).Gradient.ToArray(), g => Assert.Equal(0, g));

        ValueAndTreeGradient partly = Differentiation.ValueAndGradient(tree => tree["a"] * 2, TensorTree.Of(("a", X), ("b", constant)));
        Assert.All(partly.Gradient["a"].ToArray(), g => Assert.Equal(2, g));
        Assert.Equal([0, 0], partly.Gradient["b"].ToArray());
    }

    [Fact]
    public void TheArgumentItselfIsAValueWithGradientOne()
    {
        ValueAndGradient same = Differentiation.ValueAndGradient(x => x, X);
        Assert.Equal(X.ToArray(), same.Value.ToArray());
        Assert.False(same.Value.IsTracked);
        Assert.All(same.Gradient.ToArray(), g => Assert.Equal(1, g));
    }

    [Fact]
    public void ATreeGivesTheBitsOfItsTensorsOneAtATime()
    {
        TensorTree at = TensorTree.Of(("weight", Given.Uniform(new Shape(3, 4), 2)), ("bias", Given.Uniform(new Shape(4), 3)), ("x", X));
        Tensor Layer(TensorTree tree) => (tree["x"].MatMul(tree["weight"]) + tree["bias"]).LayerNormalize().Tanh().Square().Sum(1);
        ValueAndTreeGradient together = Differentiation.ValueAndGradient(Layer, at);
        Assert.Equal(at.Names, together.Gradient.Names);
        foreach ((string name, Tensor tensor) in at)
        {
            ValueAndGradient alone = Differentiation.ValueAndGradient(x => Layer(at.With(name, x)), tensor);
            Assert.Equal(alone.Value.ToArray(), together.Value.ToArray());
            Assert.Equal(alone.Gradient.ToArray(), together.Gradient[name].ToArray());
        }

        Assert.Empty(Differentiation.ValueAndGradient(_ => X, TensorTree.Empty).Gradient);
    }

    [Fact]
    public void OneTensorUnderTwoNamesIsTwoVariables()
    {
        TensorTree gradient = Differentiation.ValueAndGradient(tree => tree["a"] * tree["b"] * tree["b"], TensorTree.Of(("a", X), ("b", X))).Gradient;
        Assert.Equal((X * X).ToArray(), gradient["a"].ToArray());
        Assert.Equal((2 * (X * X)).ToArray(), gradient["b"].ToArray());
    }

    [Fact]
    public void EveryRowOfALogDensityGetsItsOwnGradient()
    {
        ValueAndGradient density = Differentiation.ValueAndGradient(x => -0.5 * x.Square().Sum(1), X);
        Assert.Equal(new Shape(2), density.Value.Shape);
        Assert.Equal((-X).ToArray(), density.Gradient.ToArray());
    }

    [Fact]
    public void OnlyWhatIsAskedForIsComputed()
    {
        CountingEngine engine = new();
        Workspace workspace = Workspace.Unpooled(engine);
        Tensor input = X.CopyTo(workspace);
        Tensor first = Given.Uniform(new Shape(3, 5), 2).CopyTo(workspace);
        Tensor last = Given.Uniform(new Shape(5, 2), 3).CopyTo(workspace);
        Tensor Network(Tensor x, Tensor a, Tensor b) => x.MatMul(a).Tanh().MatMul(b).Sum();

        Network(input, first, last);
        Assert.Equal((2, 1, 0), (engine["MatrixProduct"], engine["Tanh"], engine["Square"]));

        // of the last layer alone: one product, and nothing of the layers before it
        engine.Reset();
        Differentiation.ValueAndGradient(b => Network(input, first, b), last);
        Assert.Equal((3, 1, 0), (engine["MatrixProduct"], engine["Tanh"], engine["Square"]));

        // of the first weight: back through the last layer and one product more, none for the input or the last weight
        engine.Reset();
        Differentiation.ValueAndGradient(a => Network(input, a, last), first);
        Assert.Equal((4, 1, 1), (engine["MatrixProduct"], engine["Tanh"], engine["Square"]));

        engine.Reset();
        Differentiation.ValueAndGradient(tree => Network(input, tree["a"], tree["b"]), TensorTree.Of(("a", first), ("b", last)));
        Assert.Equal(5, engine["MatrixProduct"]);

        // of a branch that the value does not use: nothing at all
        engine.Reset();
        Differentiation.ValueAndGradient(
            a =>
            {
                Network(input, a, last);
                return input;
            },
            first);
        Assert.Equal((2, 1, 0), (engine["MatrixProduct"], engine["Tanh"], engine["Square"]));
    }

    [Fact]
    public void OperationsComputeNoGradientOfTheirConstants()
    {
        CountingEngine engine = new();
        Workspace workspace = Workspace.Unpooled(engine);
        Tensor image = Given.Uniform(new Shape(1, 1, 3, 3), 1).CopyTo(workspace);
        Tensor kernel = Given.Uniform(new Shape(1, 1, 2, 2), 2).CopyTo(workspace);
        Differentiation.ValueAndGradient(k => image.Convolve(k), kernel);
        Assert.Equal((1, 0, 1), (engine["Convolve"], engine["ConvolveInputGradient"], engine["ConvolveKernelGradient"]));
        engine.Reset();
        Differentiation.ValueAndGradient(x => x.Convolve(kernel), image);
        Assert.Equal((1, 1, 0), (engine["Convolve"], engine["ConvolveInputGradient"], engine["ConvolveKernelGradient"]));
        engine.Reset();
        Differentiation.ValueAndGradient(x => x.ConvolveTransposed(kernel), image);
        Assert.Equal((1, 1, 0), (engine["Convolve"], engine["ConvolveInputGradient"], engine["ConvolveKernelGradient"]));

        Tensor matrix = (Tensor.Identity(2, DType.Float64) * 2).CopyTo(workspace);
        engine.Reset();
        Differentiation.ValueAndGradient(b => matrix.TriangularSolve(b), matrix);
        Assert.Equal((2, 0), (engine["TriangularSolve"], engine["MatrixProduct"]));
        engine.Reset();
        Differentiation.ValueAndGradient(a => a / matrix, matrix);
        Assert.Equal((2, 0, 0), (engine["Divide"], engine["Multiply"], engine["Negate"]));
        engine.Reset();
        Differentiation.ValueAndGradient(a => Reductions.DotRows(a, matrix), matrix);
        Assert.Equal(1, engine["Multiply"]);
        engine.Reset();
        Differentiation.ValueAndGradient(a => Elementwise.Choose(matrix, a, matrix), matrix);
        Assert.Equal(2, engine["Choose"]);

        Tensor one = Tensor.Scalar(1, DType.Float64, workspace);
        engine.Reset();
        Differentiation.ValueAndGradient(m => Probabilities.DiscretizedLogisticLogProbability(matrix, m, one, 0.1, -1, 1), matrix);
        Assert.Equal((1, 1), (engine["mean gradient"], engine["no inverse scale gradient"]));
        engine.Reset();
        Probabilities.DiscretizedLogisticLogProbability(matrix, matrix, one, 0.1, -1, 1);
        Assert.Equal((1, 1), (engine["no mean gradient"], engine["no inverse scale gradient"]));
    }

    [Fact]
    public void AGradientInsideAFunctionThatIsBeingDifferentiatedLeavesTheOuterOneAlone()
    {
        Tensor parameter = Tensor.FromArray([2.0, -1.0]);
        Tensor latent = Tensor.FromArray([5.0, 7.0]);
        CountingEngine engine = new();
        Workspace workspace = Workspace.Unpooled(engine);
        ValueAndGradient outer = Differentiation.ValueAndGradient(
            theta =>
            {
                // as a Langevin step in the latent does while the parameters are tracked
                engine.Reset();
                Tensor weight = theta.Tanh();
                Tensor step = Differentiation.ValueAndGradient(z => (z * weight).Sum(), latent.CopyTo(workspace)).Gradient;
                Assert.False(step.IsTracked);
                Assert.Equal(weight.ToArray(), step.ToArray());
                Assert.Equal((0, 1 + 1), (engine["Square"], engine["Multiply"]));
                return theta * 3;
            },
            parameter.CopyTo(workspace));
        Assert.Equal([3, 3], outer.Gradient.ToArray());
    }

    [Fact]
    public void AGradientInsideAGradientInAPooledWorkspaceLeavesTheOuterOneAlone()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor parameter = Tensor.FromArray([2.0, -1.0]).CopyTo(workspace);
        Tensor latent = Tensor.FromArray([5.0, 7.0]).CopyTo(workspace);
        ValueAndGradient outer = Differentiation.ValueAndGradient(
            theta =>
            {
                Tensor z = latent;
                for (int i = 0; i < 3; i++)
                {
                    z = z + (0.1 * Differentiation.ValueAndGradient(z => -(z - theta).Square().Sum(), z).Gradient);
                }

                return theta * z;
            },
            parameter);
        double[] moved = [2 + (0.512 * 3), -1 + (0.512 * 8)];
        Assert.Equal(moved[0], outer.Gradient.ElementAt(0), 1e-12);
        Assert.Equal(moved[1], outer.Gradient.ElementAt(1), 1e-12);
        Assert.Equal(4, workspace.LiveCount);
    }

    [Fact]
    public void ResultsAreUntracked() => Differentiation.ValueAndGradient(
        x =>
        {
            ValueAndGradient inner = Differentiation.ValueAndGradient(y => y * y, x);
            Assert.False(inner.Value.IsTracked || inner.Gradient.IsTracked);
            return x;
        },
        X);

    [Fact]
    public void AFunctionThatThrowsLeavesNothingBehind()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor x = X.CopyTo(workspace);
        int mark = workspace.Mark();
        double[] expected = Differentiation.ValueAndGradient(x => x.Exp() * x, X).Gradient.ToArray();
        for (int i = 0; i < 3; i++)
        {
            Tensor broken = Tensor.Ones(new Shape(7), DType.Float64);
            Assert.Throws<ArgumentException>(() => Differentiation.ValueAndGradient(x => x.Exp() + broken, x));
            Assert.Throws<ArgumentException>(() => Differentiation.ValueAndGradient(
                x => x.Exp().Untracked.Tracked(x, (of, g, flow) => flow.Add(of, g + broken), x) * x, x));
            Assert.Equal(expected, Differentiation.ValueAndGradient(x => x.Exp() * x, x).Gradient.ToArray());
            workspace.Collect(mark);
            Assert.Equal(1, workspace.LiveCount);
        }
    }
}
