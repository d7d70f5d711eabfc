using Lae.Evaluation;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Evaluation;

/// <summary>Refinement, anomaly scores and posterior quality on factor analysis, where posteriors are Gaussians that are known.</summary>
public sealed class NewObservationTests
{
    private const int Rows = 200;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_127);
    private static readonly FactorAnalysisProblem Problem = new(Rows);

    [Fact]
    public void Refinement_from_an_encoder_that_knows_nothing_ends_at_draws_of_the_posterior()
    {
        // at the mode log p(x, z) is log p(x) + log p(z|x); draws lie d/2 below it, with deviation √(d/2)
        double mode = Problem.Model.Density(Problem.Parameters, Problem.X).LogDensity(Problem.Model.Encode(Problem.Parameters, Problem.X)).Mean().ToDouble();
        double expected = mode - (Problem.Latents / 2.0);
        RefinementGain gain = RefinementGain.Evaluate(Key, Problem.Model, Problem.Blind, Problem.X, transitions: 60);
        Assert.Equal(61, gain.LogJoint.Count);
        Assert.True(gain.LogJoint[0] < expected - 1);
        Assert.Equal(expected, gain.LogJoint.Skip(51).Average(), 5.5 * Math.Sqrt(Problem.Latents / 2.0 / Rows));
        Assert.True(gain.ReconstructionError[60] < 0.5 * gain.ReconstructionError[0]);
        Assert.InRange(gain.AcceptanceProbability, 0.4, 0.75);
        Assert.Equal(gain.LogJoint, RefinementGain.Evaluate(Key, Problem.Model, Problem.Blind, Problem.X, transitions: 60).LogJoint);
    }

    [Fact]
    public void Scores_are_the_log_joint_and_find_what_is_far_from_the_data()
    {
        Tensor far = Problem.X.Slice(0, 0, 40) + FactorAnalysisProblem.Normals(Key, 40, Problem.Columns).ScaleShift(1.5, 0);
        Tensor x = Shaping.Join(0, Problem.X, far);
        bool[] kinds = [.. Enumerable.Range(0, Rows + 40).Select(i => i >= Rows)];
        IReadOnlyList<double> encoded = AnomalyScore.NegativeLogJoint(Key, Problem.Model, Problem.Parameters, x, transitions: 0);
        double[] joint = Problem.Model.Density(Problem.Parameters, x).LogDensity(Problem.Model.Encode(Problem.Parameters, x)).ToArray();
        Assert.Equal(joint.Select(value => -value), encoded, (a, b) => Math.Abs(a - b) < 1e-9);
        double exact = DetectionFigures.Of([.. AnomalyScore.NegativeLogLikelihood(Key, Problem.Model, Problem.Parameters, x, new(draws: 100))], kinds).Auroc;
        double refined = DetectionFigures.Of([.. AnomalyScore.NegativeLogJoint(Key, Problem.Model, Problem.Blind, x, transitions: 30)], kinds).Auroc;
        Assert.InRange(exact, 0.85, 1);
        Assert.InRange(refined, 0.8, 1);
    }

    [Fact]
    public void The_gaps_are_those_of_the_closed_form()
    {
        const double Shift = 0.2;
        const double Wide = 1.5;
        AlteredModel model = new(Problem.Model, (parameters, x) => new DiagonalPosterior(Problem.Model.Encode(parameters, x) + Shift, Deviations(Wide)));
        PosteriorGaps gaps = PosteriorGaps.Evaluate(Key, model, Problem.Parameters, Problem.X, Problem.LogLikelihood, draws: 200, steps: 400)!;
        double amortization = (0.5 * Problem.Latents * ((Wide * Wide) - 1 - Math.Log(Wide * Wide))) + (0.5 * Shift * Shift * Problem.Precision.Sum().ToDouble());
        // a draw of a bound varies by the log joint under q, of variance about d/2 for q* and a few times that for q; 40,000 draws
        IReadOnlyDictionary<string, double> figures = gaps.Figures();
        Assert.Equal(Problem.BestDivergence(), figures["approximationGap"], 0.05);
        Assert.Equal(amortization, figures["amortizationGap"], 0.1);
        Assert.Equal(figures["inferenceGap"], figures["approximationGap"] + figures["amortizationGap"], 1e-9);
        Assert.True(Problem.BestDivergence() > 0.1, "a posterior that factorises would prove nothing");
        Assert.Null(PosteriorGaps.Evaluate(Key, Problem.Model, Problem.Parameters, Problem.X, Problem.LogLikelihood));
    }

    [Fact]
    public void The_distance_from_long_chains_tells_a_short_chain_from_one_that_is_long_enough()
    {
        Tensor x = Problem.X.Slice(0, 0, 20);
        PosteriorDistance one = PosteriorDistance.Evaluate(Key, Problem.Model, Problem.Parameters, x, transitions: 1, longDraws: 500);
        PosteriorDistance many = PosteriorDistance.Evaluate(Key, Problem.Model, Problem.Parameters, x, transitions: 60, longDraws: 500);
        Assert.True(one.DeviationError > 3 * many.DeviationError);
        Assert.InRange(many.MeanError, 0, 0.3);
        Assert.InRange(many.DeviationError, 0, 0.2);
        Assert.InRange(many.MeanErrorFloor, 0, 0.2);
        Assert.Equal(one.MeanErrorFloor, many.MeanErrorFloor);
        Assert.Equal(4, many.Figures().Count);
    }

    private static double[] Deviations(double factor) => [.. Enumerable.Range(0, Problem.Latents).Select(j => factor / Math.Sqrt(Problem.Diagonal(j)))];
}
