using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>
/// The pointwise laws of the Barker proposal: the chance of each direction and the acceptance are read off the kernel's decisions, and compared with the closed density of the proposal, written here in plain
/// numbers, in whitened coordinates z with y = x + S z.
/// </summary>
public sealed class BarkerTests
{
    private const int Points = 6;

    private static readonly Gen<BarkerCase> Cases =
        from target in Gen.Elements(SampleTargets.All)
        from logStep in Gen.Choose(-2000, 0)
        from hot in Gen.Elements(-1, 1)
        from logTemperature in Gen.Choose(100, 500)
        from kind in Gen.Elements(PreconditionerKind.Identity, PreconditionerKind.Diagonal, PreconditionerKind.Dense)
        from seed in Gen.Choose(0, 1_000_000)
        select new BarkerCase(target, Math.Pow(10, logStep / 1000.0), Math.Pow(10, hot * logTemperature / 1000.0), kind, seed);

    [Fact]
    [Proves("I-18", "Barker")]
    public void I18_the_reported_ratio_is_the_formula() => Generated.ForAll(Cases, c =>
    {
        BarkerMove move = c.Move(c.Kernel);
        for (int i = 0; i < Points; i++)
        {
            Assert.True(Math.Abs(move.Reported[i] - move.Ratio(i)) <= 1e-12 * move.Scale(i), $"{move.Reported[i]:R} for {move.Ratio(i):R}");
        }
    });

    [Fact]
    [Proves("I-15", "Barker")]
    public void I15_the_reported_ratio_is_antisymmetric() => Generated.ForAll(Cases, c =>
    {
        BarkerMove there = c.Move(c.Kernel);
        BarkerMove back = there.Back(c.Kernel);
        for (int i = 0; i < Points; i++)
        {
            Assert.True(Math.Abs(there.Reported[i] + back.Reported[i]) <= 1e-11 * there.Scale(i));
        }
    });

    [Fact]
    [Proves("I-16", "Barker")]
    public void I16_detailed_balance_of_the_decisions_with_the_closed_proposal_density() => Generated.ForAll(
        Cases,
        c =>
        {
            BarkerMove there = c.Move(c.Kernel);
            double[] gaps = there.FluxGaps(c.Kernel);
            Assert.True(gaps.Max() <= 1e-11, $"off by {gaps.Max():G3}");
        },
        40);

    [Fact]
    [Proves("I-16", "Barker")]
    public void I16_each_direction_is_taken_with_the_probability_that_the_density_says() => Generated.ForAll(
        Cases,
        c =>
        {
            Matrix<double> chance = DirectionChances(c.Kernel, c.Positions(), c.Noise());
            BarkerMove move = c.Move(c.Kernel);
            Matrix<double> w = Math.Sqrt(2 * c.StepSize * c.Temperature) * ToMatrix(c.Noise());
            for (int i = 0; i < Points; i++)
            {
                for (int j = 0; j < c.Target.Dimension; j++)
                {
                    Assert.Equal(1 / (1 + Math.Exp(-w[i, j] * move.Here[i, j])), chance[i, j], 1e-11);
                }
            }
        },
        30);

    [Fact]
    [Proves("I-19", "Barker")]
    public void I19_the_proposal_density_read_off_the_directions_integrates_to_1() => Generated.ForAll(
        Cases.Where(c => c.StepSize < 0.3),
        c =>
        {
            // one coordinate at a time: q(z) = φ(z) [P(+ | w = z) + P(− | w = −z)], by the trapezoidal rule on ±9 deviations
            const int Half = 900;
            int d = c.Target.Dimension;
            Tensor grid = Tensor.FromArray([.. Enumerable.Range(-Half, (2 * Half) + 1).Select(i => 0.01 * i)]).Reshape((2 * Half) + 1, 1).BroadcastTo(new Shape((2 * Half) + 1, d));
            Tensor from = c.Positions().GatherRows(new int[(2 * Half) + 1]);
            Matrix<double> chance = DirectionChances(c.Kernel, from, grid);
            for (int j = 0; j < d; j++)
            {
                double integral = 0;
                for (int i = -Half; i <= Half; i++)
                {
                    double normal = Math.Exp(-0.5 * (0.01 * i) * (0.01 * i)) / Math.Sqrt(2 * Math.PI);
                    // at 0 the direction does not matter
                    double directed = i == 0 ? 1 : chance[i + Half, j] + (1 - chance[-i + Half, j]);
                    integral += 0.01 * normal * directed;
                }

                Assert.Equal(1, integral, 1e-9);
            }
        },
        4);

    [Fact]
    [Proves("I-20", "Barker", "MALA")]
    public void I20_the_mean_of_the_acceptance_ratio_is_1_by_quadrature()
    {
        // in one dimension, without draws: E over x ~ π^(1/T) and y ~ q(x, ·) of exp r is ∫∫ π(y) q(y, x) = 1
        const double T = 1.6;
        LangevinSettings settings = new(0.1, T);
        Target target = Target.FromGradient(1, x => new LogDensityAndGradient(x.Square().Square().Sum(1) * -0.25, -(x.Square() * x)), name: "quartic");
        Assert.Equal(1, Mean(Barker.Create(target, settings), z => ("uniformSigns", Tensor.Full(1e-300, z.Shape, DType.Float64)), true), 1e-9);
        Assert.Equal(1, Mean(MetropolisLangevin.Create(target, settings), null, false), 1e-9);

        static double Mean(Kernel<LangevinState> kernel, Func<Tensor, (string, Tensor)>? signs, bool isDirected)
        {
            double[] xs = [.. Enumerable.Range(-80, 161).Select(i => 0.06 * i)];
            double[] noises = [.. Enumerable.Range(-280, 561).Select(i => 0.05 * i)];
            Tensor x = Tensor.FromArray([.. xs.SelectMany(value => Enumerable.Repeat(value, noises.Length))], xs.Length * noises.Length, 1);
            Tensor xi = Tensor.FromArray([.. xs.SelectMany(_ => noises)], xs.Length * noises.Length, 1);
            TensorTree leaves = TensorTree.Of(("xi", xi), ("uniform", Tensor.Full(0.5, new Shape(x.Shape[0]), DType.Float64)));
            leaves = signs is null ? leaves : TensorTree.Of([("xi", xi), signs(xi), ("uniform", leaves["uniform"])]);
            LangevinState start = kernel.Initialize(x);
            double[] ratio = (-kernel.Advance(new Noise(leaves), start).Info.EnergyError!).ToArray();
            double[] density = (start.LogDensity * (1 / T)).Exp().ToArray();
            double[] gradient = start.Gradient.ToArray();
            double[] noise = xi.ToArray();
            double sum = 0;
            double norm = 0;
            for (int i = 0; i < ratio.Length; i++)
            {
                double z = Math.Sqrt(2 * 0.1 * T) * noise[i];
                double weight = density[i] * Math.Exp(-0.5 * noise[i] * noise[i]);
                norm += weight;
                sum += weight * Math.Exp(ratio[i]) * (isDirected ? 2 / (1 + Math.Exp(-z * gradient[i] / T)) : 1);
            }

            return sum / norm;
        }
    }

    [Fact]
    [Proves("I-26", "Barker")]
    public void I26_on_a_flat_target_it_always_accepts_a_plain_random_walk() => Generated.ForAll(Cases, c =>
    {
        Target flat = Target.FromGradient(c.Target.Dimension, x => new LogDensityAndGradient(Tensor.Full(1.5, new Shape(x.Shape[0]), x.DType), Tensor.Zeros(x.Shape, x.DType)));
        BarkerCase on = c with { Target = flat };
        Transition<LangevinState> next = on.Advance(on.Kernel, on.Positions(), on.Noise(), GaussianProblem.Noise(c.Seed, Points, flat.Dimension) * 0 + 0.49, double.BitDecrement(1));
        Assert.All(next.Info.EnergyError!.ToArray(), error => Assert.Equal(0, error));
        Assert.All(next.Info.Accepted!.ToArray(), accepted => Assert.Equal(1, accepted));
        Tensor walk = on.Settings.Preconditioner.ApplyRoot(on.Noise()) * Math.Sqrt(2 * c.StepSize * c.Temperature);
        Assert.True((next.State.Position - on.Positions() - walk).Abs().Flatten().Max(0).ToDouble() < 1e-12);
    });

    [Fact]
    public void However_steep_the_target_moves_are_bounded_and_ratios_finite()
    {
        // a gradient of 1e9: e^1e9 is not a number, its softplus is
        Target steep = Target.FromGradient(2, x => new LogDensityAndGradient(x.Square().Sum(1) * -5e8, x * -1e9));
        Kernel<LangevinState> kernel = Barker.Create(steep, new LangevinSettings(0.5, 1.3));
        Tensor x = Noise(1, 50, 2);
        Transition<LangevinState> next = kernel.Transition(new NoiseSource(RandomKey.FromSeed(1), 0, Chains.Range(50), Workspace.Default), kernel.Initialize(x));
        Assert.All(next.Info.EnergyError!.ToArray(), value => Assert.True(double.IsFinite(value)));
        Assert.True((next.State.Position - x).Abs().Flatten().Max(0).ToDouble() < 10 * Math.Sqrt(1.3));
        Assert.Contains(1.0, next.Info.Accepted!.ToArray());
    }

    [Fact]
    public void As_the_step_vanishes_the_mean_move_is_that_of_ULA() => Generated.ForAll(
        Cases,
        c =>
        {
            // E z_i = E |w| (2 P(+) − 1) → σ² c_i/2, of which S makes h P ∇log π; by quadrature over w
            BarkerCase small = c with { StepSize = 1e-8 };
            BarkerMove move = small.Move(small.Kernel);
            double sigma = Math.Sqrt(2 * small.StepSize * small.Temperature);
            Matrix<double> mean = move.Here.Map(g => Enumerable.Range(-600, 1201).Sum(i => 0.02 * i * sigma * 0.02 * Math.Exp(-0.5 * 0.02 * i * 0.02 * i) / Math.Sqrt(2 * Math.PI) * ((2 / (1 + Math.Exp(-0.02 * i * sigma * g))) - 1)));
            Matrix<double> drift = small.StepSize * ToMatrix(small.Target.Evaluate(small.Positions()).Gradient) * small.Preconditioner;
            Assert.True(Gap(mean * small.Preconditioner.Cholesky().Factor.Transpose(), drift) < 1e-3);
        },
        20);

    [Fact]
    public void Temperature_0_has_no_acceptance_ratio_and_a_preconditioner_must_fit()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Barker.Create(SampleTargets.Quartic(2), new LangevinSettings(0.1, 0)));
        Assert.Throws<ArgumentException>(() => Barker.Create(SampleTargets.Quartic(2), new LangevinSettings(0.1, 1, Preconditioner.Diagonal(Tensor.FromArray([1.0])))));
    }

    /// <summary>The probability with which each coordinate keeps the sign of its noise, as the uniform at which it ceases to, by bisection; every proposal is accepted.</summary>
    internal static Matrix<double> DirectionChances(Kernel<LangevinState> kernel, Tensor position, Tensor xi)
    {
        int d = kernel.Dimension;
        int count = position.Shape[0] * d;
        double[] low = new double[count];
        double[] high = [.. Enumerable.Repeat(1.0, count)];

        // with every direction kept and with every direction flipped, in whitened coordinates: a coordinate of S⁻¹ (y − x) has the sign of the noise, or not
        Matrix<double> kept = Moved(Tensor.Zeros(xi.Shape, DType.Float64));
        Matrix<double> root = kept.RowCount >= d ? RootOf(kernel, position.Slice(0, 0, 1)) : throw new InvalidOperationException("Too few points.");
        Matrix<double> inverse = root.Inverse().Transpose();
        for (int round = 0; round < 45; round++)
        {
            double[] middle = [.. low.Zip(high, (a, b) => 0.5 * (a + b))];
            Matrix<double> z = Moved(Tensor.FromArray(middle, position.Shape[0], d)) * inverse;
            double[] noise = xi.ToArray();
            for (int i = 0; i < count; i++)
            {
                (z[i / d, i % d] * noise[i] > 0 ? ref low[i] : ref high[i]) = middle[i];
            }
        }

        return Matrix<double>.Build.DenseOfRowMajor(position.Shape[0], d, low);

        Matrix<double> Moved(Tensor signs) => ToMatrix(BarkerCase.Propose(kernel, position, xi, signs) - position);
    }

    /// <summary>S up to a factor: what each unit noise moves where every direction is kept.</summary>
    private static Matrix<double> RootOf(Kernel<LangevinState> kernel, Tensor point)
    {
        int d = kernel.Dimension;
        Tensor from = point.GatherRows(new int[d]);
        Tensor unit = Tensor.Identity(d, DType.Float64);
        return ToMatrix(BarkerCase.Propose(kernel, from, unit, unit * 0) - from).Transpose();
    }
}
