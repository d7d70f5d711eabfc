using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Targets;

/// <summary>Densities against closed formulas in other arithmetic, gradients against differences, and what a target refuses.</summary>
public sealed class TargetTests
{
    [Fact]
    public void A_dense_Gaussian_is_normalised_and_its_gradient_is_minus_A_times_the_deviation() => Generated.ForAll(GaussianProblem.All, p =>
    {
        Tensor x = p.Positions();
        LogDensityAndGradient found = p.Target.Evaluate(x);
        for (int i = 0; i < x.Shape[0]; i++)
        {
            Vector<double> deviation = GaussianProblem.ToMatrix(x).Row(i) - p.Mean;
            double expected = (-0.5 * (deviation * p.Precision * deviation)) + (0.5 * (p.Precision.Cholesky().DeterminantLn - (p.Dimension * Math.Log(2 * Math.PI))));
            Assert.True(Math.Abs(found.LogDensity.ElementAt(i) - expected) <= 1e-12 * (1 + Math.Abs(expected) + (deviation.L2Norm() * p.Precision.L2Norm() * p.Mean.L2Norm())));
            double scale = p.Precision.L2Norm() * (1 + deviation.L2Norm() + p.Mean.L2Norm());
            Assert.True((GaussianProblem.ToMatrix(found.Gradient).Row(i) + (p.Precision * deviation)).AbsoluteMaximum() <= 1e-13 * scale);
        }
    });

    [Fact]
    public void Diagonal_and_standard_are_cases_of_dense() => Generated.ForAll(GaussianProblem.All, p =>
    {
        Tensor mean = Tensor.FromArray(p.Mean.ToArray());
        Tensor diagonal = Tensor.FromArray(p.Precision.Diagonal().ToArray());
        Tensor x = p.Positions();
        AssertSame(GaussianTarget.Dense(mean, Tensor.Diagonal(diagonal)).Evaluate(x), GaussianTarget.Diagonal(mean, diagonal).Evaluate(x));
        AssertSame(
            GaussianTarget.Standard(p.Dimension).Evaluate(x),
            GaussianTarget.Diagonal(Tensor.Zeros(new Shape(p.Dimension), DType.Float64), Tensor.Ones(new Shape(p.Dimension), DType.Float64)).Evaluate(x));
    });

    [Fact]
    public void A_gradient_by_differentiation_is_the_one_by_hand_and_the_slope()
    {
        foreach (Target target in SampleTargets.All)
        {
            Tensor x = GaussianProblem.Noise(9, 4, target.Dimension);
            Tensor gradient = target.Evaluate(x).Gradient;
            for (int i = 0; i < target.Dimension; i++)
            {
                Tensor step = 1e-5 * Tensor.Identity(target.Dimension, DType.Float64).Slice(0, i, 1);
                Tensor slope = (target.Evaluate(x + step).LogDensity - target.Evaluate(x - step).LogDensity) / 2e-5;
                double gap = (slope - gradient.Slice(1, i, 1).Flatten()).Abs().Max(0).ToDouble();
                Assert.True(gap < 1e-6, $"{target.Name}, coordinate {i}: {gap}");
            }
        }
    }

    [Fact]
    public void A_row_depends_on_that_row_alone()
    {
        foreach (Target target in SampleTargets.All)
        {
            Tensor x = GaussianProblem.Noise(10, 7, target.Dimension);
            LogDensityAndGradient all = target.Evaluate(x);
            LogDensityAndGradient one = target.Evaluate(x.Slice(0, 4, 1));
            Assert.Equal(all.LogDensity.ElementAt(4), one.LogDensity.ElementAt(0));
            Assert.Equal(all.Gradient.Slice(0, 4, 1).ToArray(), one.Gradient.ToArray());
        }
    }

    [Fact]
    public void Parameters_that_make_no_Gaussian_are_refused()
    {
        Tensor mean = Tensor.FromArray([0.0, 1]);
        Tensor symmetric = Tensor.FromArray([2.0, 1, 1, 2], 2, 2);
        Assert.Throws<ArgumentException>(() => GaussianTarget.Dense(mean, Tensor.FromArray([2.0, 1, 0, 2], 2, 2)));
        Assert.Throws<ArgumentException>(() => GaussianTarget.Dense(mean, Tensor.Identity(3, DType.Float64)));
        Assert.Throws<ArgumentException>(() => GaussianTarget.Dense(mean.Cast(DType.Float32), symmetric));
        Assert.ThrowsAny<ArithmeticException>(() => GaussianTarget.Dense(mean, Tensor.FromArray([1.0, 2, 2, 1], 2, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianTarget.Dense(Tensor.FromArray([0, double.NaN]), symmetric));
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianTarget.Diagonal(mean, Tensor.FromArray([1.0, -1])));
        Assert.Throws<ArgumentException>(() => GaussianTarget.Diagonal(mean, Tensor.FromArray([1f, 1])));
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianTarget.Standard(0));
    }

    [Fact]
    public void Positions_and_results_of_another_shape_or_type_are_refused()
    {
        Target target = GaussianTarget.Standard(2);
        Assert.Throws<ArgumentException>(() => target.Evaluate(Tensor.Zeros(new Shape(2), DType.Float64)));
        Assert.Throws<ArgumentException>(() => target.Evaluate(Tensor.Zeros(new Shape(4, 3), DType.Float64)));
        Assert.Throws<ArgumentException>(() => target.Evaluate(Tensor.Zeros(new Shape(4, 2), DType.Float32)));
        Tensor x = Tensor.Zeros(new Shape(4, 2), DType.Float64);
        Assert.Throws<ArgumentException>(() => Target.FromFunction(2, y => y.Sum()).Evaluate(x));
        Assert.Throws<ArgumentException>(() => Target.FromGradient(2, y => new LogDensityAndGradient(y.Sum(1), y.Sum(1))).Evaluate(x));
        Assert.Throws<ArgumentException>(() => Target.FromGradient(2, y => new LogDensityAndGradient(y.Sum(1).Cast(DType.Float32), y)).Evaluate(x));
    }

    private static void AssertSame(LogDensityAndGradient a, LogDensityAndGradient b)
    {
        double scale = 1 + a.LogDensity.Abs().Max(0).ToDouble() + a.Gradient.Abs().Flatten().Max(0).ToDouble();
        Assert.True((a.LogDensity - b.LogDensity).Abs().Max(0).ToDouble() <= 1e-13 * scale);
        Assert.True((a.Gradient - b.Gradient).Abs().Flatten().Max(0).ToDouble() <= 1e-13 * scale);
    }
}
