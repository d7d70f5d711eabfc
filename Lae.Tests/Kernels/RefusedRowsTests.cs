using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Tests.Kernels;

/// <summary>
/// Where a runner takes all memory back after a transition, MALA puts refused rows into the memory of its proposal. Targets that hold, share or repeat their tensors must get the same bits as where nothing is taken back, and who remembers a
/// tensor of the proposal must be told.
/// </summary>
public sealed class RefusedRowsTests
{
    private const int Steps = 40;
    private static readonly Chains Rows = Chains.Range(300);

    [Fact]
    public void A_gradient_of_its_own() => AssertSameBits(Target.FromGradient(2, x => new LogDensityAndGradient(-0.5 * x.Square().Sum(1), -x)), inPlace: true);

    [Fact]
    public void A_gradient_that_is_the_position() => AssertSameBits(Target.FromGradient(2, x => new LogDensityAndGradient(0.5 * x.Square().Sum(1), x)), inPlace: false);

    [Fact]
    public void A_gradient_that_is_a_view_of_the_position() =>
        AssertSameBits(Target.FromGradient(2, x => new LogDensityAndGradient(0.5 * x.Square().Sum(1), x.Reshape(2, x.Shape[0]).Reshape(x.Shape))), inPlace: false);

    [Fact]
    public void Gradients_that_the_target_holds()
    {
        Tensor up = Tensor.Full(0.5, new Shape(Rows.Count, 2), DType.Float64);
        Tensor down = Tensor.Full(-0.5, new Shape(Rows.Count, 2), DType.Float64);
        AssertSameBits(Target.FromGradient(2, x => new LogDensityAndGradient(-0.5 * x.Square().Sum(1), x.Sum().ToDouble() < 0 ? up : down)), inPlace: false);
        Assert.All(up.ToArray(), value => Assert.Equal(0.5, value));
        Assert.All(down.ToArray(), value => Assert.Equal(-0.5, value));
    }

    [Fact]
    public void A_gradient_that_the_target_holds_in_the_same_memory()
    {
        Workspace pooled = Workspace.Pooled();
        Tensor held = Tensor.Full(0.5, new Shape(Rows.Count, 2), DType.Float64, pooled);
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(Target.FromGradient(2, x => new LogDensityAndGradient(-0.5 * x.Square().Sum(1), held)), new LangevinSettings(1.5));
        LangevinState state = kernel.Initialize(Start(2).CopyTo(pooled));
        int mark = pooled.Mark();
        for (int step = 0; step < Steps; step++)
        {
            state = kernel.Transition(Source(step, pooled), state).State;
            pooled.Collect(mark, state.Position, state.LogDensity, state.Gradient);
        }

        Assert.All(held.ToArray(), value => Assert.Equal(0.5, value));
    }

    [Fact]
    public void A_gradient_in_the_memory_of_the_log_density() => AssertSameBits(
        Target.FromGradient(2, x =>
        {
            (Tensor logDensity, Tensor gradient) = Tensor.UninitializedPair(x.Workspace, new Shape(x.Shape[0]), x.Shape, x.DType);
            (-0.5 * x.Square().Sum(1)).AsSpan<double>().CopyTo(logDensity.Write<double>());
            (-x).AsSpan<double>().CopyTo(gradient.Write<double>());
            return new LogDensityAndGradient(logDensity, gradient);
        }),
        inPlace: true);

    [Fact]
    public void A_log_density_that_overlaps_the_gradient() => AssertSameBits(
        Target.FromGradient(2, x =>
        {
            Tensor both = -0.3 * x;
            return new LogDensityAndGradient(both.View(new Shape(x.Shape[0]), node: null), both);
        }),
        inPlace: false);

    /// <summary>Beyond 1 the log density is not a number, beyond 2 neither is the gradient.</summary>
    [Fact]
    public void A_proposal_that_is_not_finite() => AssertSameBits(
        Target.FromGradient(2, x =>
        {
            Tensor first = x.Slice(1, 0, 1);
            return new LogDensityAndGradient((-0.5 * x.Square().Sum(1)) + (0 * (1 - first).Log()).Sum(1), -x + (0 * (2 - first).Log()));
        }),
        inPlace: true,
        diverges: true);

    /// <summary>Where all chains agree, the next state is the proposal or the state before, as it is.</summary>
    [Fact]
    public void One_chain_and_chains_that_agree()
    {
        foreach ((double stepSize, bool accepts) in ((double, bool)[])[(1e-9, true), (1e6, false)])
        {
            foreach (Chains chains in (Chains[])[Chains.Of(3), Chains.Of(1, 7)])
            {
                Tensor evaluated = null!;
                Workspace pooled = Workspace.Pooled();
                Kernel<LangevinState> kernel = MetropolisLangevin.Create(
                    Target.FromGradient(2, x => new LogDensityAndGradient(-0.5 * (evaluated = x).Square().Sum(1), -x)), new LangevinSettings(stepSize));
                LangevinState state = kernel.Initialize(new NoiseSource(RandomKey.FromSeed(5), 0, chains, pooled).Normal(9, 2, DType.Float64));
                LangevinState next = kernel.Transition(new NoiseSource(RandomKey.FromSeed(3), 0, chains, pooled) { EndsWithCollection = true }, state).State;
                Assert.Same(accepts ? evaluated : state.Position, next.Position);
                Assert.Equal(2 * chains.Count, evaluated.ToArray().Length);
            }
        }
    }

    /// <summary>Through a transition that is differentiated gradients flow as they do elsewhere.</summary>
    [Fact]
    public void A_gradient_flows_through_a_choice()
    {
        Workspace pooled = Workspace.Pooled();
        double expected = SlopeOf(Workspace.Default, new NoiseSource(RandomKey.FromSeed(3), 0, Rows, Workspace.Default));
        Assert.NotEqual(0, expected);
        Assert.Equal(expected, SlopeOf(pooled, Source(0, pooled)));

        static double SlopeOf(Workspace workspace, NoiseSource source)
        {
            LangevinState state = LangevinState.At(GaussianTarget.Standard(2), Start(2).CopyTo(workspace));
            (_, Tensor slope) = Differentiation.ValueAndGradient(
                (Tensor scale) =>
                {
                    Kernel<LangevinState> kernel = MetropolisLangevin.Create(Target.FromGradient(2, x => new LogDensityAndGradient(-0.5 * x.Square().Sum(1), -scale * x)), new LangevinSettings(1.5));
                    return kernel.Transition(source, state).State.Gradient.Sum();
                },
                Tensor.Scalar(1, DType.Float64, workspace));
            return slope.ToDouble();
        }
    }

    /// <summary>A promise of one workspace says nothing about the memory of another.</summary>
    [Fact]
    public void Memory_of_another_workspace_does_not_pass()
    {
        Workspace pooled = Workspace.Pooled();
        Tensor remembered = null!;
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(Target.FromGradient(2, x => new LogDensityAndGradient(-0.5 * (remembered = x).Square().Sum(1), -x)), new LangevinSettings(1.5));
        LangevinState state = kernel.Initialize(Start(2).CopyTo(pooled));
        kernel.Transition(new NoiseSource(RandomKey.FromSeed(3), 0, Rows, Workspace.Default) { EndsWithCollection = true }, state);
        Assert.Equal(2 * Rows.Count, remembered.ToArray().Length);
    }

    /// <summary>A target that remembers its argument or what it returned by reference would see it change. It is told instead, as it would be once the memory is taken back.</summary>
    [Fact]
    public void A_remembered_proposal_throws()
    {
        Workspace pooled = Workspace.Pooled();
        Tensor[] remembered = [];
        Target target = Target.FromGradient(2, x =>
        {
            LogDensityAndGradient here = new(-0.5 * x.Square().Sum(1), -x);
            remembered = [x, here.LogDensity, here.Gradient];
            return here;
        });
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(target, new LangevinSettings(1.5));
        LangevinState next = kernel.Transition(Source(0, pooled), kernel.Initialize(Start(2).CopyTo(pooled))).State;
        Assert.All(remembered, tensor => Assert.Throws<ObjectDisposedException>(() => tensor.ToArray()));
        Assert.Equal(2 * Rows.Count, next.Position.ToArray().Length);
    }

    /// <summary>Who steps a kernel without a runner has promised nothing: what a target remembers stays as it was.</summary>
    [Fact]
    public void Without_a_runner_a_remembered_proposal_stays()
    {
        Workspace pooled = Workspace.Pooled();
        Tensor remembered = null!;
        double[] values = [];
        Target target = Target.FromGradient(2, x =>
        {
            (remembered, values) = (x, x.ToArray());
            return new LogDensityAndGradient(-0.5 * x.Square().Sum(1), -x);
        });
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(target, new LangevinSettings(1.5));
        LangevinState state = kernel.Initialize(Start(2).CopyTo(pooled));
        NoiseSource source = Source(0, pooled);
        foreach (NoiseSource other in (NoiseSource[])[new NoiseSource(RandomKey.FromSeed(3), 0, Rows, pooled), source.Inner(2, 1), source.Part(1), source.InTurn(3), source.Of(Rows)])
        {
            StepInfo info = kernel.Transition(other, state).Info;
            Assert.Equal(2, info.Accepted!.ToArray().Distinct().Count());
            Assert.Equal(values, remembered.ToArray());
        }
    }

    private static NoiseSource Source(int step, Workspace workspace) => new(RandomKey.FromSeed(3), step, Rows, workspace) { EndsWithCollection = true };

    private static Tensor Start(int dimension) => NoiseSource.OfStart(RandomKey.FromSeed(5), Rows, Workspace.Default).Normal(9, dimension, DType.Float64);

    private static void AssertSameBits(Target target, bool inPlace, bool diverges = false)
    {
        Tensor evaluated = null!;
        Target watched = Target.FromGradient(target.Dimension, x => target.Evaluate(evaluated = x));
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(watched, new LangevinSettings(1.5));
        Workspace pooled = Workspace.Pooled();
        LangevinState expected = kernel.Initialize(Start(target.Dimension));
        LangevinState actual = kernel.Initialize(Start(target.Dimension).CopyTo(pooled));
        (int putBack, double divergent) = (0, 0);
        for (int step = 0; step < Steps; step++)
        {
            LangevinState before = actual;
            double[][] values = ValuesOf(before);
            expected = kernel.Transition(new NoiseSource(RandomKey.FromSeed(3), step, Rows, Workspace.Default), expected).State;
            Transition<LangevinState> next = kernel.Transition(Source(step, pooled), before);
            actual = next.State;
            putBack += !ReferenceEquals(evaluated, actual.Position) && ReferenceEquals(evaluated.Buffer, actual.Position.Buffer) ? 1 : 0;
            divergent += next.Info.Divergent!.Sum().ToDouble();
            Assert.True(next.KeepsFinite);
            Assert.Equal(values, ValuesOf(before));
            Assert.Equal(ValuesOf(expected), ValuesOf(actual));
            pooled.Collect(0, actual.Position, actual.LogDensity, actual.Gradient);
        }

        Assert.True(inPlace ? putBack > Steps / 4 : putBack == 0);
        Assert.True(!diverges || divergent > Steps);
    }

    private static double[][] ValuesOf(LangevinState state) => [state.Position.ToArray(), state.LogDensity.ToArray(), state.Gradient.ToArray()];
}
