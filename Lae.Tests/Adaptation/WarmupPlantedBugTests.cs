using FsCheck;
using FsCheck.Fluent;
using Lae.Adaptation;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Adaptation;

/// <summary>Warm-ups with one bug each, and the law of the other tests that sees it.</summary>
public sealed class WarmupPlantedBugTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    [Fact]
    public void Dual_averaging_with_the_wrong_sign_is_rejected() => Assert.False(FindsItsAcceptance(static (m, error, shrinkage) => Math.Exp(shrinkage + (Math.Sqrt(m) / 0.05 * error)), 1));

    [Fact]
    public void Dual_averaging_of_the_step_size_and_not_of_its_logarithm_is_rejected()
    {
        static double Linear(long m, double error, double shrinkage) => Math.Max(1e-12, Math.Exp(shrinkage) - (Math.Sqrt(m) / 0.05 * error));
        Assert.False(FindsItsAcceptance(Linear, 1e-3) && FindsItsAcceptance(Linear, 1e3));
    }

    [Fact]
    public void Dual_averaging_as_it_is_passes_the_same_law()
    {
        static double Right(long m, double error, double shrinkage) => Math.Exp(shrinkage - (Math.Sqrt(m) / 0.05 * error));
        Assert.All([1e-3, 1, 1e3], scale => Assert.True(FindsItsAcceptance(Right, scale)));
    }

    [Fact]
    public void The_formula_into_which_bugs_are_planted_is_that_of_dual_averaging() => Generated.ForAll(
        from target in Gen.Choose(20, 95)
        from stepSize in Gen.Choose(-2000, 2000)
        from seed in Gen.Choose(0, 1_000_000)
        select (Target: target / 100.0, StepSize: Math.Pow(10, stepSize / 1000.0), Seed: seed),
        c =>
        {
            DualAveraging averaging = DualAveraging.Start(c.StepSize, c.Target);
            Averages averages = new(Math.Log(10 * c.StepSize), c.Target, static (m, error, shrinkage) => Math.Exp(shrinkage - (Math.Sqrt(m) / 0.05 * error)));
            foreach (double normal in Noise(c.Seed, 50, 1).ToArray())
            {
                double acceptance = 1 / (1 + Math.Exp(normal));
                averaging = averaging.After(acceptance);
                Assert.Equal(1, averages.After(acceptance) / averaging.StepSize, 1e-9);
                Assert.Equal(1, Math.Exp(averages.LogAverage) / averaging.AverageStepSize, 1e-9);
            }
        });

    [Fact]
    public void A_floor_with_a_unit_hides_a_coordinate_that_is_small_in_it() => Generated.ForAll(
        from unit in Gen.Choose(-8, 8)
        from seed in Gen.Choose(0, 1_000_000)
        select (Unit: Math.Pow(10, unit), Seed: seed),
        c =>
        {
            CovarianceEstimate one = CovarianceEstimate.Empty(isDense: true).Add(Noise(c.Seed, 40, 3));
            CovarianceEstimate other = CovarianceEstimate.Empty(isDense: true).Add(Noise(c.Seed, 40, 3) * c.Unit);
            Assert.True(Gap(ToMatrix(other.Raised()) / (c.Unit * c.Unit), ToMatrix(one.Raised())) < 1e-11);

            // Stan's does not survive a change of units
            Assert.Equal(c.Unit is 1, Gap(ToMatrix(other.Regularized()) / (c.Unit * c.Unit), ToMatrix(one.Regularized())) < 1e-5);
        });

    [Fact]
    public void Variances_where_deviations_are_needed_show_in_the_step_size()
    {
        // in the coordinates of the right scale the step size is the same whatever the condition
        Assert.InRange(StepSizeRatio(static tuning => tuning.Preconditioner), 1 / 1.4, 1.4);
        double squared = StepSizeRatio(static tuning => tuning.Covariance is null ? Preconditioner.Identity : Preconditioner.Diagonal(tuning.Covariance.Square()));
        double rooted = StepSizeRatio(static tuning => tuning.Covariance is null ? Preconditioner.Identity : Preconditioner.Diagonal(tuning.Covariance.Sqrt()));
        Assert.All([squared, rooted], ratio => Assert.False(ratio is > 1 / 1.4 and < 1.4));
    }

    [Fact]
    public void A_covariance_of_the_wrong_window_shows_in_the_scale()
    {
        // chains that start at 50 deviations: what is learned while they come in is not the covariance
        TunableKernel<LangevinState> tunable = TunableKernels.Mala(GaussianTarget.Standard(4));
        WarmupState<LangevinState> start = WarmupState.Start(tunable.Create, "MALA", tunable.Aims, new KernelTuning(0.1), Noise(5, 8, 4) + 50, Key);
        WarmupStage<LangevinState> rough = WarmupStages.RoughStepSize<LangevinState>();
        WarmupState<LangevinState> right = Warmup.StandardStages<LangevinState>(tunable.Aims, new WarmupSettings(150, CovarianceKind.Diagonal))(start);
        WarmupState<LangevinState> wrong = WarmupStages.InTurn(rough, WarmupStages.Scale<LangevinState>(120, CovarianceKind.Diagonal), rough, WarmupStages.StepSize<LangevinState>(30))(start);
        Assert.All(right.Tuning.Covariance!.ToArray(), variance => Assert.InRange(variance, 0.5, 2));
        Assert.All(wrong.Tuning.Covariance!.ToArray(), variance => Assert.False(variance is > 0.5 and < 2));
    }

    [Fact]
    public void Adaptation_that_goes_on_after_freezing_is_rejected()
    {
        Target target = Banana.Create(3).Target;
        DualAveraging going = DualAveraging.Start(0.1, 0.574);
        Kernel<LangevinState> plain = MetropolisLangevin.Create(target, new LangevinSettings(0.1));
        Kernel<LangevinState> adapting = new(
            "adapting",
            3,
            target.DType,
            plain.Initialize,
            plain.Refresh,
            plain.DrawNoise,
            (noise, state) =>
            {
                Transition<LangevinState> next = MetropolisLangevin.Create(target, new LangevinSettings(going.StepSize)).Advance(noise, state);
                going = going.After(next.Info.MeanAcceptance);
                return next;
            });
        Assert.NotEqual(Draws(adapting), Draws(adapting));
        Assert.Equal(Draws(plain), Draws(plain));

        static double[] Draws(Kernel<LangevinState> kernel) => ChainRunner.Run(kernel, RunState.Start(kernel, Noise(5, 4, 3), Key.FoldIn(7)), new RunOptions(20)).Positions().ToArray();
    }

    /// <summary>Whether averaged step sizes come to the acceptance e^(−h/s) = 0.8.</summary>
    private static bool FindsItsAcceptance(Func<long, double, double, double> next, double scale)
    {
        const double Target = 0.8;
        double stepSize = scale;
        Averages averages = new(Math.Log(10 * scale), Target, next);
        for (int i = 0; i < 2_000; i++)
        {
            stepSize = averages.After(Math.Exp(-stepSize / scale));
        }

        return Math.Abs(Math.Exp(-Math.Exp(averages.LogAverage) / scale) - Target) < 0.02;
    }

    /// <summary>Dual averaging with another formula for the next step size.</summary>
    private sealed class Averages(double shrinkage, double target, Func<long, double, double, double> next)
    {
        private double error;
        private long m;

        public double LogAverage { get; private set; }

        public double After(double acceptance)
        {
            double weight = 1 / (++m + 10.0);
            error = ((1 - weight) * error) + (weight * (target - acceptance));
            double stepSize = next(m, error, shrinkage);
            double share = Math.Pow(m, -0.75);
            LogAverage = (share * Math.Log(stepSize)) + ((1 - share) * LogAverage);
            return stepSize;
        }
    }

    /// <summary>The step size that is found on variances from 1 to 10,000, over that on variances of 1.</summary>
    private static double StepSizeRatio(Func<KernelTuning, Preconditioner> preconditioner)
    {
        return Found(10_000) / Found(1);

        double Found(double condition)
        {
            Target target = GaussianTarget.Diagonal(Tensor.Zeros(new Shape(8), DType.Float64), Tensor.FromArray([.. Enumerable.Range(0, 8).Select(i => Math.Pow(condition, -i / 7.0))]));
            TunableKernel<LangevinState> tunable = new("MALA", 0.574, tuning => MetropolisLangevin.Create(target, new LangevinSettings(tuning.StepSize, 1, preconditioner(tuning))));
            return Warmup.Run(tunable, Noise(5, 16, 8), Key, new WarmupSettings(300, CovarianceKind.Diagonal)).Tuning.StepSize;
        }
    }
}
