using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Tests.Kernels;

/// <summary>In memory that is taken back MALA puts refused rows into the memory of its proposal. Targets that keep, share or repeat their tensors must not see it: the same bits as where nothing is taken back.</summary>
public sealed class RefusedRowsTests
{
    private const int Steps = 40;
    private static readonly Chains Rows = Chains.Of(0, 1, 2, 3, 4, 5, 6, 7, 8);

    [Fact]
    public void A_gradient_of_its_own() => AssertSameBits(Target.FromGradient(2, x => new LogDensityAndGradient(-0.5 * x.Square().Sum(1), -x)));

    [Fact]
    public void A_gradient_that_is_the_position() => AssertSameBits(Target.FromGradient(2, x => new LogDensityAndGradient(0.5 * x.Square().Sum(1), x)));

    [Fact]
    public void A_gradient_that_is_a_view_of_the_position() => AssertSameBits(Target.FromGradient(2, x => new LogDensityAndGradient(0.5 * x.Square().Sum(1), x.Reshape(2, x.Shape[0]).Reshape(x.Shape))));

    [Fact]
    public void Gradients_that_the_target_holds()
    {
        Tensor up = Tensor.Full(0.5, new Shape(Rows.Count, 2), DType.Float64);
        Tensor down = Tensor.Full(-0.5, new Shape(Rows.Count, 2), DType.Float64);
        AssertSameBits(Target.FromGradient(2, x => new LogDensityAndGradient(-0.5 * x.Square().Sum(1), x.Sum().ToDouble() < 0 ? up : down)));
        Assert.All(up.ToArray(), value => Assert.Equal(0.5, value));
        Assert.All(down.ToArray(), value => Assert.Equal(-0.5, value));
    }

    [Fact]
    public void A_gradient_in_the_memory_of_the_log_density() => AssertSameBits(Target.FromGradient(2, x =>
    {
        (Tensor logDensity, Tensor gradient) = Tensor.UninitializedPair(x.Workspace, new Shape(x.Shape[0]), x.Shape, x.DType);
        (-0.5 * x.Square().Sum(1)).AsSpan<double>().CopyTo(logDensity.Write<double>());
        (-x).AsSpan<double>().CopyTo(gradient.Write<double>());
        return new LogDensityAndGradient(logDensity, gradient);
    }));

    [Fact]
    public void A_log_density_that_overlaps_the_gradient() => AssertSameBits(Target.FromGradient(2, x =>
    {
        Tensor both = -0.3 * x;
        return new LogDensityAndGradient(both.View(new Shape(x.Shape[0]), node: null), both);
    }));

    [Fact]
    public void A_proposal_that_is_not_finite()
    {
        Target target = Target.FromGradient(2, x => new LogDensityAndGradient(-0.5 * x.Square().Sum(1), -x / (x.Slice(1, 0, 1) * 0 + 1 / (2 - x.Slice(1, 0, 1)).Relu())));
        AssertSameBits(target);
    }

    /// <summary>What it is for: where chains disagree and the memory is the target's own for this evaluation, the next state is in the memory of the proposal.</summary>
    [Fact]
    public void Rows_that_were_accepted_are_not_moved()
    {
        Workspace pooled = Workspace.Pooled();
        Tensor evaluated = null!;
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(Target.FromGradient(2, x => new LogDensityAndGradient(-0.5 * (evaluated = x).Square().Sum(1), -x)), new LangevinSettings(1.5));
        LangevinState state = kernel.Initialize(Start(2).CopyTo(pooled));
        int inPlace = 0;
        for (int step = 0; step < Steps; step++)
        {
            Transition<LangevinState> next = kernel.Transition(new NoiseSource(RandomKey.FromSeed(3), step, Rows, pooled), state);
            bool disagree = next.Info.Accepted!.ToArray().Distinct().Count() == 2;
            Assert.True(next.KeepsFinite);
            Assert.True(!disagree || ReferenceEquals(next.State.Position, evaluated));
            inPlace += disagree ? 1 : 0;
            state = next.State;
            pooled.Collect(0, state.Position, state.LogDensity, state.Gradient);
        }

        Assert.True(inPlace > Steps / 4);
    }

    private static Tensor Start(int dimension) => NoiseSource.OfStart(RandomKey.FromSeed(5), Rows, Workspace.Default).Normal(9, dimension, DType.Float64);

    private static void AssertSameBits(Target target)
    {
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(target, new LangevinSettings(1.5));
        Workspace pooled = Workspace.Pooled();
        LangevinState expected = kernel.Initialize(Start(target.Dimension));
        LangevinState actual = kernel.Initialize(Start(target.Dimension).CopyTo(pooled));
        for (int step = 0; step < Steps; step++)
        {
            LangevinState before = actual;
            double[] position = before.Position.ToArray();
            expected = kernel.Transition(new NoiseSource(RandomKey.FromSeed(3), step, Rows, Workspace.Default), expected).State;
            actual = kernel.Transition(new NoiseSource(RandomKey.FromSeed(3), step, Rows, pooled), before).State;
            Assert.Equal(position, before.Position.ToArray());
            Assert.Equal(expected.Position.ToArray(), actual.Position.ToArray());
            Assert.Equal(expected.LogDensity.ToArray(), actual.LogDensity.ToArray());
            Assert.Equal(expected.Gradient.ToArray(), actual.Gradient.ToArray());
            pooled.Collect(0, actual.Position, actual.LogDensity, actual.Gradient);
        }
    }
}
