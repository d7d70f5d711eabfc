using Lae.Evaluation;
using Lae.Host.Runs;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Host.Evaluating;

/// <summary>How good inferred posteriors are, beside long MALA chains; where the model has a q(z | x) of its own, also what it loses by its family and what by its encoder, apart.</summary>
internal sealed class PosteriorPart : IEvaluationPart
{
    /// <summary>Observations in a block; with the key they decide the bits.</summary>
    private const int BlockRows = 32;

    private const string Rows = "rows";
    private static readonly string[] Gaps = ["approximationGap", "amortizationGap", "inferenceGap"];
    private static readonly string[] Distances = ["posteriorMeanError", "posteriorDeviationError", "posteriorMeanErrorFloor", "posteriorDeviationErrorFloor"];

    /// <inheritdoc/>
    public string Name => "posterior";

    /// <inheritdoc/>
    public IReadOnlyList<string> Figures => [.. Distances, .. Gaps];

    /// <inheritdoc/>
    public string? Obstacle(EvaluationSubject subject) =>
        subject.Options.PosteriorObservations == 0 ? "Evaluation:PosteriorObservations is 0"
        : subject.Options.PosteriorTransitions == 0 && !HasOwn(subject) ? "Evaluation:PosteriorTransitions is 0, and an encoding alone is no distribution"
        : null;

    /// <inheritdoc/>
    public int Blocks(EvaluationSubject subject) => (Observations(subject) + BlockRows - 1) / BlockRows;

    /// <inheritdoc/>
    public EvaluationBlock Compute(EvaluationSubject subject, int number)
    {
        int start = number * BlockRows;
        Tensor x = subject.Test.Slice(0, start, Math.Min(BlockRows, Observations(subject) - start));
        RandomKey key = RunKeys.Posteriors(subject.Seed).FoldIn((ulong)number);
        TrainedModel model = subject.Model;
        Dictionary<string, double[]> values = new(StringComparer.Ordinal) { [Rows] = [x.Shape[0]] };
        Add(values, PosteriorDistance.Evaluate(key.FoldIn(0), model.Model, model.Parameters, x, subject.Options.PosteriorTransitions).Figures());
        if (HasOwn(subject))
        {
            // A prior that is not normalised adds its constant to the likelihood and to both bounds: it falls out of the gaps.
            double[] logLikelihood =
            [
                .. AnnealedLikelihood.ForwardBlock(key.FoldIn(1), model.Model, model.Parameters, x, AnnealedLikelihoodPart.Settings(subject), 0).Estimates.Select(estimate => estimate.Value),
            ];
            Add(values, PosteriorGaps.Evaluate(key.FoldIn(2), model.Model, model.Parameters, x, logLikelihood)!.Figures());
        }

        return new EvaluationBlock(values);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Conclude(EvaluationSubject subject, IReadOnlyList<EvaluationBlock> blocks)
    {
        double rows = blocks.Sum(block => block.Values[Rows][0]);
        double Mean(string name, Func<double, double> of) => blocks.Sum(block => block.Values[Rows][0] * of(block.Values[name][0])) / rows;
        Dictionary<string, double> figures = Distances.ToDictionary(name => name, name => Math.Sqrt(Mean(name, error => error * error)), StringComparer.Ordinal);
        foreach (string name in Gaps.Where(blocks[0].Values.ContainsKey))
        {
            figures[name] = Mean(name, gap => gap);
        }

        return figures;
    }

    private static bool HasOwn(EvaluationSubject subject) => subject.Model.Model.ApproximatePosterior(subject.Model.Parameters, subject.Test.Slice(0, 0, 1)) is not null;

    private static int Observations(EvaluationSubject subject) => Math.Min(subject.Options.PosteriorObservations, subject.Test.Shape[0]);

    private static void Add(Dictionary<string, double[]> values, IReadOnlyDictionary<string, double> figures)
    {
        foreach ((string name, double value) in figures)
        {
            values[name] = [value];
        }
    }
}
