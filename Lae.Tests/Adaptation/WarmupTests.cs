using FsCheck;
using FsCheck.Fluent;
using Lae.Adaptation;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Adaptation;

/// <summary>Warm-up: its parts against what they are to find, and the whole on Gaussians of condition up to 10,000 for each kernel that decides.</summary>
public sealed class WarmupTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    public static TheoryData<string, double, bool> Cases { get; } = new MatrixTheoryData(["MALA", "Barker", "HMC", "MALT", "GHMC", "NUTS"], [1, 100, 10_000]).Rows;

    [Fact]
    public void Dual_averaging_finds_the_step_size_of_an_acceptance() => Generated.ForAll(
        from logScale in Gen.Choose(-3000, 3000)
        from start in Gen.Choose(-2000, 2000)
        from target in Gen.Choose(20, 95)
        select (Scale: Math.Pow(10, logScale / 1000.0), Start: Math.Pow(10, start / 1000.0), Target: target / 100.0),
        c =>
        {
            // acceptance e^(−h/s): the answer is s log(1/δ)
            DualAveraging averaging = DualAveraging.Start(c.Start * c.Scale, c.Target);
            for (int i = 0; i < 2_000; i++)
            {
                averaging = averaging.After(Math.Exp(-averaging.StepSize / c.Scale));
            }

            Assert.Equal(c.Target, Math.Exp(-averaging.AverageStepSize / c.Scale), 0.02);
        },
        40);

    [Fact]
    public void Windows_are_those_of_Stan()
    {
        Assert.Equal([100, 150, 250, 450, 950], WarmupWindows.Of(1000).Ends.ToArray());
        Assert.Equal((75, 1000), (WarmupWindows.Of(1000).First, WarmupWindows.Of(1000).Transitions));
        Assert.Equal([90], WarmupWindows.Of(100).Ends.ToArray());
        Assert.Equal(15, WarmupWindows.Of(100).First);
        Assert.Empty(WarmupWindows.Of(19).Ends);
        foreach (int transitions in Enumerable.Range(20, 3_000))
        {
            WarmupWindows windows = WarmupWindows.Of(transitions);
            Assert.True(windows.Ends[^1] < transitions);
            Assert.True(windows.Ends.Prepend(windows.First).Zip(windows.Ends).All(pair => pair.First < pair.Second));
        }
    }

    [Fact]
    public void A_covariance_estimate_is_that_of_the_whole_batch() => Generated.ForAll(Gen.Choose(0, 1_000_000), seed =>
    {
        Matrix<double> rows = 100 + Normals(seed, 35, 3);
        CovarianceEstimate dense = CovarianceEstimate.Empty(isDense: true);
        CovarianceEstimate diagonal = CovarianceEstimate.Empty(isDense: false);
        for (int i = 0; i < 7; i++)
        {
            Tensor part = ToTensor(rows.SubMatrix(5 * i, 5, 0, 3));
            dense = dense.Add(part);
            diagonal = diagonal.Add(part);
        }

        Matrix<double> centred = rows - Matrix<double>.Build.Dense(35, 3, (_, j) => rows.Column(j).Average());
        Matrix<double> expected = (centred.TransposeThisAndMultiply(centred) / 34 * (35 / 40.0)) + (1e-3 * 5 / 40 * Matrix<double>.Build.DenseIdentity(3));
        Assert.True(Gap(ToMatrix(dense.Regularized()), expected) < 1e-11);
        Assert.All(diagonal.Regularized().ToArray().Zip(expected.Diagonal()), pair => Assert.Equal(pair.Second, pair.First, 1e-11 * pair.Second));
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Acceptance_comes_within_a_tenth_of_its_target(string name, double condition, bool isDense)
    {
        const int Dimension = 8;
        Vector<double> variances = Vector<double>.Build.Dense(Dimension, i => Math.Pow(condition, (double)i / (Dimension - 1)));
        Matrix<double> rotation = isDense ? Rotation(Dimension, 3) : Matrix<double>.Build.DenseIdentity(Dimension);
        Matrix<double> precision = rotation * Matrix<double>.Build.DiagonalOfDiagonalVector(1 / variances) * rotation.Transpose();
        Target target = GaussianTarget.Dense(Tensor.Zeros(new Shape(Dimension), DType.Float64), ToTensor(0.5 * (precision + precision.Transpose())));
        switch (name)
        {
            case "MALA":
                AssertTuned(TunableKernels.Mala(target));
                break;
            case "Barker":
                AssertTuned(TunableKernels.Barker(target));
                break;
            case "HMC":
                AssertTuned(TunableKernels.Hmc(target));
                break;
            case "MALT":
                AssertTuned(TunableKernels.Malt(target));
                break;
            case "GHMC":
                AssertTuned(TunableKernels.Ghmc(target));
                break;
            default:
                AssertTuned(TunableKernels.Nuts(target));
                break;
        }

        void AssertTuned<TState>(TunableKernel<TState> kernel)
            where TState : class, IKernelState<TState>
        {
            WarmupResult<TState> result = Warmup.Run(kernel, Noise(5, 8, Dimension), Key, new WarmupSettings(600, isDense));
            RunState<TState> at = RunState.Start(result.Kernel, result.Position, Key.FoldIn(99));
            double acceptance = ChainRunner.Run(result.Kernel, at, new RunOptions(150)).Draws.Average(draw => draw.Info.MeanAcceptance);
            Assert.InRange(acceptance - kernel.TargetAcceptance, -0.1, 0.1);
            double[] scale = (isDense ? Tensor.FromArray(ToMatrix(result.Tuning.Covariance!).Diagonal().ToArray()) : result.Tuning.Covariance!).ToArray();
            Matrix<double> covariance = rotation * Matrix<double>.Build.DiagonalOfDiagonalVector(variances) * rotation.Transpose();
            Assert.All(scale.Zip(covariance.Diagonal()), pair => Assert.InRange(pair.First / pair.Second, 0.5, 2));
        }
    }

    [Fact]
    [Proves("R-13", "runner")]
    public void R13_nothing_of_the_warm_up_goes_on_in_the_frozen_kernel()
    {
        Target target = Banana.Create(3).Target;
        TunableKernel<LangevinState> tunable = TunableKernels.Mala(target);
        WarmupResult<LangevinState> result = Warmup.Run(tunable, Noise(5, 4, 3), Key, new WarmupSettings(120));
        Kernel<LangevinState> anew = MetropolisLangevin.Create(target, new LangevinSettings(result.Tuning.StepSize, 1, Preconditioner.Diagonal(result.Tuning.Covariance!)));
        Assert.Equal(Draws(anew), Draws(result.Kernel));
        Assert.Equal(Draws(result.Kernel), Draws(result.Kernel));
        WarmupResult<LangevinState> again = Warmup.Run(tunable, Noise(5, 4, 3), Key, new WarmupSettings(120));
        Assert.Equal(result.StepSizes.ToArray(), again.StepSizes.ToArray());
        Assert.Equal(result.Position.ToArray(), again.Position.ToArray());
        Assert.NotEqual(result.Position.ToArray(), Warmup.Run(tunable, Noise(5, 4, 3), Key.FoldIn(1), new WarmupSettings(120)).Position.ToArray());

        double[] Draws(Kernel<LangevinState> kernel) => ChainRunner.Run(kernel, RunState.Start(kernel, result.Position, Key.FoldIn(7)), new RunOptions(20)).Positions().ToArray();
    }

    [Fact]
    [Proves("R-13", "runner")]
    public void R13_without_transitions_the_chains_stay_where_they_are()
    {
        Tensor start = Noise(5, 4, 3);
        WarmupResult<LangevinState> result = Warmup.Run(TunableKernels.Mala(Banana.Create(3).Target), start, Key, new WarmupSettings(0));
        Assert.Equal(start.ToArray(), result.Position.ToArray());
        Assert.Empty(result.StepSizes);
        Assert.Null(result.Tuning.Covariance);
    }

    [Fact]
    public void The_gradients_are_counted()
    {
        long rows = 0;
        Target inner = Banana.Create(3).Target;
        Target counted = Target.FromGradient(3, x =>
        {
            rows += x.Shape[0];
            return inner.Evaluate(x);
        });
        WarmupResult<LangevinState> result = Warmup.Run(TunableKernels.Malt(counted), Noise(5, 4, 3), Key, new WarmupSettings(60));
        Assert.Equal(rows, 4 * result.GradientCount);
    }

    [Fact]
    public void What_cannot_be_tuned_is_refused()
    {
        Target target = GaussianTarget.Standard(2);
        TunableKernel<LangevinState> unadjusted = new("ULA", 0.9, tuning => UnadjustedLangevin.Create(target, new LangevinSettings(tuning.StepSize)));
        Assert.Contains("no acceptance", Assert.Throws<ArgumentException>(() => Warmup.Run(unadjusted, Noise(5, 4, 2), Key)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new WarmupSettings(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DualAveraging.Start(0, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => DualAveraging.Start(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DualAveraging.Start(1, 0.5).After(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => WarmupWindows.Of(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KernelTuning(0));
        Assert.Throws<InvalidOperationException>(() => CovarianceEstimate.Empty(false).Regularized());
        Target broken = Target.FromGradient(2, x => new LogDensityAndGradient(Tensor.Full(double.NaN, new Shape(x.Shape[0]), x.DType), x));
        Assert.Throws<NonFiniteStateException>(() => Warmup.Run(TunableKernels.Mala(broken), Noise(5, 4, 2), Key));
    }

    /// <summary>Every kernel at every condition number, with the variances alone on axes, and at the largest the whole matrix on rotated ones.</summary>
    private sealed class MatrixTheoryData
    {
        public MatrixTheoryData(string[] kernels, double[] conditions)
        {
            foreach (string kernel in kernels)
            {
                foreach (double condition in conditions)
                {
                    Rows.Add(kernel, condition, false);
                }

                Rows.Add(kernel, conditions[^1], true);
            }
        }

        public TheoryData<string, double, bool> Rows { get; } = [];
    }
}
