using Lae.Evaluation;
using Lae.Host.Runs;

namespace Lae.Host.Evaluating;

/// <summary>How well the score, −log p(z) − log p(x | z) at the refined latent point, tells the class that was held out of training from the others.</summary>
internal sealed class DetectionPart : IEvaluationPart
{
    private const string Scores = "scores";

    /// <inheritdoc/>
    public string Name => "detection";

    /// <inheritdoc/>
    public IReadOnlyList<string> Figures => ["auroc", "averagePrecision"];

    /// <inheritdoc/>
    public string? Obstacle(EvaluationSubject subject) => subject.Anomalous() is null ? "no class was held out of training (Data:HoldOut)" : null;

    /// <inheritdoc/>
    public int Blocks(EvaluationSubject subject) => 1;

    /// <inheritdoc/>
    public EvaluationBlock Compute(EvaluationSubject subject, int number) =>
        new(new Dictionary<string, double[]> { [Scores] = Array.ConvertAll(subject.Inferred.LogJoint, logJoint => -logJoint) });

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Conclude(EvaluationSubject subject, IReadOnlyList<EvaluationBlock> blocks)
    {
        double[] scores = blocks[0].Values[Scores];
        bool[] anomalous = subject.Anomalous()!;
        return DetectionFigures.Of(scores, anomalous).Figures();
    }
}
