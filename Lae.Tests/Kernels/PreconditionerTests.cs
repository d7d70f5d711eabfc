using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Kernels;

/// <summary>P, its root and its quadratic form belong together; what is no preconditioner is refused.</summary>
public sealed class PreconditionerTests
{
    [Fact]
    public void The_root_times_its_transpose_is_the_matrix() => Generated.ForAll(GaussianProblem.All, p =>
    {
        Tensor unit = Tensor.Identity(p.Dimension, DType.Float64);
        Preconditioner preconditioner = p.Settings.Preconditioner;
        // rows of the result are S e_i: the transpose of S
        Matrix<double> root = GaussianProblem.ToMatrix(preconditioner.ApplyRoot(unit)).Transpose();
        Assert.True(GaussianProblem.Gap(root * root.Transpose(), p.Preconditioner) < 1e-12);
        Assert.True(GaussianProblem.Gap(GaussianProblem.ToMatrix(preconditioner.Apply(unit)), p.Preconditioner) < 1e-14);
        Tensor v = p.Positions();
        double[] forms = preconditioner.QuadraticForm(v).ToArray();
        for (int i = 0; i < forms.Length; i++)
        {
            Vector<double> row = GaussianProblem.ToMatrix(v).Row(i);
            Assert.Equal(1, forms[i] / (row * p.Preconditioner * row), 1e-11);
        }
    });

    [Fact]
    public void A_matrix_that_is_not_symmetric_positive_definite_and_finite_is_refused()
    {
        // the factorization reads one triangle: without the check, drift and noise would use different matrices
        Assert.Throws<ArgumentException>(() => Preconditioner.Dense(Tensor.FromArray([2.0, 1, 0, 2], 2, 2)));
        Assert.Throws<ArgumentException>(() => Preconditioner.Dense(Tensor.FromArray([2.0, 1, 0, 2, 1, 1], 3, 2)));
        Assert.ThrowsAny<ArithmeticException>(() => Preconditioner.Dense(Tensor.FromArray([1.0, 2, 2, 1], 2, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Preconditioner.Dense(Tensor.FromArray([1.0, double.NaN, double.NaN, 1], 2, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Preconditioner.Diagonal(Tensor.FromArray([1.0, 0])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Preconditioner.Diagonal(Tensor.FromArray([double.PositiveInfinity])));
        Assert.Throws<ArgumentException>(() => Preconditioner.Diagonal(Tensor.Identity(2, DType.Float64)));
    }

    [Fact]
    public void One_that_does_not_fit_the_target_is_refused_when_the_kernel_is_made()
    {
        Target target = GaussianTarget.Standard(3);
        foreach (Tensor diagonal in (Tensor[])[Tensor.FromArray([2.0]), Tensor.FromArray([1.0, 2]), Tensor.FromArray([1f, 2, 3])])
        {
            LangevinSettings settings = new(0.1, 1, Preconditioner.Diagonal(diagonal));
            Assert.Throws<ArgumentException>(() => UnadjustedLangevin.Create(target, settings));
            Assert.Throws<ArgumentException>(() => MetropolisLangevin.Create(target, settings));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-0.1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(0.1, -1)]
    [InlineData(0.1, double.NaN)]
    [InlineData(0.1, double.PositiveInfinity)]
    public void Settings_outside_their_ranges_are_refused(double stepSize, double temperature) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LangevinSettings(stepSize, temperature));
}
