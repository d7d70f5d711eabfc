using Lae.Evaluation;
using Lae.Host.Runs;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Host.Evaluating;

/// <summary>The importance-weighted bound, by the proposal that is the same for all models, and by the model's own where it has one.</summary>
internal sealed class ImportanceWeightedPart : IEvaluationPart
{
    private const int BlockRows = 256;
    private const string Common = "common.";
    private const string Own = "own.";

    /// <inheritdoc/>
    public string Name => "importanceWeighted";

    /// <inheritdoc/>
    public IReadOnlyList<string> Figures =>
    [
        "importanceWeightedBoundPerDimension", "importanceWeightedBoundStandardError", "importanceWeightedBoundEffectiveSampleSize",
        "importanceWeightedBoundOwnPerDimension", "importanceWeightedBoundOwnStandardError", "importanceWeightedBoundOwnEffectiveSampleSize",
    ];

    /// <inheritdoc/>
    public string? Obstacle(EvaluationSubject subject) => null;

    /// <inheritdoc/>
    public int Blocks(EvaluationSubject subject) => 1 + ((LikelihoodBlocks.Rows(subject, subject.Options.ImportanceObservations) + BlockRows - 1) / BlockRows);

    /// <inheritdoc/>
    public EvaluationBlock Compute(EvaluationSubject subject, int number)
    {
        RandomKey key = RunKeys.ImportanceWeights(subject.Seed).FoldIn((ulong)number);
        if (number == 0)
        {
            return LikelihoodBlocks.PriorBlock(subject);
        }

        int start = (number - 1) * BlockRows;
        Tensor x = subject.Test.Slice(0, start, Math.Min(BlockRows, LikelihoodBlocks.Rows(subject, subject.Options.ImportanceObservations) - start));
        ImportanceWeightedSettings settings = new(draws: subject.Options.ImportanceDraws);
        Dictionary<string, double[]> values = [];
        LikelihoodBlocks.Add(values, Common, ImportanceWeightedBound.Evaluate(key.FoldIn(0), subject.Model.Model, subject.Model.Parameters, x, settings).Estimates);
        if (ImportanceWeightedBound.EvaluateOwn(key.FoldIn(1), subject.Model.Model, subject.Model.Parameters, x, settings) is { } own)
        {
            LikelihoodBlocks.Add(values, Own, own.Estimates);
        }

        return new EvaluationBlock(values);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Conclude(EvaluationSubject subject, IReadOnlyList<EvaluationBlock> blocks) =>
        ImportanceWeightedBound.Figures(LikelihoodBlocks.Read(blocks, Common)!, LikelihoodBlocks.Read(blocks, Own), subject.Model.Columns);
}
