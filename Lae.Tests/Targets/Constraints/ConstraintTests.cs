using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Targets.Constraints;

/// <summary>Transforms stay in their range, come back, and have the Jacobian that central differences find.</summary>
public sealed class ConstraintTests
{
    private static readonly (Constraint Constraint, int Size, Func<double[], bool> Contains, int[] Free)[] All =
    [
        (Constraint.None, 3, _ => true, [0, 1, 2]),
        (Constraint.Positive, 2, x => x.All(value => value > 0), [0, 1]),
        (Constraint.Above(-1.5), 2, x => x.All(value => value > -1.5), [0, 1]),
        (Constraint.Interval(-2, 0.5), 3, x => x.All(value => value is > -2 and < 0.5), [0, 1, 2]),
        (Constraint.Ordered, 4, x => x.Zip(x.Skip(1)).All(pair => pair.First < pair.Second), [0, 1, 2, 3]),
        (Constraint.Simplex, 4, x => x.All(value => value > 0) && Math.Abs(x.Sum() - 1) < 1e-12, [0, 1, 2]),
        (Constraint.CorrelationCholesky, 16, IsFactor, [4, 8, 9, 12, 13, 14]),
    ];

    [Fact]
    public void Values_are_in_range_and_come_back() => Generated.ForAll(Gen.Choose(0, 1_000_000), seed =>
    {
        foreach ((Constraint constraint, int size, Func<double[], bool> contains, _) in All)
        {
            int coordinates = constraint.Coordinates(size);
            Tensor u = GaussianProblem.Noise(seed, 1, coordinates) * 1.5;
            double[] x = constraint.Constrain(u).Value.ToArray();
            Assert.Equal(size, x.Length);
            Assert.True(contains(x), $"{constraint}: {string.Join(", ", x)}");
            Assert.All(u.ToArray().Zip(constraint.Unconstrain(x)), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
        }
    });

    [Fact]
    public void The_Jacobian_is_that_of_the_transform() => Generated.ForAll(
        Gen.Choose(0, 1_000_000),
        seed =>
        {
            foreach ((Constraint constraint, int size, _, int[] free) in All)
            {
                int coordinates = constraint.Coordinates(size);
                double[] u = (GaussianProblem.Noise(seed, 1, coordinates) * 1.2).ToArray();
                Matrix<double> jacobian = Matrix<double>.Build.Dense(free.Length, coordinates, (i, j) => (At(j, 1e-5)[free[i]] - At(j, -1e-5)[free[i]]) / 2e-5);
                Assert.Equal(Math.Log(Math.Abs(jacobian.Determinant())), constraint.Constrain(Tensor.FromArray(u, 1, coordinates)).LogJacobian.ToArray()[0], 1e-6);

                double[] At(int coordinate, double step)
                {
                    double[] moved = (double[])u.Clone();
                    moved[coordinate] += step;
                    return constraint.Constrain(Tensor.FromArray(moved, 1, coordinates)).Value.ToArray();
                }
            }
        },
        20);

    [Fact]
    public void A_model_over_constrained_parameters_is_its_density_with_the_Jacobian()
    {
        Posterior generic = ParameterSpace.Posterior(
            [new Parameter("beta", Constraint.None, 2), new Parameter("sigma", Constraint.Positive)],
            p =>
            {
                Tensor residual = p["beta"].MatMul(Tensor.FromArray([1.0, 1, 1, 0.5, -1, 2], 2, 3)) - Tensor.FromArray([1.0, 0.2, -0.4]);
                return -(residual.Square().Sum(1) / p["sigma"].Square().Sum(1)) * 0.5 - 3 * p["sigma"].Log().Sum(1) - p["sigma"].Sum(1);
            });
        Posterior special = LinearRegression.Create(
            Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 0.5 }, { 1, -1 }, { 1, 2 } }), [1, 0.2, -0.4], [Prior.Flat, Prior.Flat], Prior.Exponential(1));
        Assert.Equal(special.Names, generic.Names);
        Tensor u = GaussianProblem.Noise(3, 4, 3);
        LogDensityAndGradient a = generic.Target.Evaluate(u);
        LogDensityAndGradient b = special.Target.Evaluate(u);
        Assert.All(a.Gradient.ToArray().Zip(b.Gradient.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
        double[] difference = (a.LogDensity - b.LogDensity).ToArray();
        Assert.All(difference, value => Assert.Equal(1.5 * Math.Log(2 * Math.PI), value, 1e-10));
        Assert.Equal(special.Report(u).ToArray(), generic.Report(u).ToArray());
        Assert.Equal([0.5, 1, 0], ParameterSpace.Unconstrain([new Parameter("beta", Constraint.None, 2), new Parameter("sigma", Constraint.Positive)], [[0.5, 1], [1]]));
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Constraint.Interval(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Constraint.Above(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Constraint.Simplex.Coordinates(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Constraint.CorrelationCholesky.Coordinates(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Constraint.Positive.Coordinates(0));
        Assert.Throws<ArgumentException>(() => Constraint.Positive.Unconstrain([0]));
        Assert.Throws<ArgumentException>(() => Constraint.Ordered.Unconstrain([1, 1]));
        Assert.Throws<ArgumentException>(() => Constraint.Simplex.Unconstrain([0.5, 0.6]));
        Assert.Throws<ArgumentException>(() => Constraint.CorrelationCholesky.Unconstrain([1, 0, 0.5, 0.5]));
        Assert.Throws<ArgumentException>(() => ParameterSpace.Posterior([], _ => throw new InvalidOperationException()));
        Posterior unknown = ParameterSpace.Posterior([new Parameter("a", Constraint.None)], p => p["b"].Sum(1));
        Assert.Contains("\"b\"", Assert.Throws<ArgumentException>(() => unknown.Target.Evaluate(Tensor.Zeros(new Shape(1, 1), DType.Float64))).Message, StringComparison.Ordinal);
    }

    private static bool IsFactor(double[] values)
    {
        Matrix<double> factor = Matrix<double>.Build.DenseOfRowMajor(4, 4, values);
        Matrix<double> correlation = factor * factor.Transpose();
        return correlation.Diagonal().All(value => Math.Abs(value - 1) < 1e-12) && factor.Diagonal().All(value => value > 0) && factor.UpperTriangle().Enumerate().Sum(Math.Abs) - factor.Diagonal().Sum() < 1e-12;
    }
}
