using Lae.Host.Runs;

namespace Lae.Host.Evaluating;

/// <summary>What inference of new observations gains by the transitions after the encoding: the rise of log p(z) + log p(x | z), in nats, the mean over the test observations.</summary>
internal sealed class RefinementPart : IEvaluationPart
{
    /// <inheritdoc/>
    public string Name => "refinement";

    /// <inheritdoc/>
    public IReadOnlyList<string> Figures => ["refinementGain", "refinementAcceptance"];

    /// <inheritdoc/>
    public string? Obstacle(EvaluationSubject subject) => subject.Options.RefinementTransitions > 0 ? null : "Evaluation:RefinementTransitions is 0";

    /// <inheritdoc/>
    public int Blocks(EvaluationSubject subject) => 1;

    /// <inheritdoc/>
    public EvaluationBlock Compute(EvaluationSubject subject, int number)
    {
        return new EvaluationBlock(new Dictionary<string, double[]>
        {
            [Figures[0]] = [subject.Inferred.MeanLogJoint[^1] - subject.Inferred.MeanLogJoint[0]],
            [Figures[1]] = [subject.Inferred.Acceptance],
        });
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Conclude(EvaluationSubject subject, IReadOnlyList<EvaluationBlock> blocks) =>
        blocks[0].Values.ToDictionary(figure => figure.Key, figure => figure.Value[0], StringComparer.Ordinal);
}
