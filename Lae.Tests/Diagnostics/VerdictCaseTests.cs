using System.Globalization;
using System.Text.RegularExpressions;
using Lae.Adaptation;
using Lae.Diagnostics;
using Lae.Kernels;
using Lae.Modes;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Targets.Posteriors;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Diagnostics;

/// <summary>Verdicts on runs that are known to go wrong, and on their neighbours that go right.</summary>
public sealed partial class VerdictCaseTests
{
    [Theory]
    [InlineData("MALT")]
    [InlineData("NUTS")]
    public void Eight_schools_in_the_centred_form_is_warned_of_with_every_seed_and_the_cure_is_the_other_form(string kernel)
    {
        const int Seeds = 10;
        int atTheEdge = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            Verdict verdict = Tuned(PosteriorDb.EightSchools(centred: true), kernel, seed);
            Assert.NotEqual(VerdictLevel.Good, verdict.Level);
            Assert.Contains(verdict.Reasons, reason => reason.Cure.Contains("non-centred", StringComparison.Ordinal));
            atTheEdge += verdict.Reasons.Count(reason => reason.Problem.Contains("where tau is smallest", StringComparison.Ordinal));
        }

        // now and then a chain is seldom in the neck, and it is the small effective size of tau that tells
        Assert.InRange(atTheEdge, Seeds - 2, Seeds);
    }

    [Theory]
    [InlineData("MALT", 1)]
    [InlineData("MALT", 2)]
    [InlineData("MALT", 3)]
    [InlineData("NUTS", 1)]
    [InlineData("NUTS", 2)]
    [InlineData("NUTS", 3)]
    public void The_non_centred_form_is_good(string kernel, ulong seed) =>
        Assert.Equal("good", Tuned(PosteriorDb.EightSchools(centred: false), kernel, seed).Text);

    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    [InlineData(300)]
    public void A_step_that_is_too_large_is_not_to_be_used(double stepSize)
    {
        Target target = GaussianTarget.Standard(10);
        Assert.Equal(VerdictLevel.DoNotUse, Fixed(MetropolisLangevin.Create(target, new LangevinSettings(stepSize)), 1_000).Level);
        Assert.Equal(VerdictLevel.DoNotUse, Fixed(HamiltonianMonteCarlo.Create(target, new HamiltonianSettings(stepSize, 5)), 1_000).Level);
    }

    [Fact]
    public void A_hundred_draws_of_a_chain_that_needs_ten_thousand_are_not_to_be_used_and_the_cure_says_how_many_are_needed()
    {
        // autocorrelation time 2/h = 100 transitions: 4 chains need 10,000 draws each for an effective size of 400
        Kernel<LangevinState> slow = MetropolisLangevin.Create(GaussianTarget.Standard(2), new LangevinSettings(0.02));
        Verdict verdict = Fixed(slow, 100);
        Assert.Equal(VerdictLevel.DoNotUse, verdict.Level);
        VerdictReason size = Assert.Single(verdict.Reasons, reason => reason.Problem.StartsWith("bulk ESS", StringComparison.Ordinal));
        Assert.InRange(double.Parse(DrawsNeeded().Match(size.Cure).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture), 2_000, 50_000);
        Assert.DoesNotContain(Fixed(slow, 20_000).Reasons, reason => reason.Problem.StartsWith("bulk ESS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(100)]
    public void A_mixture_whose_second_mode_no_chain_found_is_not_to_be_used(double separation)
    {
        Target target = GaussianMixture.Create([0.5, 0.5], Tensor.FromArray([0.0, 0, separation, 0], 2, 2), Tensor.Ones(new Shape(2, 2), DType.Float64)).Target;
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(target, new LangevinSettings(0.6));
        (DrawSummary summary, SamplerFigures figures, Tensor draws, _) = Run(kernel, Noise(1, 4, 2), 2_000, 1);
        Assert.Equal(VerdictLevel.Good, Verdict.Of(summary, figures).Level);
        Assert.Equal("do not use these draws: 1 mode that no chain visited", Verdict.Of(summary, figures with { UnvisitedModes = ModeSearch.Run(target, draws, Key(1, 4)).UnvisitedModes }).Text);
    }

    [Fact]
    public void An_energy_error_above_a_thousand_is_a_divergence()
    {
        Tensor ratio = Tensor.FromArray([-999.0, -1001, double.NaN, double.NegativeInfinity, 1e300, double.PositiveInfinity]);
        LangevinState state = new(Tensor.Zeros(new Shape(6, 1), DType.Float64), Tensor.Zeros(new Shape(6), DType.Float64), Tensor.Zeros(new Shape(6, 1), DType.Float64));
        Assert.Equal([0, 1, 1, 1, 0, 1], MetropolisAcceptance.Decide(ratio, Tensor.Full(0.5, new Shape(6), DType.Float64), state, state, 1).Info.Divergent!.ToArray());
    }

    private static Verdict Tuned(Posterior posterior, string kernel, ulong seed)
    {
        TunableKernel<LangevinState> tunable = kernel == "NUTS" ? TunableKernels.Nuts(posterior.Target) : TunableKernels.Malt(posterior.Target);
        WarmupResult<LangevinState> warm = Warmup.Run(tunable, Noise((int)seed, 4, posterior.Target.Dimension), Key(seed, 1));
        (_, SamplerFigures figures, Tensor draws, ChainDraws probabilities) = Run(warm.Kernel, warm.Position, 1_000, seed);
        Tensor reported = posterior.Report(draws.Reshape(-1, posterior.Target.Dimension)).Reshape(1_000, 4, posterior.Names.Count);
        EdgeAcceptance? edge = EdgeAcceptance.Least(posterior.Names, i => ChainDraws.OfPositions(reported, i), probabilities);
        return Verdict.Of(
            DrawSummary.OfPositions(posterior.Names, reported), figures with { UnvisitedModes = ModeSearch.Run(posterior.Target, draws, Key(seed, 4)).UnvisitedModes, EdgeAcceptance = edge });
    }

    private static Verdict Fixed(Kernel<LangevinState> kernel, int transitions)
    {
        (DrawSummary summary, SamplerFigures figures, _, _) = Run(kernel, Noise(1, 4, kernel.Dimension), transitions, 1);
        return Verdict.Of(summary, figures);
    }

    private static (DrawSummary Summary, SamplerFigures Figures, Tensor Draws, ChainDraws Probabilities) Run(Kernel<LangevinState> kernel, Tensor start, int transitions, ulong seed)
    {
        RunResult<LangevinState> run = ChainRunner.Run(kernel, RunState.Start(kernel, start, Key(seed, 2)), new RunOptions(transitions));
        ChainDraws probabilities = ChainDraws.Of([.. Enumerable.Range(0, start.Shape[0]).Select(chain => (IReadOnlyList<double>)[.. run.Draws.Select(draw => draw.Info.AcceptanceProbability!.ElementAt(chain))])]);
        SamplerFigures figures = new(Acceptance: [.. Enumerable.Range(0, start.Shape[0]).Select(chain => probabilities[chain].ToArray().Average())], Divergences: (long)run.Draws.Sum(draw => draw.Info.Divergent!.Sum().ToDouble()));
        return (DrawSummary.OfPositions([.. Enumerable.Range(1, kernel.Dimension).Select(i => $"x[{i}]")], run.Positions()), figures, run.Positions(), probabilities);
    }

    private static RandomKey Key(ulong seed, ulong purpose) => RandomKey.FromSeed(seed).FoldIn(1_000 + purpose);

    [GeneratedRegex(@"some ([\d,]+) draws in each")]
    private static partial Regex DrawsNeeded();
}
