using Lae.Annealing;
using Lae.Evaluation;
using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Evaluation;

/// <summary>Annealed importance sampling of log p(x) against its exact value: factor analysis on 200 points, forward and reverse; one dimension with a short schedule, where only exactness keeps it unbiased.</summary>
public sealed class AnnealedLikelihoodTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_127);

    [Fact]
    public void It_agrees_with_the_exact_likelihood_of_200_points_within_four_standard_errors()
    {
        FactorAnalysisProblem problem = new(200);
        AnnealedLikelihoodSettings settings = new(rows: 100);
        LikelihoodEstimates found = AnnealedLikelihood.Combine(AnnealedLikelihood.Blocks(Key, problem.Model, problem.Parameters, problem.X, settings));
        Assert.Equal(200, found.Estimates.Count);
        Assert.InRange(found.MeanStandardError, 1e-4, 0.02);
        Assert.Equal(problem.Exact, found.Mean, 4 * found.MeanStandardError);
    }

    [Fact]
    public void Forward_and_reverse_hold_the_truth_between_them()
    {
        FactorAnalysisProblem problem = new(100);
        AnnealedLikelihoodSettings settings = new(temperatures: 60, rows: 100);
        double[] forward = Errors(AnnealedLikelihood.ForwardBlock(Key, problem.Model, problem.Parameters, problem.X, settings, 0), problem);
        double[] reverse = Errors(AnnealedLikelihood.ReverseBlock(Key, problem.Model, problem.Parameters, problem.X, problem.Z, settings, 0), problem);
        // errors of different observations are independent: five deviations of their mean
        Assert.InRange(forward.Average(), -0.3, 5 * Deviation(forward) / 10);
        Assert.InRange(reverse.Average(), -5 * Deviation(reverse) / 10, 0.3);
        Assert.InRange(reverse.Average() - forward.Average(), -5 * (Deviation(forward) + Deviation(reverse)) / 10, 0.4);
    }

    [Fact]
    public void A_short_schedule_in_one_dimension_is_unbiased()
    {
        FactorAnalysisProblem problem = new(4, columns: 1, latents: 1, deviation: 0.3);
        AnnealedLikelihoodSettings settings = new(chains: 20_000, temperatures: 4, pilotChains: 500);
        AnnealedLikelihoodBlock block = AnnealedLikelihood.ForwardBlock(Key, problem.Model, problem.Parameters, problem.X, settings, 0);
        Assert.All(block.Estimates.Zip(problem.LogLikelihood), pair =>
        {
            Assert.InRange(pair.First.StandardError, 1e-3, 0.1);
            Assert.Equal(pair.Second, pair.First.Value, 5.5 * pair.First.StandardError);
        });
    }

    [Fact]
    public void Weighing_after_the_move_is_seen()
    {
        // the planted bug: log w takes the state after the transition at β_k instead of the one before
        FactorAnalysisProblem problem = new(4, columns: 1, latents: 1, deviation: 0.3);
        const int Chains = 20_000;
        Workspace workspace = Workspace.Pooled();
        LatentDensity joint = problem.Model.Density(problem.Parameters, problem.X.CopyTo(workspace));
        IPrior prior = new StandardNormalPrior();
        LatentBridge bridge = new(z => LatentBridge.OfPrior(prior, z), joint.Evaluate);
        AnnealedLikelihoodSettings settings = new(Chains, 4);
        Tensor start = prior.Sample(Key, 4 * Chains, 1, DType.Float64).CopyTo(workspace);
        AnnealedWay way = new(bridge, settings);
        double[] stepSizes = way.StepSizes(Key.FoldIn(1), start.Slice(0, 0, 2000));
        double[] right = way.LogWeights(Key.FoldIn(2), start, stepSizes, reverse: false);
        double[] wrong = new double[4 * Chains];
        LatentBridgeState state = bridge.At(start);
        for (int k = 1; k < settings.Schedule.Length; k++)
        {
            double beta = settings.Schedule[k];
            state = bridge.Move(new NoiseSource(Key.FoldIn(2), k - 1, Lae.Kernels.Chains.Range(4 * Chains), workspace), state, beta, stepSizes[k]).State;
            double[] gap = (state.EndLogDensity - state.StartLogDensity).ToArray();
            wrong = [.. wrong.Zip(gap, (sum, value) => sum + ((beta - settings.Schedule[k - 1]) * value))];
        }

        Assert.True(Agrees(right));
        Assert.False(Agrees(wrong));

        bool Agrees(double[] logWeights) => LikelihoodEstimates.OfLogWeights(logWeights, 4, 0, 0).Zip(problem.LogLikelihood)
            .All(pair => Math.Abs(pair.First.Value - pair.Second) <= 5.5 * pair.First.StandardError);

    }

    [Fact]
    public void The_standard_error_covers_the_error()
    {
        // one observation 200 times: the share of errors within two standard errors is 0.954 at best, 5.6 deviations above 0.87
        FactorAnalysisProblem one = new(1, columns: 1, latents: 1, deviation: 0.3);
        Tensor x = Shaping.Join(0, [.. Enumerable.Repeat(one.X, 200)]);
        AnnealedLikelihoodSettings settings = new(chains: 100, temperatures: 40, rows: 200);
        AnnealedLikelihoodBlock block = AnnealedLikelihood.ForwardBlock(Key, one.Model, one.Parameters, x, settings, 0);
        double covered = block.Estimates.Average(estimate => Math.Abs(estimate.Value - one.LogLikelihood[0]) <= 2 * estimate.StandardError ? 1.0 : 0);
        Assert.InRange(covered, 0.87, 1);
    }

    [Fact]
    public void Blocks_that_were_done_need_not_be_done_again()
    {
        FactorAnalysisProblem problem = new(5);
        AnnealedLikelihoodSettings settings = new(chains: 3, temperatures: 5, rows: 2);
        List<AnnealedLikelihoodBlock> whole = [.. AnnealedLikelihood.Blocks(Key, problem.Model, problem.Parameters, problem.X, settings)];
        List<AnnealedLikelihoodBlock> rest = [.. AnnealedLikelihood.Blocks(Key, problem.Model, problem.Parameters, problem.X, settings, first: 1)];
        Assert.Equal([0, 1, 2], whole.Select(block => block.Block));
        Assert.Equal([2, 2, 1], whole.Select(block => block.Estimates.Count));
        Assert.Equal(whole.Skip(1).SelectMany(block => block.Estimates), rest.SelectMany(block => block.Estimates));
        Assert.Empty(AnnealedLikelihood.Blocks(Key, problem.Model, problem.Parameters, problem.X, settings, first: 3));
    }

    [Fact]
    public void A_prior_that_is_not_normalised_starts_at_a_normal_and_its_constant_is_taken_off()
    {
        FactorAnalysisProblem problem = new(50);
        AnnealedLikelihoodSettings settings = new(rows: 50);
        AlteredModel model = new(problem.Model, raised: 2.25);
        LikelihoodEstimates found = AnnealedLikelihood.Combine([AnnealedLikelihood.ForwardBlock(Key, model, problem.Parameters, problem.X, settings, 0, logPriorConstant: 2.25)]);
        Assert.Equal(problem.Exact, found.Mean, 4 * found.MeanStandardError);
        Assert.Throws<ArgumentException>(() => AnnealedLikelihood.ReverseBlock(Key, model, problem.Parameters, problem.X, problem.Z, settings, 0));
    }

    [Fact]
    public void The_constant_of_a_prior_is_found()
    {
        // p̃ = exp(c − a |z|²/2 − a (d/2) log 2π): log Z = c + (1 − a)(d/2) log 2π − (d/2) log a
        const double C = 1.5;
        const double A = 2.5;
        LogNormalizingConstant found = PriorConstant.Estimate(Key, new RaisedPrior(new StandardNormalPrior(), C, A), 4, DType.Float64);
        Assert.InRange(found.StandardError, 1e-5, 0.05);
        Assert.Equal(C + ((1 - A) * 2 * Math.Log(2 * Math.PI)) - (2 * Math.Log(A)), found.Value, 5.5 * found.StandardError);
        Assert.Equal(new LogNormalizingConstant(0, 0, 256), PriorConstant.Estimate(Key, new StandardNormalPrior(), 4, DType.Float64));
    }

    [Fact]
    public void Figures_have_their_stable_names()
    {
        LikelihoodEstimates estimates = new([new(-3, 0.3, 10), new(-5, 0.4, 20)]);
        IReadOnlyDictionary<string, double> figures = AnnealedLikelihood.Figures(estimates, 0.6);
        Assert.Equal(-4, figures["logLikelihoodAis"]);
        Assert.Equal(0.65, figures["logLikelihoodAisStandardError"], 1e-12);
        Assert.Equal(15, figures["logLikelihoodAisEffectiveSampleSize"]);
    }

    private static double[] Errors(AnnealedLikelihoodBlock block, FactorAnalysisProblem problem) => [.. block.Estimates.Zip(problem.LogLikelihood, (estimate, exact) => estimate.Value - exact)];

    private static double Deviation(double[] values) => Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));
}
