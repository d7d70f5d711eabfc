using Lae.Host.Runs;

namespace Lae.Host.Evaluating;

/// <summary>The figures that every model gets after training: the bound about the encoding, and errors of reconstructions.</summary>
internal sealed class ReconstructionPart : IEvaluationPart
{
    private const string PosteriorError = "posteriorSquaredError";

    /// <inheritdoc/>
    public string Name => "reconstruction";

    /// <inheritdoc/>
    public IReadOnlyList<string> Figures => ["negativeElboPerDimension", "negativeElboBestWidthPerDimension", "bestWidth", "reconstructionError", PosteriorError];

    /// <inheritdoc/>
    public string? Obstacle(EvaluationSubject subject) => null;

    /// <inheritdoc/>
    public int Blocks(EvaluationSubject subject) => 2;

    /// <inheritdoc/>
    public EvaluationBlock Compute(EvaluationSubject subject, int number) => new(number == 0
        ? subject.Model.Model.Evaluate(RunKeys.Evaluation(subject.Seed), subject.Model.Parameters, subject.Test, subject.Options.Bound).ToDictionary(figure => figure.Key, figure => (double[])[figure.Value], StringComparer.Ordinal)
        : new Dictionary<string, double[]> { [PosteriorError] = [FinalEvaluation.PosteriorSquaredError(subject.Run, subject.Model, subject.Test)] });

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Conclude(EvaluationSubject subject, IReadOnlyList<EvaluationBlock> blocks) =>
        blocks.SelectMany(block => block.Values).ToDictionary(figure => figure.Key, figure => figure.Value[0], StringComparer.Ordinal);
}
