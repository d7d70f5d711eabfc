using Lae.Kernels;
using Lae.Numerics;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>The O substep: an exact Ornstein–Uhlenbeck transition for any friction, temperature, mass and time.</summary>
public sealed class OrnsteinUhlenbeckTests
{
    [Fact]
    [Proves("I-35", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I35_semigroup_two_times_are_their_sum() => Generated.ForAll(UnderdampedProblem.All, p =>
    {
        (double s, double t) = (0.7 * p.StepSize, 1.9 * p.StepSize);
        (double cs, Matrix<double> qs) = Law(p, s);
        (double ct, Matrix<double> qt) = Law(p, t);
        (double both, Matrix<double> q) = Law(p, s + t);
        Assert.Equal(both, cs * ct, 1e-14);
        Assert.True(Gap((ct * ct * qs) + qt, q) < 1e-13);
    });

    [Fact]
    [Proves("I-10", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    [Proves("I-35", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I10_I35_the_exact_transition_keeps_the_thermal_law() => Generated.ForAll(UnderdampedProblem.All, p =>
    {
        (double c, Matrix<double> q) = Law(p, p.StepSize);
        Matrix<double> thermal = p.Temperature * p.Mass;
        Assert.Equal(Math.Exp(-p.Damping), c, 1e-15);
        Assert.True(Gap((c * c * thermal) + q, thermal) < 1e-12);
    });

    [Fact]
    [Proves("I-35", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void I35_it_is_a_rotation_of_velocity_and_noise_and_turns_back() => Generated.ForAll(UnderdampedProblem.All, p =>
    {
        Tensor xi = Noise(p.Seed + 5, 4, p.Dimension);
        Tensor momentum = Noise(p.Seed + 6, 4, p.Dimension);
        Matrix<double> v = Whitened(p, momentum);
        Tensor moved = UnderdampedSubsteps.OrnsteinUhlenbeck(momentum, xi, p.Settings, p.StepSize);
        double c = Math.Exp(-p.Damping);
        double s = Math.Sqrt(-Math.Exp(-2 * p.Damping) + 1);
        Matrix<double> left = (s * v) - (c * ToMatrix(xi));
        Matrix<double> turned = Whitened(p, moved);
        for (int i = 0; i < v.RowCount; i++)
        {
            double before = Square(v.Row(i)) + Square(ToMatrix(xi).Row(i));
            Assert.Equal(1, (Square(turned.Row(i)) + Square(left.Row(i))) / before, 1e-12);
        }

        // reversible: the noise that was turned out leads back
        Tensor back = UnderdampedSubsteps.OrnsteinUhlenbeck(moved, ToTensor(left), p.Settings, p.StepSize);
        Assert.True(Gap(ToMatrix(back), ToMatrix(momentum)) < 1e-11);

        static double Square(Vector<double> x) => x * x;
    });

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    public void Extreme_frictions_lose_no_digit(double friction)
    {
        UnderdampedSettings settings = new(1, friction, 2.5);
        double noise = UnderdampedSubsteps.OrnsteinUhlenbeck(Tensor.Zeros(new Shape(1, 1), DType.Float64), Tensor.Ones(new Shape(1, 1), DType.Float64), settings, 1).ToArray()[0];
        Assert.Equal(1, noise / Math.Sqrt(2.5 * (friction < 1 ? 2 * friction : 1)), 1e-11);
    }

    [Fact]
    public void No_friction_or_no_time_leaves_every_bit()
    {
        Tensor momentum = Noise(1, 4, 3);
        Assert.Equal(momentum.ToArray(), UnderdampedSubsteps.OrnsteinUhlenbeck(momentum, Noise(2, 4, 3), new UnderdampedSettings(1, 0, 2), 1).ToArray());
        Assert.Equal(momentum.ToArray(), UnderdampedSubsteps.OrnsteinUhlenbeck(momentum, Noise(2, 4, 3), new UnderdampedSettings(1, 3, 2), 0).ToArray());
    }

    /// <summary>c and the covariance of the noise, read off the substep.</summary>
    private static (double C, Matrix<double> NoiseCovariance) Law(UnderdampedProblem p, double time)
    {
        Tensor unit = Tensor.Identity(p.Dimension, DType.Float64);
        Matrix<double> damping = ToMatrix(UnderdampedSubsteps.OrnsteinUhlenbeck(unit, unit * 0, p.Settings, time));
        Matrix<double> root = ToMatrix(UnderdampedSubsteps.OrnsteinUhlenbeck(unit * 0, unit, p.Settings, time)).Transpose();
        Assert.True((damping - (damping[0, 0] * Matrix<double>.Build.DenseIdentity(p.Dimension))).Enumerate().All(value => value == 0));
        return (damping[0, 0], root * root.Transpose());
    }

    /// <summary>R⁻¹ p / √T of every row.</summary>
    private static Matrix<double> Whitened(UnderdampedProblem p, Tensor momentum) =>
        p.Mass.Cholesky().Factor.Solve(ToMatrix(momentum).Transpose()).Transpose() / Math.Sqrt(p.Temperature);
}
