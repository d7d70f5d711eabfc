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
        double shrinkage = Math.Log(10 * scale);
        double stepSize = scale;
        double error = 0;
        double average = 0;
        for (long m = 1; m <= 2_000; m++)
        {
            double weight = 1 / (m + 10.0);
            error = ((1 - weight) * error) + (weight * (Target - Math.Exp(-stepSize / scale)));
            stepSize = next(m, error, shrinkage);
            double share = Math.Pow(m, -0.75);
            average = (share * Math.Log(stepSize)) + ((1 - share) * average);
        }

        return Math.Abs(Math.Exp(-Math.Exp(average) / scale) - Target) < 0.02;
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
