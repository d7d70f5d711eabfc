using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Kernels.Mutants;
using Xunit.Abstractions;
using static Lae.Tests.Kernels.Mutants.LangevinMutants;

namespace Lae.Tests.Kernels;

/// <summary>Simulation-based calibration on eight schools: the kernels pass at a false alarm of 1e-6, and fail where the accept test is removed or the model is not the simulator's.</summary>
public sealed class CalibrationTests(ITestOutputHelper output)
{
    private const double StepSize = 0.35;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);

    [Fact]
    public void The_gradient_of_eight_schools_is_that_of_its_density()
    {
        Tensor theta = EightSchools.Joint.DrawParameters(Key, 20);
        Tensor y = EightSchools.Joint.DrawData(Key.FoldIn(1), theta);
        Target target = EightSchools.Posterior(y);
        double[] gradient = target.Evaluate(theta).Gradient.ToArray();
        for (int i = 0; i < EightSchools.Dimension; i++)
        {
            Tensor step = Tensor.FromArray([.. Enumerable.Range(0, EightSchools.Dimension).Select(j => j == i ? 1e-5 : 0)]);
            double[] difference = ((target.Evaluate(theta + step).LogDensity - target.Evaluate(theta - step).LogDensity) * 5e4).ToArray();
            Assert.All(Enumerable.Range(0, 20), row => Assert.Equal(difference[row], gradient[(row * EightSchools.Dimension) + i], 1e-4 * (1 + Math.Abs(difference[row]))));
        }
    }

    [Fact]
    public void MALA_is_calibrated_on_eight_schools()
    {
        Tensor theta = EightSchools.Joint.DrawParameters(Key, 2000);
        Kernel<LangevinState> kernel = Mala(EightSchools.Joint.DrawData(Key.FoldIn(1), theta));
        double acceptance = kernel.Transition(new NoiseSource(Key.FoldIn(2), 0, Chains.Range(2000), Workspace.Default), kernel.Initialize(theta)).Info.MeanAcceptance;
        LawResult law = Check(Mala);
        output.WriteLine($"{law}\nacceptance {acceptance:F3}");
        law.Require();
        Assert.InRange(acceptance, 0.4, 0.7);
    }

    [Theory]
    [InlineData(AdjustedBug.AlwaysAccept)]
    [InlineData(AdjustedBug.NoProposalRatio)]
    [InlineData(AdjustedBug.RatioFlipped)]
    public void MALA_with_a_damaged_accept_test_is_not(AdjustedBug bug) => Fails(y => Adjusted(EightSchools.Posterior(y), new LangevinSettings(StepSize), bug));

    [Fact]
    public void NUTS_is_calibrated_on_eight_schools()
    {
        Tensor theta = EightSchools.Joint.DrawParameters(Key, 500);
        Kernel<LangevinState> kernel = NoUTurnOf(NoUTurnMutants.NoUTurnBug.None)(EightSchools.Joint.DrawData(Key.FoldIn(1), theta));
        double acceptance = kernel.Transition(new NoiseSource(Key.FoldIn(2), 0, Chains.Range(500), Workspace.Default), kernel.Initialize(theta)).Info.MeanAcceptance;
        LawResult law = OfNoUTurn(NoUTurnMutants.NoUTurnBug.None);
        output.WriteLine($"{law}\nacceptance {acceptance:F3}");
        law.Require();
        Assert.InRange(acceptance, 0.4, 0.7);
    }

    [Fact]
    public void NUTS_without_its_weights_is_not()
    {
        LawResult law = OfNoUTurn(NoUTurnMutants.NoUTurnBug.WeightsDropped);
        output.WriteLine(law.ToString());
        Assert.False(law.Holds);
    }

    /// <summary>NUTS evaluates some of its chains at a time: every replication has a kernel of its own. The weights of the leaves are its accept test.</summary>
    private static Func<Tensor, Kernel<LangevinState>> NoUTurnOf(NoUTurnMutants.NoUTurnBug bug) => y =>
        RowByRow.Create(y.Shape[0], row => NoUTurnMutants.Create(EightSchools.Posterior(y.Slice(0, row, 1)), new NoUTurnSettings(0.75, 3), bug));

    private static LawResult OfNoUTurn(NoUTurnMutants.NoUTurnBug bug) =>
        SimulationBasedCalibration.Check(EightSchools.Joint, NoUTurnOf(bug), Key, new SequentialPlan { Draws = 1_500 }, length: 5, EightSchools.Statistics);

    [Fact]
    public void A_model_with_another_noise_than_the_simulator_is_not() => Fails(y => Mala(y * 1.2));

    [Fact]
    public void A_kernel_that_samples_the_prior_is_seen_by_the_log_likelihood()
    {
        LawResult law = Fails(y => MetropolisLangevin.Create(PriorAlone(y), new LangevinSettings(StepSize)));
        Assert.Contains("the log likelihood", law.Explanation, StringComparison.Ordinal);
    }

    private static Target PriorAlone(Tensor y)
    {
        // with data that are what the parameters say the likelihood is flat: rows of data as replaced by their means
        Target posterior = EightSchools.Posterior(y);
        return Target.FromFunction(EightSchools.Dimension, theta =>
        {
            Tensor logTau = theta.Slice(1, 1, 1);
            return (logTau - (logTau * 2).ScaleShift(1, -2 * Math.Log(5)).Softplus()).Sum(1)
                - ((theta.Slice(1, 0, 1).Square() * 0.04).Sum(1) + theta.Slice(1, 2, 8).Square().Sum(1)) * 0.5;
        }, name: $"prior of {posterior.Name}");
    }

    private static Kernel<LangevinState> Mala(Tensor y) => MetropolisLangevin.Create(EightSchools.Posterior(y), new LangevinSettings(StepSize));

    private static LawResult Check(Func<Tensor, Kernel<LangevinState>> kernel) => SimulationBasedCalibration.Check(EightSchools.Joint, kernel, Key, statistics: EightSchools.Statistics);

    private LawResult Fails(Func<Tensor, Kernel<LangevinState>> kernel)
    {
        LawResult law = Check(kernel);
        output.WriteLine(law.ToString());
        Assert.False(law.Holds);
        return law;
    }
}
