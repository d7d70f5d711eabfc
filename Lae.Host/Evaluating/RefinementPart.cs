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
        Inference inference = Inference.Of(RunKeys.Inference(subject.Seed), subject.Model, subject.Test, subject.Options.RefinementTransitions);
        return new EvaluationBlock(new Dictionary<string, double[]>
        {
            [Figures[0]] = [inference.MeanLogJoint[^1] - inference.MeanLogJoint[0]],
            [Figures[1]] = [inference.Acceptance],
        });
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Conclude(EvaluationSubject subject, IReadOnlyList<EvaluationBlock> blocks) =>
        blocks[0].Values.ToDictionary(figure => figure.Key, figure => figure.Value[0], StringComparer.Ordinal);
}
