using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Kernels;

/// <summary>Combinators as exact maps, and what they say about their parts.</summary>
public sealed class CombinatorsTests
{
    private static readonly Target Quartic = SampleTargets.Quartic(2);

    [Fact]
    public void I11_a_composition_is_the_product_of_the_affine_maps() => Generated.ForAll(
        GaussianProblem.All,
        p =>
        {
            Kernel<LangevinState> first = p.Unadjusted;
            Kernel<LangevinState> second = UnadjustedLangevin.Create(p.Target, p.SettingsAt(p.StepSize / 3));
            AffineMap both = AffineMap.ReadOff(Combinators.Compose(first, second));
            Matrix<double> third = Matrix<double>.Build.DenseIdentity(p.Dimension) - (p.StepSize / 3 * p.Preconditioner * p.Precision);
            Matrix<double> noise = (third * p.NoiseCovariance * third.Transpose()) + (p.NoiseCovariance / 3);
            Assert.True(GaussianProblem.Gap(GaussianProblem.ToMatrix(both.NoiseCovariance()), noise) < 1e-11);
            Assert.True((GaussianProblem.ToMatrix(both.State) - (third * p.Drift)).Enumerate().Max(Math.Abs) < 1e-11);
            Assert.Equal(2 * p.Dimension, both.Noise.Shape[1]);
        },
        40);

    [Fact]
    public void Repetition_is_a_power_of_the_affine_map() => Generated.ForAll(
        GaussianProblem.All,
        p =>
        {
            AffineMap four = AffineMap.ReadOff(p.Unadjusted.Repeat(4));
            AffineMap one = AffineMap.ReadOff(p.Unadjusted);
            Tensor none = Tensor.Zeros(new Shape(p.Dimension, p.Dimension), DType.Float64);
            Assert.True(GaussianProblem.Gap(GaussianProblem.ToMatrix(four.NoiseCovariance()), GaussianProblem.ToMatrix(StationaryLaw.CovarianceAfter(one, none, 4))) < 1e-10);
            Assert.True((GaussianProblem.ToMatrix(four.State) - p.Drift.Power(4)).Enumerate().Max(Math.Abs) < 1e-11);
        },
        40);

    [Fact]
    public void Parts_draw_noise_of_their_own()
    {
        Kernel<LangevinState> kernel = UnadjustedLangevin.Create(Quartic, new LangevinSettings(0.1));
        Noise composed = Draw(Combinators.Compose(kernel, kernel));
        Noise repeated = Draw(kernel.Repeat(2));
        double[][] leaves = [.. composed.Flatten().Concat(repeated.Flatten()).Select(leaf => leaf.Value.ToArray())];
        Assert.Equal(4, leaves.Select(leaf => leaf[0]).Distinct().Count());
        Assert.Equal(["0.xi", "1.xi"], composed.Flatten().Select(leaf => leaf.Key));
    }

    [Fact]
    public void Info_adds_gradients_averages_acceptance_and_keeps_every_divergence()
    {
        // finite at the start only, so that every proposal diverges
        Target cliff = Target.FromGradient(
            1,
            x => new LogDensityAndGradient(
                Elementwise.Choose(Elementwise.Greater(x.Abs(), Tensor.Full(1e-9, x.Shape, x.DType)), Tensor.Full(double.NaN, x.Shape, x.DType), -x.Square()).Sum(1), -2 * x));
        LangevinSettings settings = new(0.1);
        Kernel<LangevinState> adjusted = MetropolisLangevin.Create(cliff, settings);
        StepInfo twice = Step(adjusted.Repeat(2));
        Assert.Equal(2, twice.GradientCount);
        Assert.Equal([0], twice.AcceptanceProbability!.ToArray());
        Assert.Equal([1], twice.Divergent!.ToArray());

        // an unadjusted part reports nothing about divergence, and hides none
        Kernel<LangevinState> still = UnadjustedLangevin.Create(Target.FromGradient(1, x => cliff.Evaluate(x * 0)), new LangevinSettings(1e-30));
        Assert.Equal([1], Step(Combinators.Compose(adjusted, still)).Divergent!.ToArray());
        Assert.Null(Step(Combinators.Compose(still, still)).Divergent);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Kernel<LangevinState> two = UnadjustedLangevin.Create(Quartic, new LangevinSettings(0.1));
        Kernel<LangevinState> three = UnadjustedLangevin.Create(SampleTargets.Quartic(3), new LangevinSettings(0.1));
        Assert.Throws<ArgumentException>(() => Combinators.Compose(two, three));
        Assert.Throws<ArgumentOutOfRangeException>(() => two.Repeat(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => two.Thin(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Kernel<LangevinState>("none", 0, DType.Float64, two.Initialize, two.Refresh, two.DrawNoise, two.Advance));
        Assert.Throws<ArgumentException>(() => Chains.Of(0, 0));
        Assert.Throws<ArgumentException>(() => Chains.Of(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Chains.Range(0));
    }

    private static Noise Draw(Kernel<LangevinState> kernel) => kernel.DrawNoise(new NoiseSource(RandomKey.FromSeed(3), 2, Chains.Range(4), Workspace.Default));

    private static StepInfo Step(Kernel<LangevinState> kernel) => kernel.Transition(
        new NoiseSource(RandomKey.FromSeed(3), 0, Chains.Range(1), Workspace.Default), kernel.Initialize(Tensor.Zeros(new Shape(1, 1), DType.Float64))).Info;
}
