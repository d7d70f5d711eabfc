using Lae.Evaluation;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Evaluation;

/// <summary>The bound against the exact log p(x) of factor analysis, and bugs that it must not survive.</summary>
public sealed class ImportanceWeightedBoundTests
{
    private const int Rows = 200;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_127);
    private static readonly FactorAnalysisProblem Problem = new(Rows);
    private static readonly ImportanceWeightedSettings Settings = new();

    [Fact]
    public void By_the_common_proposal_it_agrees_with_the_exact_likelihood_within_four_standard_errors()
    {
        LikelihoodEstimates found = ImportanceWeightedBound.Evaluate(Key, Problem.Model, Problem.Parameters, Problem.X, Settings);
        Assert.InRange(found.MeanStandardError, 1e-5, 5e-3);
        Assert.Equal(Problem.Exact, found.Mean, 4 * found.MeanStandardError);
        Assert.InRange(found.MedianEffectiveSampleSize, 0.5 * Settings.Draws, Settings.Draws);
        // each observation on its own: seven errors, and nothing is systematic about it
        Assert.All(Enumerable.Range(0, Rows), i => Assert.Equal(Problem.LogLikelihood[i], found.Estimates[i].Value, 7 * found.Estimates[i].StandardError));
    }

    [Fact]
    public void It_does_not_depend_on_the_encoder()
    {
        LikelihoodEstimates found = ImportanceWeightedBound.Evaluate(Key, Problem.Model, Problem.Blind, Problem.X, Settings);
        Assert.Equal(Problem.Exact, found.Mean, 4 * found.MeanStandardError);
    }

    [Fact]
    public void By_the_models_own_posterior_it_agrees_too_and_a_model_without_one_has_none()
    {
        AlteredModel model = new(Problem.Model, (parameters, x) => new DiagonalPosterior(Problem.Model.Encode(parameters, x), Deviations(1.2)));
        LikelihoodEstimates found = ImportanceWeightedBound.EvaluateOwn(Key, model, Problem.Parameters, Problem.X, Settings)!;
        Assert.Equal(Problem.Exact, found.Mean, 4 * found.MeanStandardError);
        Assert.Null(ImportanceWeightedBound.EvaluateOwn(Key, Problem.Model, Problem.Parameters, Problem.X, Settings));
    }

    [Fact]
    public void Forgetting_the_density_of_the_proposal_is_seen() => Assert.False(Agrees((proposal, _, first, count) =>
    {
        ProposalDraws draws = proposal.Sample(Key, first, count);
        return draws with { LogDensity = new double[draws.LogDensity.Length] };
    }));

    [Fact]
    public void Widening_the_draws_without_their_density_is_seen() => Assert.False(Agrees((proposal, narrow, first, count) =>
        proposal.Sample(Key, first, count) with { LogDensity = narrow.Sample(Key, first, count).LogDensity }));

    [Fact]
    public void Without_a_bug_the_same_check_passes() => Assert.True(Agrees((proposal, _, first, count) => proposal.Sample(Key, first, count)));

    [Fact]
    public void The_constant_of_a_prior_that_is_not_normalised_is_taken_off()
    {
        LikelihoodEstimates found = ImportanceWeightedBound.Evaluate(Key, Problem.Model, Problem.Parameters, Problem.X, Settings);
        LikelihoodEstimates raised = ImportanceWeightedBound.Evaluate(Key, new AlteredModel(Problem.Model, raised: 3.5), Problem.Parameters, Problem.X, Settings, logPriorConstant: 3.5);
        Assert.Equal(found.Mean, raised.Mean, 1e-9);
    }

    [Fact]
    public void Figures_have_their_stable_names_and_are_negative_bounds_per_dimension()
    {
        LikelihoodEstimates found = ImportanceWeightedBound.Evaluate(Key, Problem.Model, Problem.Parameters, Problem.X.Slice(0, 0, 3), new(draws: 20));
        IReadOnlyDictionary<string, double> figures = ImportanceWeightedBound.Figures(found, found, Problem.Columns);
        Assert.Equal(-found.Mean / Problem.Columns, figures["importanceWeightedBoundPerDimension"]);
        Assert.Equal(-found.Mean / Problem.Columns, figures["importanceWeightedBoundOwnPerDimension"]);
        Assert.Equal(found.MedianEffectiveSampleSize, figures["importanceWeightedBoundEffectiveSampleSize"]);
    }

    [Fact]
    public void A_proposal_has_the_moments_and_the_density_of_its_fit_even_with_fewer_draws_than_dimensions()
    {
        FittedProposal proposal = FittedProposal.Fit(FactorAnalysisProblem.Normals(Key, 4, 5).Reshape(4, 1, 5), 1.2);
        ProposalDraws draws = proposal.Sample(Key, 0, 40_000);
        Assert.All(draws.LogDensity, value => Assert.True(double.IsFinite(value)));
        // E log q = −(d/2) log 2πe − log det L, of deviation √(d/2): log det L is read off the largest density
        Tensor z = Tensor.FromArray(draws.Latents, 40_000, 5);
        Tensor centred = z - z.Mean(0);
        Tensor covariance = centred.MatMul(centred, transposeA: true) / 40_000;
        double half = Enumerable.Range(0, 5).Sum(j => Math.Log(covariance.Cholesky().ElementAt((j * 5) + j)));
        Assert.Equal(-(2.5 * Math.Log(2 * Math.PI * Math.E)) - half, draws.LogDensity.Average(), 0.06);
    }

    [Theory]
    [InlineData(0, 100, 4, 1.2)]
    [InlineData(500, 1, 4, 1.2)]
    [InlineData(500, 100, 0, 1.2)]
    [InlineData(500, 100, 4, 0)]
    [InlineData(500, 100, 4, double.NaN)]
    public void Settings_out_of_range_are_refused(int draws, int chainDraws, int transitions, double widening) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImportanceWeightedSettings(draws, chainDraws, transitions, widening));

    private static double[] Deviations(double factor) => [.. Enumerable.Range(0, Problem.Latents).Select(j => factor * Math.Sqrt(Models.ConjugateToy.Inverse(Problem.Precision).ElementAt((j * Problem.Latents) + j)))];

    private static bool Agrees(Func<FittedProposal, FittedProposal, int, int, ProposalDraws> sample)
    {
        Tensor chain = PosteriorRefinement.Sample(Key.FoldIn(9), Problem.Model.Density(Problem.Parameters, Problem.X), Problem.Model.Encode(Problem.Parameters, Problem.X), 100, 4);
        FittedProposal proposal = FittedProposal.Fit(chain, 1.2);
        FittedProposal narrow = FittedProposal.Fit(chain, 1);
        double[] logWeights = ImportanceWeightedBound.LogWeights(Problem.Model.Density, Problem.Parameters, Problem.X, 500, (first, count) => sample(proposal, narrow, first, count));
        LikelihoodEstimates found = new([.. LikelihoodEstimates.OfLogWeights(logWeights, Rows, 0, 0)]);
        return Math.Abs(found.Mean - Problem.Exact) <= 4 * found.MeanStandardError;
    }
}
