using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>The pointwise laws of MALA: its log acceptance ratio against formulas written here in plain numbers, and as a black box.</summary>
public sealed class MetropolisLangevinTests
{
    private const int Points = 6;

    private static readonly Gen<Setting> Settings =
        from target in Gen.Elements(SampleTargets.All)
        from logStep in Gen.Choose(-2500, -300)
        from hot in Gen.Elements(-1, 1)
        from logTemperature in Gen.Choose(100, 700)
        from kind in Gen.Elements(PreconditionerKind.Identity, PreconditionerKind.Diagonal, PreconditionerKind.Dense)
        from seed in Gen.Choose(0, 1_000_000)
        select new Setting(target, Math.Pow(10, logStep / 1000.0), Math.Pow(10, hot * logTemperature / 1000.0), kind, seed);

    [Fact]
    [Proves("I-13", "MALA")]
    [Proves("I-13b", "MALA")]
    public void I13_I13b_ratio_is_the_formula_on_targets_that_are_not_Gaussian() => Generated.ForAll(Settings, s =>
    {
        (LangevinState x, LangevinState y) = s.Pair();
        double[] found = MetropolisLangevin.LogAcceptanceRatio(s.Langevin, x, y).ToArray();
        double h = s.StepSize;
        double t = s.Temperature;
        Matrix<double> p = s.Preconditioner;
        for (int i = 0; i < Points; i++)
        {
            (Vector<double> from, Vector<double> to) = (ToMatrix(x.Position).Row(i), ToMatrix(y.Position).Row(i));
            // gradients of U = −log π
            (Vector<double> gx, Vector<double> gy) = (-ToMatrix(x.Gradient).Row(i), -ToMatrix(y.Gradient).Row(i));
            double[] terms =
            [
                -x.LogDensity.ElementAt(i) / t, y.LogDensity.ElementAt(i) / t, (to - from) * (gx + gy) / (2 * t),
                h / (4 * t) * (gx * (p * gx)), -h / (4 * t) * (gy * (p * gy)),
            ];
            Assert.True(Math.Abs(found[i] - terms.Sum()) <= 1e-12 * (1 + terms.Sum(Math.Abs)));

            // the definition: π(y) q(y→x) / π(x) q(x→y), with q the normal density around x − h P ∇U(x)
            double forward = LogNormal(to - (from - (h * (p * gx))));
            double backward = LogNormal(from - (to - (h * (p * gy))));
            double scale = 1 + Math.Abs(terms[0]) + Math.Abs(terms[1]) + Math.Abs(forward) + Math.Abs(backward);
            Assert.True(Math.Abs(found[i] - (terms[0] + terms[1] + backward - forward)) <= 1e-12 * scale);
        }

        double LogNormal(Vector<double> deviation) => -(deviation * p.Solve(deviation)) / (4 * h * t);
    });

    [Fact]
    [Proves("I-14", "MALA")]
    public void I14_on_a_Gaussian_only_the_squared_gradients_remain() => Generated.ForAll(All, p =>
    {
        (LangevinState x, LangevinState y) = Pair(p.Target, p.Settings, p.Positions(), p.Seed);
        double[] found = MetropolisLangevin.LogAcceptanceRatio(p.Settings, x, y).ToArray();
        for (int i = 0; i < found.Length; i++)
        {
            (Vector<double> dx, Vector<double> dy) = (ToMatrix(x.Position).Row(i) - p.Mean, ToMatrix(y.Position).Row(i) - p.Mean);
            (double sx, double sy) = (Square(p.Precision * dx), Square(p.Precision * dy));
            double factor = p.StepSize / (4 * p.Temperature);
            double energies = (x.LogDensity.Abs().ElementAt(i) + y.LogDensity.Abs().ElementAt(i)) / p.Temperature;
            Assert.True(Math.Abs(found[i] - (factor * (sx - sy))) <= 1e-12 * (1 + energies + (factor * (sx + sy))));
        }

        double Square(Vector<double> g) => g * (p.Preconditioner * g);
    });

    /// <summary>What a runner trusts instead of looking at every number: a ratio is finite only where every number that enters is, so no number that is not gets into a state.</summary>
    [Fact]
    public void What_is_not_finite_is_never_accepted()
    {
        Func<Tensor, Tensor, LogDensityAndGradient>[] spoilt =
        [
            (x, bad) => new LogDensityAndGradient((-0.5 * x.Square().Sum(1)) + bad.Sum(1), -x),
            (x, bad) => new LogDensityAndGradient(-0.5 * x.Square().Sum(1), bad - x),
            (x, bad) => new LogDensityAndGradient((-0.5 * x.Square().Sum(1)) - bad.Sum(1), -bad - x),
        ];
        Preconditioner[] preconditioners = [Preconditioner.Identity, Preconditioner.Diagonal(Tensor.FromArray([0.5, 2.0])), Preconditioner.Dense(Tensor.FromArray([1.0, 0.9, 0.9, 1.0], 2, 2))];
        foreach (Func<Tensor, Tensor, LogDensityAndGradient> evaluate in spoilt)
        {
            foreach (double value in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
            {
                // beyond 0.4 in the first coordinate the second is spoilt
                Target target = Target.FromGradient(2, x => evaluate(x, Tensor.FromArray([.. x.ToArray().Select((_, i) => i % 2 == 1 && x.ElementAt(i - 1) > 0.4 ? value : 0)], x.Shape[0], 2)));
                foreach (Preconditioner preconditioner in preconditioners)
                {
                    Kernel<LangevinState> kernel = MetropolisLangevin.Create(target, new LangevinSettings(0.8, preconditioner: preconditioner));
                    LangevinState state = kernel.Initialize(Tensor.Zeros(new Shape(16, 2), DType.Float64));
                    int moved = 0;
                    for (int step = 0; step < 10; step++)
                    {
                        Transition<LangevinState> next = kernel.Transition(new NoiseSource(RandomKey.FromSeed(11), step, Chains.Range(16), Workspace.Default), state);
                        Assert.True(next.KeepsFinite);
                        next.State.RequireFinite(step + 1);
                        moved += (int)next.Info.Accepted!.Sum().ToDouble();
                        state = next.State;
                    }

                    Assert.InRange(moved, 16, 159);
                }
            }
        }
    }

    [Fact]
    [Proves("I-15", "MALA")]
    public void I15_antisymmetric_to_the_last_digits() => Generated.ForAll(Settings, s =>
    {
        (LangevinState x, LangevinState y) = s.Pair();
        double[] there = MetropolisLangevin.LogAcceptanceRatio(s.Langevin, x, y).ToArray();
        double[] back = MetropolisLangevin.LogAcceptanceRatio(s.Langevin, y, x).ToArray();
        double[] scale = (1 + x.LogDensity.Abs() + y.LogDensity.Abs() + s.Langevin.Preconditioner.QuadraticForm(x.Gradient) + s.Langevin.Preconditioner.QuadraticForm(y.Gradient)).ToArray();
        for (int i = 0; i < there.Length; i++)
        {
            Assert.True(Math.Abs(there[i] + back[i]) <= 1e-12 * scale[i] * (1 + (1 / s.Temperature)));
        }
    });

    [Fact]
    [Proves("I-16", "MALA")]
    public void I16_detailed_balance_as_a_black_box() => Generated.ForAll(
        Settings,
        s =>
        {
            foreach (LawResult law in MetropolisLaws.All(s.Kernel, s.Target, s.Temperature, s.Positions(), s.Noise()))
            {
                law.Require();
            }
        },
        60);

    [Fact]
    [Proves("I-16", "MALA")]
    public void I16_on_Gaussians_with_condition_numbers_up_to_1000() => Generated.ForAll(
        All,
        p =>
        {
            foreach (LawResult law in MetropolisLaws.All(p.Adjusted, p.Target, p.Temperature, p.Positions(), Noise(p.Seed + 9, 5, p.Dimension)))
            {
                law.Require();
            }
        },
        40);

    [Theory]
    [InlineData(0.8)]
    [InlineData(1.65)]
    [InlineData(2.4)]
    [Proves("I-25", "MALA")]
    public void I25_acceptance_in_many_dimensions_is_2_Phi_of_minus_l_cubed_over_8(double l)
    {
        // at stationarity on N(0, I_d) with 2h = l² d^(−1/3)
        const int Dimension = 2000;
        const int ChainCount = 1000;
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(GaussianTarget.Standard(Dimension), new LangevinSettings(l * l / (2 * Math.Cbrt(Dimension))));
        LangevinState start = kernel.Initialize(Noise(25, ChainCount, Dimension));
        StepInfo info = kernel.Transition(new NoiseSource(RandomKey.FromSeed(26), 0, Chains.Range(ChainCount), Workspace.Default), start).Info;
        Assert.Equal(2 * Normal.CDF(0, 1, -l * l * l / 8), info.MeanAcceptance, 0.03);
    }

    [Fact]
    [Proves("I-26", "MALA")]
    public void I26_on_a_flat_target_it_always_accepts() => Generated.ForAll(Settings, s =>
    {
        Target flat = Target.FromGradient(s.Target.Dimension, x => new LogDensityAndGradient(Tensor.Full(1.5, new Shape(x.Shape[0]), x.DType), Tensor.Zeros(x.Shape, x.DType)));
        (LangevinState x, LangevinState y) = Pair(flat, s.Langevin, s.Positions(), s.Seed);
        Assert.All(MetropolisLangevin.LogAcceptanceRatio(s.Langevin, x, y).ToArray(), r => Assert.Equal(0, r, 1e-12));
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(flat, s.Langevin);
        Noise noise = new(TensorTree.Of(("xi", s.Noise()), ("uniform", Tensor.Full(double.BitDecrement(1), new Shape(Points), DType.Float64))));
        Transition<LangevinState> next = kernel.Advance(noise, x);
        Assert.All(next.Info.Accepted!.ToArray(), accepted => Assert.Equal(1, accepted));
        Assert.Equal(y.Position.ToArray(), next.State.Position.ToArray());
    });

    [Fact]
    public void The_proposal_is_that_of_ULA() => Generated.ForAll(Settings, s =>
    {
        (Tensor proposed, _) = MetropolisLaws.Propose(s.Kernel, s.Positions(), s.Noise());
        Tensor unadjusted = UnadjustedLangevinTests.StepWith(UnadjustedLangevin.Create(s.Target, s.Langevin), s.Positions(), s.Noise());
        Assert.Equal(unadjusted.ToArray(), proposed.ToArray());
    });

    [Fact]
    public void Temperature_0_has_no_acceptance_ratio() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MetropolisLangevin.Create(SampleTargets.Quartic(2), new LangevinSettings(0.1, 0)));

    [Fact]
    public void Pointwise_laws_ask_for_the_noise_that_they_set()
    {
        Kernel<LangevinState> unadjusted = UnadjustedLangevin.Create(SampleTargets.Quartic(2), new LangevinSettings(0.1));
        Tensor x = Noise(1, 3, 2);
        Assert.Throws<ArgumentException>(() => MetropolisLaws.Propose(unadjusted, x, x));
        Kernel<LangevinState> single = MetropolisLangevin.Create(GaussianTarget.Standard(2, DType.Float32), new LangevinSettings(0.1));
        Assert.Throws<ArgumentException>(() => MetropolisLaws.Propose(single, x.Cast(DType.Float32), x.Cast(DType.Float32)));
        Kernel<LangevinState> adjusted = MetropolisLangevin.Create(SampleTargets.Quartic(2), new LangevinSettings(0.1));
        Assert.Throws<ArgumentException>(() => MetropolisLaws.Propose(adjusted, x, x.Slice(0, 0, 2)));
    }

    /// <summary>The states at given positions and at what ULA's step makes of them.</summary>
    internal static (LangevinState X, LangevinState Y) Pair(Target target, LangevinSettings settings, Tensor position, int seed)
    {
        Tensor xi = Noise(seed + 9, position.Shape[0], position.Shape[1]);
        Tensor moved = UnadjustedLangevinTests.StepWith(UnadjustedLangevin.Create(target, settings), position, xi);
        return (LangevinState.At(target, position), LangevinState.At(target, moved));
    }

    private sealed record Setting(Target Target, double StepSize, double Temperature, PreconditionerKind Kind, int Seed)
    {
        public Matrix<double> Preconditioner => (new GaussianProblem(Target.Dimension, 1, 1, 1, Temperature, Kind, Seed) { }).Preconditioner;

        public LangevinSettings Langevin => new(StepSize, Temperature, Kind == PreconditionerKind.Identity ? null : Lae.Kernels.Preconditioner.Dense(ToTensor(Preconditioner)));

        public Kernel<LangevinState> Kernel => MetropolisLangevin.Create(Target, Langevin);

        public Tensor Positions() => GaussianProblem.Noise(Seed + 1, Points, Target.Dimension);

        public Tensor Noise() => GaussianProblem.Noise(Seed + 9, Points, Target.Dimension);

        public (LangevinState X, LangevinState Y) Pair() => MetropolisLangevinTests.Pair(Target, Langevin, Positions(), Seed);

        public override string ToString() => $"{Target.Name}, h = {StepSize:R}, T = {Temperature:R}, {Kind}, seed {Seed}";
    }
}
