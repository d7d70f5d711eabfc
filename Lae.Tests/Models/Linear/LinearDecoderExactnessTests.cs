using Lae.Evaluation;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Tests.Evaluation;

namespace Lae.Tests.Models;

/// <summary>Models with a linear decoder against the exact optimum, with all learned and with the decoder held at a rotated solution, and estimates of log p(x) against its exact value: docs/exactness.md.</summary>
public sealed class LinearDecoderExactnessTests
{
    private static readonly ulong[] Seeds = [2, 3, 4];
    private static readonly PpcaProblem Problem = new(seed: 1);
    private static readonly LinearDecoderTrials Trials = new(new DataDescription(PpcaProblem.Columns, null, Problem.Rows));
    private static readonly LinearGaussian Rotated = Turned();

    [Fact]
    public void The_exact_answers_are_read_off_the_contract()
    {
        LangevinAutoencoder model = (LangevinAutoencoder)Trials.Distilled(2).Make(0.01);
        TensorTree parameters = model.Initialize(RandomKey.FromSeed(3)).Parameters.With("likelihood.tau", Tensor.Scalar(0.7, DType.Float64));
        double variance = 1 / parameters["likelihood.tau"].Softplus().ToDouble();
        Assert.Equal(
            Problem.LogMarginalLikelihood(parameters["decoder.0.weight"], variance, parameters["decoder.0.bias"]),
            LinearDecoder.Of(model, parameters).LogMarginal(Problem.Data).Mean().ToDouble(),
            1e-10);
    }

    [Fact]
    public void The_mean_field_optimum_has_no_slope_and_lies_below_the_optimum_that_the_rotation_keeps()
    {
        MeanFieldOptimum found = MeanFieldOptimum.Of(Rotated, Problem.Data);
        Assert.Equal(Problem.MaximumLogMarginalLikelihood(), Rotated.LogMarginal(Problem.Data).Mean().ToDouble(), 1e-10);
        Assert.True(found.Gap > 0 && found.BoundGap > found.Gap + 0.05 && found.BoundGap < MeanFieldOptimum.Divergence(Rotated));
        const double Width = 1e-4;
        Assert.Equal(0, (BoundAt(1 + Width) - BoundAt(1 - Width)) / (2 * Width), 1e-5);

        double BoundAt(double factor)
        {
            LinearGaussian model = new(Rotated.Loadings, Rotated.Mean, Tensor.Full(factor * found.Variance, Rotated.Variances.Shape, DType.Float64));
            return model.LogMarginal(Problem.Data).Mean().ToDouble() - MeanFieldOptimum.Divergence(model);
        }
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Models_reach_what_their_inference_lets_them_reach()
    {
        ExactnessRow[] rows = [.. Trials.All.Select(trial => new ExactnessRow(
            trial.Name,
            [.. Seeds.Select(seed => trial.Run(Problem, seed, held: null))],
            trial.LearnsByGradients ? [.. Seeds.Select(seed => trial.Run(Problem, seed, Rotated))] : []))];
        MeanFieldOptimum meanField = MeanFieldOptimum.Of(Rotated, Problem.Data);
        FactorAnalysisProblem points = new(200);
        LikelihoodEstimates weighted = ImportanceWeightedBound.Evaluate(RandomKey.FromSeed(20_261_127), points.Model, points.Parameters, points.X, new ImportanceWeightedSettings());
        LikelihoodEstimates annealed = AnnealedLikelihood.Combine(
            AnnealedLikelihood.Blocks(RandomKey.FromSeed(20_261_127), points.Model, points.Parameters, points.X, new AnnealedLikelihoodSettings(chains: 100, rows: 100)));
        if (Environment.GetEnvironmentVariable("LAE_WRITE_DOCS") == "1")
        {
            File.WriteAllText(
                Path.Combine(SharedFiles.Root(), "docs", "exactness.md"),
                ExactnessPage.Text(Problem, Rotated.Variances.ElementAt(0), rows, meanField, points, [("importance-weighted bound, K = 500", weighted), ("annealed importance sampling", annealed)]));
        }

        Assert.All(rows.SelectMany(row => row.Learned.Concat(row.Held)), outcome => Assert.True(outcome.Gap > -1e-9));
        Dictionary<string, ExactnessRow> by = rows.ToDictionary(row => row.Name, StringComparer.Ordinal);
        Assert.All(by["LAE distilled, T = 2"].Learned, outcome => Assert.InRange(outcome.Gap, 0.05, 0.5));
        Assert.All(new[] { 2, 5 }, transitions => Assert.True(
            by[$"LAE distilled, Gauss–Newton, T = {transitions}"].Learned.Max(outcome => outcome.Gap) < by[$"LAE distilled, T = {transitions}"].Learned.Min(outcome => outcome.Gap)));
        string[] exact = ["LAE distilled, T = 20", "LAE distilled, Gauss–Newton, T = 5", "alternating back-propagation, T = 2", "VAE", "IWAE, K = 5", "IWAE, K = 20", "probabilistic PCA by EM"];
        Assert.All(exact, name => Assert.All(by[name].Learned, outcome => Assert.InRange(outcome.Gap, -1e-9, 0.02)));
        Assert.All(by["VAE"].Learned, outcome => Assert.InRange(outcome.BoundGap!.Value, -0.005, 0.02));

        // with the decoder held the chains still close the gap, and the diagonal family ends where it must
        string[] closing = ["LAE distilled, T = 20", "alternating back-propagation, T = 2"];
        Assert.All(closing, name => Assert.All(by[name].Held, outcome => Assert.InRange(outcome.Gap, -1e-9, 0.001)));
        Assert.All(by["VAE"].Held, outcome => Assert.Equal(meanField.Variance, outcome.Variance, 0.01 * meanField.Variance));
        Assert.All(by["VAE"].Held, outcome => Assert.Equal(meanField.BoundGap, outcome.BoundGap!.Value, 0.01));
        Assert.Equal(points.Exact, weighted.Mean, 4 * weighted.MeanStandardError);
        Assert.Equal(points.Exact, annealed.Mean, 4 * annealed.MeanStandardError);
        Assert.All([weighted, annealed], (LikelihoodEstimates estimates) => Assert.InRange(ExactnessPage.Largest(points, estimates), 0, 4));
    }

    /// <summary>The optimum with its columns turned by a reflection of every axis, so that no two axes of the posterior stay apart.</summary>
    private static LinearGaussian Turned()
    {
        const int K = PpcaProblem.Latents;
        LinearGaussian optimum = LinearExpectationMaximization.PrincipalComponents(Problem.Data, K);
        Tensor turn = Tensor.Identity(K, DType.Float64) - (Tensor.Ones(new Shape(K, K), DType.Float64) * (2.0 / K));
        return new LinearGaussian(optimum.Loadings.MatMul(turn), optimum.Mean, optimum.Variances);
    }
}
