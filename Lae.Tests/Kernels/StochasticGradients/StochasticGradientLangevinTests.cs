using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels.Mutants;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.Mutants.StochasticMutants;

namespace Lae.Tests.Kernels;

/// <summary>SGLD: with the full gradient ULA itself, with minibatches the exact law over all batches.</summary>
public sealed class StochasticGradientLangevinTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    [Fact]
    [Proves("I-4", "SGLD")]
    [Proves("I-6", "SGLD")]
    [Proves("I-7", "SGLD")]
    [Proves("I-8", "SGLD")]
    [Proves("I-12", "SGLD")]
    [Proves("I-50", "SGLD")]
    [Proves("I-51", "SGLD")]
    public void With_the_full_gradient_SGLD_is_ULA_bit_for_bit()
    {
        Generated.ForAll(GaussianProblem.All, p => AssertSame(p.Target, p.Settings, p.Positions(), p.Seed), 50);
        foreach (Target target in SampleTargets.All)
        {
            AssertSame(target, new LangevinSettings(0.03, 1.7), Noise(1, 5, target.Dimension), 3);
            AssertSame(target, new LangevinSettings(0.03, 0), Noise(1, 5, target.Dimension), 3);
        }

        static void AssertSame(Target target, LangevinSettings settings, Tensor position, int seed)
        {
            RandomKey key = RandomKey.FromSeed((ulong)seed);
            Kernel<LangevinState> ula = UnadjustedLangevin.Create(target, settings);
            Kernel<StochasticState> sgld = StochasticGradient.Create(
                target, new StochasticGradientLangevin(settings.Temperature, settings.Preconditioner), new FullGradient(), new ConstantSchedule(settings.StepSize));
            RunResult<LangevinState> a = ChainRunner.Run(ula, RunState.Start(ula, position, key), new RunOptions(6));
            RunResult<StochasticState> b = ChainRunner.Run(sgld, RunState.Start(sgld, position, key), new RunOptions(6));
            Assert.Equal(a.Positions().ToArray(), b.Positions().ToArray());
            Assert.Equal(a.Final.State.Gradient.ToArray(), b.Final.State.Gradient.ToArray());
            Assert.Equal(a.Final.State.LogDensity.ToArray(), b.Final.State.LogDensity.ToArray());
        }
    }

    [Fact]
    [Proves("I-1", "SGLD")]
    [Proves("I-3", "SGLD")]
    [Proves("I-5", "SGLD")]
    public void I1_I3_I5_stationary_and_one_step_law_with_the_full_gradient() => Generated.ForAll(GaussianProblem.All, p =>
    {
        Kernel<StochasticState> kernel = Full(p, new StochasticGradientLangevin(p.Temperature, p.Settings.Preconditioner));
        StationaryLaw.Check(kernel, ToTensor(p.StationaryCovariance), Tensor.FromArray(p.Mean.ToArray()), p.Temperature).Require();
        StationaryLaw.CheckOneStep(kernel, ToTensor(p.Drift), ToTensor(p.NoiseCovariance), Tensor.FromArray((p.Mean - (p.Drift * p.Mean)).ToArray())).Require();
    });

    [Fact]
    [Proves("I-2", "SGLD")]
    public void I2_stable_just_below_two_over_L() => Generated.ForAll(GaussianProblem.All, p =>
    {
        Assert.True(Radius(1.99) < 1);
        Assert.True(Radius(2.01) > 1);
        double Radius(double relative) => StationaryLaw.SpectralRadius(AffineMap.ReadOff(Full(
            p with { Relative = relative }, new StochasticGradientLangevin(p.Temperature, p.Settings.Preconditioner))));
    });

    [Fact]
    [Proves("I-11", "SGLD")]
    public void I11_a_schedule_is_the_product_of_the_affine_maps() => Generated.ForAll(
        GaussianProblem.All,
        p =>
        {
            PolynomialSchedule schedule = new(p.StepSize, 1, 0.7);
            Kernel<StochasticState> kernel = StochasticGradient.Create(
                p.Target, new StochasticGradientLangevin(p.Temperature, p.Settings.Preconditioner), new FullGradient(), schedule);
            AffineMap four = AffineMap.ReadOff(kernel.Repeat(4));
            Matrix<double> drift = Matrix<double>.Build.DenseIdentity(p.Dimension);
            Matrix<double> noise = Matrix<double>.Build.Dense(p.Dimension, p.Dimension);
            for (int k = 0; k < 4; k++)
            {
                double h = p.StepSize * Math.Pow(1 + k, -0.7);
                Matrix<double> b = Matrix<double>.Build.DenseIdentity(p.Dimension) - (h * p.Preconditioner * p.Precision);
                drift = b * drift;
                noise = (b * noise * b.Transpose()) + (2 * h * p.Temperature * p.Preconditioner);
            }

            Assert.True((ToMatrix(four.State) - drift).Enumerate().Max(Math.Abs) < 1e-10);
            Assert.True(Gap(ToMatrix(four.NoiseCovariance()), noise) < 1e-10);
        },
        40);

    [Fact]
    [Proves("I-36", "SGLD")]
    public void I36_in_one_dimension_minibatches_widen_the_law_by_the_formula() => Generated.ForAll(LocationProblem.InOneDimension, p =>
    {
        AffineMap averaged = p.Averaged(Minibatch(p, new StochasticGradientLangevin(p.Temperature)));
        double a = p.Precision[0, 0];
        double v = p.GradientNoise[0, 0] / p.Temperature;
        double expected = p.Temperature * (1 + (p.StepSize * v / 2)) / (a * (1 - (p.StepSize * a / 2)));
        Assert.Equal(1, StationaryLaw.Covariance(averaged).ToDouble() / expected, 1e-10);
        Assert.Equal(p.Mean[0], StationaryLaw.Mean(averaged).ToDouble(), 1e-9 * (1 + Math.Abs(p.Mean[0])));
    });

    [Fact]
    [Proves("I-36", "SGLD")]
    public void I36_in_any_dimension_the_law_solves_its_equation() => Generated.ForAll(
        LocationProblem.All,
        p =>
        {
            AffineMap averaged = p.Averaged(Minibatch(p, new StochasticGradientLangevin(p.Temperature)));
            Matrix<double> identity = Matrix<double>.Build.DenseIdentity(p.Dimension);
            Matrix<double> b = identity - (p.StepSize * p.Precision);
            Matrix<double> added = (2 * p.StepSize * p.Temperature * identity) + (p.StepSize * p.StepSize * p.GradientNoise);

            // S = B S B + Q as a linear system in vec S
            Matrix<double> system = Matrix<double>.Build.DenseIdentity(p.Dimension * p.Dimension) - b.KroneckerProduct(b);
            double[] solution = system.Solve(Vector<double>.Build.Dense(added.ToColumnMajorArray())).ToArray();
            Matrix<double> expected = Matrix<double>.Build.DenseOfColumnMajor(p.Dimension, p.Dimension, solution);
            Assert.True(Gap(ToMatrix(StationaryLaw.Covariance(averaged)), expected) < 1e-9);
        },
        40);

    [Fact]
    [Proves("I-37", "SGLD")]
    public void I37_known_gradient_noise_is_taken_from_the_injected_and_the_law_is_ULAs_again() => Generated.ForAll(LocationProblem.All, p =>
    {
        LocationProblem gentle = Gentle(p);
        Matrix<double> preconditioner = Positive(p.Dimension, 0.5, 1, p.Seed + 9);
        Preconditioner matrix = Preconditioner.Dense(ToTensor(preconditioner));
        AffineMap averaged = gentle.Averaged(Minibatch(gentle, new StochasticGradientLangevin(p.Temperature, matrix, ToTensor(Symmetric(gentle.GradientNoise)))));
        Matrix<double> expected = p.Temperature * (p.Precision - (gentle.StepSize / 2 * p.Precision * preconditioner * p.Precision)).Inverse();
        Assert.True(Gap(ToMatrix(StationaryLaw.Covariance(averaged)), expected) < 1e-9);
    });

    [Fact]
    [Rejects("§5 SGLD injected variance at T ≠ 1 (posteriors)")]
    public void I37_sees_the_temperature_in_the_wrong_place_and_only_at_temperatures_other_than_1()
    {
        // a step size at which every variant has noise left to inject
        LocationProblem p = Gentle(new LocationProblem(1, 6, 2, 1, 2.5, 5));
        p = p with { Relative = p.Relative / 8 };
        LangevinBug[] atOtherTemperatures = [LangevinBug.GradientNoiseTimesTemperature, LangevinBug.GradientNoiseTimesTemperatureSquared];
        foreach (LangevinBug bug in (LangevinBug[])[LangevinBug.None, .. atOtherTemperatures, LangevinBug.GradientNoiseHalved])
        {
            Assert.Equal(bug == LangevinBug.None, Error(p, bug) < 1e-10);
        }

        LocationProblem one = p with { Temperature = 1 };
        Assert.All(atOtherTemperatures, bug => Assert.True(Error(one, bug) < 1e-10));

        static double Error(LocationProblem p, LangevinBug bug)
        {
            double a = p.Precision[0, 0];
            AffineMap averaged = p.Averaged(Minibatch(p, Langevin(p.Temperature, p.GradientNoise[0, 0], bug)));
            return Math.Abs((StationaryLaw.Covariance(averaged).ToDouble() * a * (1 - (p.StepSize * a / 2)) / p.Temperature) - 1);
        }
    }

    [Theory]
    [InlineData(LangevinBug.None, "solved for exactly")]
    [InlineData(LangevinBug.NoiseSqrtH, "sqrt(h)")]
    [InlineData(LangevinBug.NoiseSqrtTwoTimesH, "2h for sqrt(2h)")]
    [InlineData(LangevinBug.NoiseTimes102, "multiplied by 1.02")]
    [InlineData(LangevinBug.TemperatureUnrooted, "noise may be scaled by T instead of sqrt(T)")]
    [InlineData(LangevinBug.TemperatureMissing, "which is 1/T")]
    [InlineData(LangevinBug.GradientDoubled, "multiplied by 2.")]
    public void I1_sees_errors_of_the_noise_scale(LangevinBug bug, string words)
    {
        GaussianProblem p = new(3, 20, 0.5, 0.9, 2.5, PreconditionerKind.Identity, 77);
        LawResult law = StationaryLaw.Check(Full(p, Langevin(p.Temperature, 0, bug)), ToTensor(p.StationaryCovariance), temperature: p.Temperature);
        Assert.Equal(bug == LangevinBug.None, law.Holds);
        Assert.Contains(words, law.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradient_noise_beyond_what_is_injected_is_refused()
    {
        Target target = GaussianTarget.Standard(2);
        StochasticGradientLangevin noisy = new(0.5, null, Tensor.FromArray([4.0, 1, 1, 2], 2, 2));
        Create(noisy, 0.2);
        Assert.Throws<ArgumentException>(() => Create(noisy, 0.25));
        Assert.Throws<ArgumentException>(() => Create(new StochasticGradientLangevin(1, null, Tensor.FromArray([-1.0, 0, 0, 1], 2, 2)), 0.1));
        Assert.Throws<ArgumentException>(() => Create(new StochasticGradientLangevin(1, null, Tensor.FromArray([1.0], 1, 1)), 0.1));
        Assert.Throws<ArgumentException>(() => Create(new StochasticGradientLangevin(1, Preconditioner.Diagonal(Tensor.FromArray([1.0]))), 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StochasticGradientLangevin(-1));
        void Create(StochasticDynamics dynamics, double h) => StochasticGradient.Create(target, dynamics, new FullGradient(), new ConstantSchedule(h));
    }

    /// <summary>
    /// What the exact laws cannot see: that every transition has a batch of its own. 20,000 chains start with the stationary mean and variance, which a fresh batch each step keeps exactly; the mean of squares after
    /// 20 transitions is within 4.9 of its standard errors (false alarm 1e-6).
    /// </summary>
    [Fact]
    public void A_fresh_batch_for_every_transition_and_chain_keeps_the_variance()
    {
        Assert.InRange(Deviation(EstimatorMutants.Bug.None), 0, 4.9);
        Assert.True(Deviation(EstimatorMutants.Bug.NeverAnother) > 20);

        static double Deviation(EstimatorMutants.Bug bug)
        {
            // gradient noise is most of the noise
            LocationProblem p = new(1, 6, 2, 0.6, 0.05, 5);
            double a = p.Precision[0, 0];
            double variance = p.Temperature * (1 + (p.StepSize * p.GradientNoise[0, 0] / (2 * p.Temperature))) / (a * (1 - (p.StepSize * a / 2)));
            Assert.True(variance * a > 2 * p.Temperature);
            Kernel<StochasticState> kernel = StochasticGradient.Create(
                p.ByHand, new StochasticGradientLangevin(p.Temperature), EstimatorMutants.Minibatch(2, bug), p.Schedule);
            const int Chains = 20_000;
            Tensor start = Noise(7, Chains, 1).ScaleShift(Math.Sqrt(variance), p.Mean[0]);
            double[] ends = ChainRunner.Run(kernel, RunState.Start(kernel, start, Key), new RunOptions(20, 20)).Final.State.Position.ToArray();
            double[] squares = [.. ends.Select(x => (x - p.Mean[0]) * (x - p.Mean[0]))];
            double mean = squares.Average();
            double error = Math.Sqrt(squares.Sum(s => (s - mean) * (s - mean)) / Chains / Chains);
            return Math.Abs(mean - variance) / error;
        }
    }

    /// <summary>With a step size at which the gradient's noise does not exceed the injected one, hV ≤ 2T.</summary>
    private static LocationProblem Gentle(LocationProblem p)
    {
        double largest = p.GradientNoise.Evd(Symmetricity.Symmetric).EigenValues.Real().Maximum();
        double bound = largest > 0 ? 2 * p.Temperature / largest : double.PositiveInfinity;
        return p with { Relative = p.Relative * Math.Min(1, 0.999 * bound / p.StepSize) };
    }

    private static Matrix<double> Symmetric(Matrix<double> a) => 0.5 * (a + a.Transpose());

    private static Kernel<StochasticState> Full(GaussianProblem p, StochasticDynamics dynamics) =>
        StochasticGradient.Create(p.Target, dynamics, new FullGradient(), new ConstantSchedule(p.StepSize));

    private static Kernel<StochasticState> Minibatch(LocationProblem p, StochasticDynamics dynamics) =>
        StochasticGradient.Create(p.Posterior, dynamics, new MinibatchGradient(p.Size), p.Schedule);
}
