using Lae.Numerics;

namespace Lae.Tests.Numerics;

public sealed class WorkspaceTests
{
    private static readonly Tensor X = Given.Uniform(new Shape(3, 4), 1);

    [Fact]
    public void Rows_are_copied_and_nothing_else()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor rows = Tensor.FromArray([1.0, 2, 3, 4, 5, 6], 3, 2);
        Assert.Equal([3.0, 4, 5, 6], rows.CopyRowsTo(workspace, 1, 2).ToArray());
        Assert.Equal(new Shape(0, 2), rows.CopyRowsTo(workspace, 3, 0).Shape);
        Assert.Equal([5f], Tensor.FromArray([4.0, 5]).Cast(DType.Float32).CopyRowsTo(workspace, 1, 1).ToSingleArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.CopyRowsTo(workspace, 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.CopyRowsTo(workspace, -1, 2));
        Assert.Throws<InvalidOperationException>(() => Tensor.Scalar(1, DType.Float64).CopyRowsTo(workspace, 0, 1));
    }

    [Fact]
    public void BuffersAreUsedAgain()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor state = X.CopyTo(workspace);
        HashSet<TensorBuffer> buffers = new(ReferenceEqualityComparer.Instance) { state.Buffer };
        int mark = 0;
        for (int cycle = 0; cycle < 1000; cycle++)
        {
            Tensor middle = state.Tanh();
            Tensor next = (middle * 0.5) + state.Sum(1).Reshape(3, 1);
            buffers.Add(middle.Buffer);
            buffers.Add(next.Buffer);
            workspace.Collect(mark, next);
            Assert.Equal(1, workspace.LiveCount);
            state = next;
        }

        Assert.InRange(buffers.Count, 2, 6);
    }

    [Fact]
    public void SteadyCyclesAllocateNoBuffers()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor x = Tensor.Ones(new Shape(100, 100), DType.Float64, workspace);
        int mark = workspace.Mark();
        void Cycle()
        {
            x.Square().Exp();
            workspace.Collect(mark);
        }

        Cycle();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Cycle();
        }

        // a single buffer has 80,000 bytes
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
    }

    [Fact]
    public void SizesOfOneClassShareBuffersAndTypesDoNot()
    {
        Workspace workspace = Workspace.Pooled();
        TensorBuffer first = Tensor.Zeros(new Shape(1000), DType.Float64, workspace).Buffer;
        workspace.Collect(0);
        Assert.Same(first, Tensor.Zeros(new Shape(1010), DType.Float64, workspace).Buffer);
        workspace.Collect(0);
        Assert.NotSame(first, Tensor.Zeros(new Shape(1000), DType.Float32, workspace).Buffer);
        Assert.NotSame(first, Tensor.Zeros(new Shape(2000), DType.Float64, workspace).Buffer);
    }

    [Fact]
    public void EverySizeFitsAndWastesLittle()
    {
        Workspace workspace = Workspace.Pooled();
        for (int count = 0; count < 3000; count++)
        {
            int capacity = workspace.Allocate(DType.Float32, count).Capacity;
            Assert.InRange(capacity, count, Math.Max(16, count * 1.25));
            workspace.Collect(0);
        }
    }

    [Fact]
    public void ATensorThatWasTakenBackRefusesEveryUse()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor x = X.CopyTo(workspace);
        Tensor view = x.Reshape(12);
        workspace.Collect(0);
        foreach (Action use in new Action[]
        {
            () => x.ToArray(), () => x.ToSingleArray(), () => x.ElementAt(0), () => x.AsSpan<double>(), () => x.Detach(), () => x.CopyTo(Workspace.Default),
            () => x.Exp(), () => _ = x + 1, () => _ = x + x, () => _ = X + x, () => x.Sum(), () => x.Reshape(12).ToArray(), () => view.ToArray(),
            () => x.Untracked.ToArray(), () => x.Transpose(), () => x.Slice(0, 0, 1), () => x.MatMul(X, transposeB: true), () => x.GatherRows([0]),
            () => x.Cast(DType.Float32), () => x.AllFinite(), () => x.LayerNormalize(), () => Shaping.Join(0, X, x), () => x.BroadcastTo(new Shape(1, 3, 4)),
            () => Elementwise.Choose(X, X, x), () => Elementwise.Choose(x, X, X), () => Reductions.DotRows(X, x), () => x.QuadraticForm(Tensor.Identity(4, DType.Float64)),
            () => Differentiation.ValueAndGradient(x => x * x, x), () => workspace.Collect(0, x), () => Tensor.Diagonal(view),
        })
        {
            Assert.Throws<ObjectDisposedException>(use);
        }

        Assert.Equal("Float64[3, 4]", x.ToString());

        // and still refuses when its memory belongs to another
        workspace.Collect(0);
        Tensor other = Enumerable.Range(0, 100).Select(_ => X.CopyTo(workspace)).First(tensor => ReferenceEquals(tensor.Buffer, x.Buffer));
        Assert.Throws<ObjectDisposedException>(() => x.ToArray());
        Assert.Throws<ObjectDisposedException>(() => workspace.Collect(0, x));
        Assert.Equal(X.ToArray(), other.ToArray());
    }

    [Fact]
    public void KeptTensorsAndTheirViewsSurvive()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor x = X.CopyTo(workspace);
        Tensor view = x.Flatten();
        Tensor dropped = x.Exp();
        Tensor kept = x.Square();
        workspace.Collect(0, view, kept, kept);
        Assert.Equal(2, workspace.LiveCount);
        Assert.Equal(X.ToArray(), x.ToArray());
        Assert.Equal(X.Square().ToArray(), kept.ToArray());
        Assert.Throws<ObjectDisposedException>(() => dropped.ToArray());

        // what comes next does not overwrite them
        for (int i = 0; i < 10; i++)
        {
            Tensor.Full(7, X.Shape, DType.Float64, workspace);
        }

        Assert.Equal(X.ToArray(), view.ToArray());
        Assert.Equal(X.Square().ToArray(), kept.ToArray());
    }

    [Fact]
    public void MarksNest()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor outer = X.CopyTo(workspace);
        int first = workspace.Mark();
        Tensor middle = outer.Exp();
        int second = workspace.Mark();
        Tensor inner = middle.Tanh();
        Tensor result = inner * 2;
        workspace.Collect(second, result);
        Assert.Throws<ObjectDisposedException>(() => inner.ToArray());
        Assert.Equal(X.Exp().ToArray(), middle.ToArray());
        workspace.Collect(first, result);
        Assert.Throws<ObjectDisposedException>(() => middle.ToArray());
        Assert.Equal((X.Exp().Tanh() * 2).ToArray(), result.ToArray());
        Assert.Equal(2, workspace.LiveCount);

        // a tensor from before the mark may be among those to keep
        workspace.Collect(workspace.Mark(), outer);
        Assert.Equal(X.ToArray(), outer.ToArray());
        workspace.Collect(0);
        Assert.Equal(0, workspace.LiveCount);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void AMarkThatIsNoneIsRefused(int mark)
    {
        Workspace workspace = Workspace.Pooled();
        Tensor x = X.CopyTo(workspace);
        Assert.Throws<ArgumentOutOfRangeException>(() => workspace.Collect(mark));
        Assert.Equal(X.ToArray(), x.ToArray());
    }

    [Fact]
    public void TensorsOfOtherWorkspacesToKeepDoNotDisturb()
    {
        Workspace one = Workspace.Pooled();
        Workspace two = Workspace.Pooled();
        Tensor foreign = X.CopyTo(two);
        for (int i = 0; i < 3; i++)
        {
            X.CopyTo(one);
            one.Collect(0, foreign, X);
            Assert.Equal(0, one.LiveCount);
        }

        // collections of the second workspace reach the numbers that the first has used
        Assert.Equal(1, two.LiveCount);
        for (int i = 0; i < 3; i++)
        {
            two.Collect(0);
            Assert.Equal(0, two.LiveCount);
            X.CopyTo(two);
        }
    }

    [Fact]
    public void DetachedTensorsSurviveEverything()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor x = X.CopyTo(workspace);
        Tensor detached = x.Detach();
        Assert.False(detached.Workspace.IsPooled);
        Assert.Same(workspace.Heap, detached.Workspace);
        Assert.Same(workspace.Engine, detached.Workspace.Engine);
        Assert.Same(detached, detached.Detach());
        TensorTree tree = TensorTree.Of(("x", x), ("y", X)).Detach();
        workspace.Collect(0);
        X.Exp().CopyTo(workspace);
        Assert.Equal(X.ToArray(), detached.ToArray());
        Assert.Equal(X.ToArray(), tree["x"].ToArray());
        Assert.Same(X, tree["y"]);
    }

    [Fact]
    public void TwoPooledWorkspacesDoNotMix()
    {
        Tensor a = Given.Uniform(new Shape(2, 2), 1).CopyTo(Workspace.Pooled());
        Tensor b = a.CopyTo(Workspace.Pooled());
        Tensor neither = a.Detach();
        foreach (Action operation in new Action[]
        {
            () => _ = a + b, () => _ = a + b.Sum(), () => a.MatMul(b), () => Elementwise.Choose(b, a, a), () => Elementwise.Choose(a, a, b),
            () => Shaping.Join(0, a, neither, b), () => Elementwise.ScaleAdd(1, a, b), () => Elementwise.LangevinProposal(a, 1, neither, 1, b),
            () => a.TriangularSolve(b), () => a.Reshape(1, 1, 2, 2).Convolve(b.Reshape(1, 1, 2, 2)), () => Reductions.DotRows(a, b), () => a.QuadraticForm(b),
            () => Probabilities.DiscretizedLogisticLogProbability(a, a, b.Slice(0, 0, 1).Slice(1, 0, 1).Exp(), 0.1, -1, 1),
            () => Differentiation.ValueAndGradient(tree => tree["a"], TensorTree.Of(("a", a), ("b", b))),
        })
        {
            Assert.Throws<InvalidOperationException>(operation);
        }

        Assert.Equal((neither + neither).ToArray(), (a + b.Detach()).ToArray());
    }

    [Fact]
    public void APooledOperandDecidesWhereAResultLives()
    {
        Workspace workspace = Workspace.Pooled();
        Workspace chosen = Workspace.Unpooled(new CountingEngine());
        Tensor pooled = X.CopyTo(workspace);
        Assert.Same(workspace, (pooled + X).Workspace);
        Assert.Same(workspace, (X + pooled).Workspace);
        Assert.Same(workspace, (X + pooled.Sum()).Workspace);
        Assert.Same(workspace, Elementwise.Choose(pooled, X, X).Workspace);
        Assert.Same(workspace, X.MatMul(pooled, transposeB: true).Workspace);
        Assert.Same(workspace, Shaping.Join(0, X, pooled).Workspace);
        Assert.Same(workspace, Elementwise.LangevinProposal(X, 1, X, 1, pooled).Workspace);
        Assert.Same(chosen, (X + X.CopyTo(chosen)).Workspace);
        Assert.Same(chosen, (X.CopyTo(chosen) + X).Workspace);
        Assert.Same(Workspace.Default, (X + X).Workspace);
        Assert.Equal((X + X).ToArray(), (X + pooled).ToArray());
    }

    [Fact]
    public void UnpooledWorkspacesCollectNothing()
    {
        Workspace.Default.Collect(Workspace.Default.Mark());
        Assert.Equal(0, Workspace.Default.LiveCount);
        Assert.Same(Workspace.Default, Workspace.Default.Heap);
        Assert.NotEmpty(X.ToArray());
    }

    [Fact]
    public void AGradientReturnsItsMemory()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor x = X.CopyTo(workspace);
        Tensor weight = Given.Uniform(new Shape(4, 2), 2).CopyTo(workspace);
        int before = workspace.LiveCount;
        for (int i = 0; i < 50; i++)
        {
            ValueAndGradient result = Differentiation.ValueAndGradient(x => Energy(x, weight), x);
            Assert.Equal(before + 2, workspace.LiveCount);
            Assert.True(result.Value.AllFinite() && result.Gradient.AllFinite());
            workspace.Collect(before);

            ValueAndTreeGradient tree = Differentiation.ValueAndGradient(tree => Energy(tree["x"], tree["w"]), TensorTree.Of(("x", x), ("w", weight)));
            Assert.Equal(before + 3, workspace.LiveCount);
            Assert.True(tree.Value.AllFinite() && tree.Gradient["x"].AllFinite() && tree.Gradient["w"].AllFinite());
            workspace.Collect(before);
        }

        // a value that is the argument needs no memory of its own
        Differentiation.ValueAndGradient(x => x, x);
        Assert.Equal(before + 1, workspace.LiveCount);
    }

    [Fact]
    public void ABackwardPassFreesGradientsAsItGoes()
    {
        Workspace workspace = Workspace.Pooled();
        Tensor x = X.CopyTo(workspace);
        HashSet<TensorBuffer> gradients = new(ReferenceEqualityComparer.Instance);
        Differentiation.ValueAndGradient(
            x =>
            {
                Tensor y = x;
                for (int i = 0; i < 100; i++)
                {
                    Tensor input = y;
                    y = y.Untracked.ScaleShift(1, 1);
                    y = y.Tracked(
                        input,
                        (of, g, flow) =>
                        {
                            gradients.Add(g.Buffer);
                            flow.Add(of, g * 1);
                        },
                        input);
                }

                return y;
            },
            x);
        Assert.InRange(gradients.Count, 1, 3);
    }

    [Fact]
    public void PooledAndUnpooledBackwardPassesGiveTheSameBits() => Given.ForAll(
        Given.Pairs(),
        given =>
        {
            Tensor a = Given.Uniform(given.A, given.Seed);
            Tensor b = Given.Uniform(given.B, given.Seed + 1);
            static Tensor Value(TensorTree tree)
            {
                Tensor sum = tree["a"] + tree["b"];
                Tensor product = (sum * tree["a"]).Tanh() + sum + sum;
                return Elementwise.Maximum(product, tree["b"]) * sum.Sigmoid() / (1 + product.Square());
            }

            ValueAndTreeGradient plain = Differentiation.ValueAndGradient(Value, TensorTree.Of(("a", a), ("b", b)));
            Workspace workspace = Workspace.Pooled();
            TensorTree inPool = TensorTree.Of(("a", a.CopyTo(workspace)), ("b", b.CopyTo(workspace)));
            TensorTree mixed = inPool.With("a", a);
            for (int cycle = 0; cycle < 3; cycle++)
            {
                // what was freed is filled with rubbish, which a use after return would show
                int mark = workspace.Mark();
                for (int i = 0; i < 40; i++)
                {
                    Tensor.Full(double.NaN, plain.Value.Shape, DType.Float64, workspace);
                }

                workspace.Collect(mark);
                foreach (TensorTree arguments in new[] { inPool, mixed })
                {
                    ValueAndTreeGradient pooled = Differentiation.ValueAndGradient(Value, arguments);
                    Assert.Equal(mark + 3, workspace.LiveCount);
                    Assert.Equal(plain.Value.ToArray(), pooled.Value.ToArray());
                    Assert.Equal(plain.Gradient["a"].ToArray(), pooled.Gradient["a"].ToArray());
                    Assert.Equal(plain.Gradient["b"].ToArray(), pooled.Gradient["b"].ToArray());
                    workspace.Collect(mark);
                }
            }
        },
        count: 40);

    [Fact]
    public void EveryOperationGivesTheSameBitsInAPool()
    {
        Tensor weight = Given.Uniform(new Shape(4, 2), 2);
        Workspace workspace = Workspace.Pooled();
        TensorTree arguments = TensorTree.Of(("x", X), ("w", weight));
        ValueAndTreeGradient plain = Differentiation.ValueAndGradient(tree => Energy(tree["x"], tree["w"]), arguments);
        TensorTree inPool = arguments.Map(leaf => leaf.CopyTo(workspace));
        for (int i = 0; i < 3; i++)
        {
            ValueAndTreeGradient pooled = Differentiation.ValueAndGradient(tree => Energy(tree["x"], tree["w"]), inPool);
            Assert.Equal(plain.Value.ToArray(), pooled.Value.ToArray());
            Assert.Equal(plain.Gradient["x"].ToArray(), pooled.Gradient["x"].ToArray());
            Assert.Equal(plain.Gradient["w"].ToArray(), pooled.Gradient["w"].ToArray());
        }
    }

    /// <summary>A function with most operations in it, of x [3, 4] and a weight [4, 2].</summary>
    private static Tensor Energy(Tensor x, Tensor weight)
    {
        Tensor hidden = x.LayerNormalize().MatMul(weight).Tanh();
        Tensor joined = Shaping.Join(1, hidden, x.Slice(1, 1, 2), hidden);
        Tensor covariance = joined.MatMul(joined, transposeB: true) + Tensor.Identity(3, DType.Float64);
        Tensor factor = covariance.Cholesky();
        Tensor solved = factor.TriangularSolve(joined.GatherRows([2, 0, 1]));
        SymmetricEigensystem eigen = covariance.SymmetricEigen();
        Tensor images = joined.Reshape(1, 1, 3, 6).Convolve(weight.Reshape(1, 1, 2, 4).Slice(3, 0, 2), padding: 1);
        Tensor likelihood = Probabilities.BernoulliLogProbability(Tensor.Full(0.25, solved.Shape, DType.Float64), solved).Sum();
        return solved.LogSumExp(1) + eigen.Values.Log() + (eigen.Vectors * factor).Sum(0) + images.Max(3).Mean() + likelihood - Reductions.DotRows(x, x) - hidden.QuadraticForm(weight.Slice(0, 1, 2));
    }
}
