using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using static Lae.Tests.Kernels.Mutants.BarkerMutants;

namespace Lae.Tests.Kernels;

/// <summary>Which law of the Barker proposal sees which bug.</summary>
public sealed class BarkerPlantedBugTests
{
    [Theory]
    [InlineData(BarkerBug.None, false, false)]
    [InlineData(BarkerBug.NoProposalRatio, true, true)]
    [InlineData(BarkerBug.RatioFlipped, true, true)]
    [InlineData(BarkerBug.AlwaysAccept, false, true)]
    [InlineData(BarkerBug.GradientAtXInBoth, true, true)]
    [InlineData(BarkerBug.TemperatureMissingInEnergy, true, true)]
    [InlineData(BarkerBug.TemperatureMissingInRatio, true, true)]
    [InlineData(BarkerBug.RatioReportedNotUsed, false, true)]
    public void The_ratio_and_the_flux_see_each_bug_of_the_acceptance(BarkerBug bug, bool inRatio, bool inFlux)
    {
        foreach (BarkerCase c in Cases())
        {
            Kernel<LangevinState> wrong = Create(c.Target, c.Settings, bug);
            BarkerMove move = c.Move(wrong);
            double ratio = Enumerable.Range(0, move.Reported.Length).Max(i => Math.Abs(move.Reported[i] - move.Ratio(i)) / move.Scale(i));
            Assert.Equal(inRatio, ratio > 1e-11);
            Assert.Equal(inFlux, move.FluxGaps(wrong).Max() > 1e-10);
        }
    }

    [Theory]
    [InlineData(BarkerBug.None, false)]
    [InlineData(BarkerBug.DirectionReversed, true)]
    [InlineData(BarkerBug.DirectionIgnored, true)]
    public void The_chances_of_directions_see_a_proposal_that_is_another(BarkerBug bug, bool seen)
    {
        foreach (BarkerCase c in Cases())
        {
            BarkerMove move = c.Move(c.Kernel);
            double[] chance = BarkerTests.DirectionChances(Create(c.Target, c.Settings, bug), c.Positions(), c.Noise()).Enumerate().ToArray();
            double[] w = (Math.Sqrt(2 * c.StepSize * c.Temperature) * GaussianProblem.ToMatrix(c.Noise())).Enumerate().ToArray();
            double gap = chance.Zip(w.Zip(move.Here.Enumerate())).Max(pair => Math.Abs(pair.First - (1 / (1 + Math.Exp(-pair.Second.First * pair.Second.Second)))));
            Assert.Equal(seen, gap > 1e-9);
        }
    }

    [Fact]
    public void A_gradient_that_is_left_behind_is_seen_by_the_caches()
    {
        BarkerCase c = Cases().First();
        LawResult law = RunnerLaws.CachesFollow(Create(c.Target, c.Settings, BarkerBug.StaleGradient), c.Positions(), RandomKey.FromSeed(1));
        Assert.False(law.Holds);
        Assert.Contains("gradient", law.Explanation, StringComparison.Ordinal);
    }

    private static IEnumerable<BarkerCase> Cases() => SampleTargets.All.Select(target => new BarkerCase(target, 0.3, 1.7, PreconditionerKind.Dense, 41));
}
