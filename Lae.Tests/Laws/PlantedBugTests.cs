using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Kernels;
using static Lae.Tests.Kernels.Mutants.LangevinMutants;

namespace Lae.Tests.Laws;

/// <summary>
/// Which law sees which bug. Every bug must be rejected by the law that should see it, and the correct code must pass: a law that rejects nothing is no evidence. The message
/// must name the cause where the cause can be known.
/// </summary>
public sealed class PlantedBugTests
{
    private static readonly GaussianProblem Problem = new(3, 20, 0.5, 0.9, 2.5, PreconditionerKind.Dense, 77);

    [Theory]
    [InlineData(UnadjustedBug.NoiseSqrtH, "sqrt(h)")]
    [InlineData(UnadjustedBug.NoiseSqrtTwoTimesH, "2h for sqrt(2h)")]
    [InlineData(UnadjustedBug.GradientDoubled, "multiplied by 2.")]
    [InlineData(UnadjustedBug.GradientTimes105, "multiplied by 1.05")]
    [InlineData(UnadjustedBug.NoiseTimes102, "multiplied by 1.02")]
    [InlineData(UnadjustedBug.SharedNormal, "share their normals")]
    [InlineData(UnadjustedBug.NoNoise, "no noise enters")]
    [InlineData(UnadjustedBug.TemperatureUnrooted, "T = 2.5 times too large everywhere: noise may be scaled by T instead of sqrt(T)")]
    [InlineData(UnadjustedBug.TemperatureMissing, "which is 1/T")]
    [InlineData(UnadjustedBug.RootForgotten, "the preconditioner and its root")]
    [InlineData(UnadjustedBug.RootTransposed, "the preconditioner and its root")]
    [Rejects("§4 ULA noise sqrt(h)", "§4 ULA noise sqrt(2) h", "§4 ULA gradient doubled", "§4 ULA gradient x 1.05")]
    [Rejects("§4 ULA noise x 1.02", "§4 ULA one normal shared by all coordinates", "§4 no noise", "§5 noise scale errors (csgmcmc, edward, ibc, pybnn, jax-md)", "§5 dense matrix by another power (jax-sgmc)")]
    public void The_stationary_and_the_one_step_law_see_each_bug_of_ULA(UnadjustedBug bug, string words)
    {
        GaussianProblem p = Problem with { Kind = bug is UnadjustedBug.RootForgotten or UnadjustedBug.RootTransposed ? PreconditionerKind.Dense : PreconditionerKind.Identity };
        Kernel<LangevinState> wrong = Unadjusted(p.Target, p.Settings, bug);
        LawResult stationary = Stationary(p, wrong);
        Assert.False(stationary.Holds);
        Assert.Contains(words, stationary.Explanation, StringComparison.Ordinal);
        Assert.False(OneStep(p, wrong).Holds);
        Assert.Contains(words, Assert.Throws<LawViolationException>(stationary.Require).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PreconditionerKind.Identity)]
    [InlineData(PreconditionerKind.Diagonal)]
    [InlineData(PreconditionerKind.Dense)]
    public void The_correct_step_passes_both(PreconditionerKind kind)
    {
        GaussianProblem p = Problem with { Kind = kind };
        foreach (Kernel<LangevinState> kernel in (Kernel<LangevinState>[])[p.Unadjusted, Unadjusted(p.Target, p.Settings, UnadjustedBug.None)])
        {
            Stationary(p, kernel).Require();
            OneStep(p, kernel).Require();
        }
    }

    [Fact]
    public void At_temperature_1_a_wrong_power_of_T_is_invisible()
    {
        // why generators never draw T = 1
        GaussianProblem p = Problem with { Temperature = 1 };
        Assert.True(Stationary(p, Unadjusted(p.Target, p.Settings, UnadjustedBug.TemperatureUnrooted)).Holds);
    }

    [Fact]
    public void A_step_that_is_not_affine_or_not_stable_has_no_stationary_law()
    {
        Tensor anything = Tensor.Identity(3, DType.Float64);
        LawResult curved = StationaryLaw.Check(UnadjustedLangevin.Create(SampleTargets.Quartic(3), new LangevinSettings(0.1, 2)), anything);
        Assert.False(curved.Holds);
        Assert.Contains("not affine", curved.Explanation, StringComparison.Ordinal);
        LawResult unstable = StationaryLaw.Check((Problem with { Relative = 2.01 }).Unadjusted, anything);
        Assert.False(unstable.Holds);
        Assert.Contains("not stable", unstable.Explanation, StringComparison.Ordinal);
        LawResult decides = StationaryLaw.Check(Problem.Adjusted, anything);
        Assert.False(decides.Holds);
    }

    [Fact]
    public void A_wrong_mean_is_told_from_a_wrong_covariance()
    {
        LawResult law = StationaryLaw.Check(Problem.Unadjusted, GaussianProblem.ToTensor(Problem.StationaryCovariance), Tensor.FromArray((Problem.Mean * 1.01).ToArray()), Problem.Temperature);
        Assert.False(law.Holds);
        Assert.Contains("the mean is not", law.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AdjustedBug.NoProposalRatio, true, true)]
    [InlineData(AdjustedBug.RatioFlipped, true, true)]
    [InlineData(AdjustedBug.HalfForQuarter, true, true)]
    [InlineData(AdjustedBug.ReverseDriftAtX, true, true)]
    [InlineData(AdjustedBug.AlwaysAccept, false, true)]
    [InlineData(AdjustedBug.TemperatureMissingInEnergy, true, true)]
    [InlineData(AdjustedBug.TemperatureMissingInSquares, true, true)]
    [InlineData(AdjustedBug.PreconditionerMissingInSquares, true, true)]
    [InlineData(AdjustedBug.StaleGradient, true, true)]
    [InlineData(AdjustedBug.RatioReportedNotUsed, false, true)]
    [Rejects("§4 MALA no proposal ratio", "§4 MALA ratio sign flipped", "§4 MALA 1/(2h) for 1/(4h)", "§4 MALA reverse drift uses gradient at x", "§4 MALA always accept")]
    public void Pointwise_laws_see_each_bug_of_MALA(AdjustedBug bug, bool inRatio, bool inFlux)
    {
        foreach (Target target in SampleTargets.All)
        {
            (LangevinSettings settings, Tensor x, Tensor xi) = Pointwise(target);
            Kernel<LangevinState> wrong = Adjusted(target, settings, bug);
            Assert.Equal(!inRatio, MetropolisLaws.DetailedBalance(wrong, target, settings.Temperature, x, xi).Holds);
            Assert.Equal(!inFlux, MetropolisLaws.FluxSymmetry(wrong, target, settings.Temperature, x, xi).Holds);
            bool honest = bug is not (AdjustedBug.AlwaysAccept or AdjustedBug.RatioReportedNotUsed);
            Assert.Equal(honest, MetropolisLaws.Decision(wrong, x, xi).Holds);
        }
    }

    [Fact]
    [Rejects("§4 MALA reverse drift uses gradient at x")]
    public void Antisymmetry_sees_a_reverse_drift_taken_at_the_wrong_end()
    {
        Target target = SampleTargets.Quartic(3);
        (LangevinSettings settings, Tensor x, Tensor xi) = Pointwise(target);
        Assert.False(MetropolisLaws.Antisymmetry(Adjusted(target, settings, AdjustedBug.ReverseDriftAtX), x, xi).Holds);
        // a flipped ratio is antisymmetric all the same: why this law is not enough
        Assert.True(MetropolisLaws.Antisymmetry(Adjusted(target, settings, AdjustedBug.RatioFlipped), x, xi).Holds);
    }

    [Fact]
    public void The_correct_ratio_passes_all()
    {
        foreach (Target target in SampleTargets.All)
        {
            (LangevinSettings settings, Tensor x, Tensor xi) = Pointwise(target);
            foreach (Kernel<LangevinState> kernel in (Kernel<LangevinState>[])[MetropolisLangevin.Create(target, settings), Adjusted(target, settings, AdjustedBug.None)])
            {
                Assert.All(MetropolisLaws.All(kernel, target, settings.Temperature, x, xi, 1e-10), law => law.Require());
            }
        }
    }

    private static LawResult Stationary(GaussianProblem p, Kernel<LangevinState> kernel) =>
        StationaryLaw.Check(kernel, GaussianProblem.ToTensor(p.StationaryCovariance), Tensor.FromArray(p.Mean.ToArray()), p.Temperature);

    private static LawResult OneStep(GaussianProblem p, Kernel<LangevinState> kernel) =>
        StationaryLaw.CheckOneStep(kernel, GaussianProblem.ToTensor(p.Drift), GaussianProblem.ToTensor(p.NoiseCovariance));

    private static (LangevinSettings Settings, Tensor X, Tensor Xi) Pointwise(Target target)
    {
        Preconditioner p = Preconditioner.Dense(GaussianProblem.ToTensor(GaussianProblem.Positive(target.Dimension, 0.5, 3, 8)));
        return (new LangevinSettings(0.15, 1.7, p), GaussianProblem.Noise(41, 6, target.Dimension), GaussianProblem.Noise(42, 6, target.Dimension));
    }
}
