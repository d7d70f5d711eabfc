using Lae.Annealing;
using Lae.Evaluation;
using Lae.Host.Runs;
using Lae.Randomness;

namespace Lae.Host.Evaluating;

/// <summary>
/// What the estimates of log p(x) have in common. Their first block is the constant of a prior that is not normalised, 0 for another; it is taken off at the end, so that the other blocks do not depend on it. Estimates are of the first so many test observations.
/// </summary>
internal static class LikelihoodBlocks
{
    private const string EstimatedValue = "value";
    private const string StandardError = "standardError";
    private const string EffectiveSampleSize = "effectiveSampleSize";

    /// <summary>How many observations are estimated.</summary>
    /// <param name="subject">What is judged.</param>
    /// <param name="wanted">How many are wanted; 0 for all.</param>
    public static int Rows(EvaluationSubject subject, int wanted) => wanted == 0 ? subject.Test.Shape[0] : Math.Min(wanted, subject.Test.Shape[0]);

    /// <summary>The block of the prior's constant.</summary>
    /// <param name="subject">What is judged.</param>
    public static EvaluationBlock PriorBlock(EvaluationSubject subject) =>
        new(new Dictionary<string, double[]> { [EstimatedValue] = [subject.PriorConstant.Value], [StandardError] = [subject.PriorConstant.StandardError] });

    /// <summary>The prior's constant and its standard error.</summary>
    /// <param name="block">The first block.</param>
    public static (double Value, double StandardError) Prior(EvaluationBlock block) => (block.Values[EstimatedValue][0], block.Values[StandardError][0]);

    /// <summary>Puts estimates into a block.</summary>
    /// <param name="values">The numbers of the block.</param>
    /// <param name="prefix">What their names begin with.</param>
    /// <param name="estimates">The estimates.</param>
    public static void Add(Dictionary<string, double[]> values, string prefix, IReadOnlyList<LogNormalizingConstant> estimates)
    {
        values[prefix + EstimatedValue] = [.. estimates.Select(estimate => estimate.Value)];
        values[prefix + StandardError] = [.. estimates.Select(estimate => estimate.StandardError)];
        values[prefix + EffectiveSampleSize] = [.. estimates.Select(estimate => estimate.EffectiveSampleSize)];
    }

    /// <summary>The values alone, of all blocks in order.</summary>
    /// <param name="blocks">Blocks that hold estimates.</param>
    /// <param name="prefix">What the names begin with.</param>
    public static IEnumerable<double> Values(IReadOnlyList<EvaluationBlock> blocks, string prefix) => blocks.SelectMany(block => block.Values[prefix + EstimatedValue]);

    /// <summary>The estimates of blocks, the prior's constant taken off; null where the blocks have none of the prefix.</summary>
    /// <param name="blocks">All blocks.</param>
    /// <param name="prefix">What the names begin with.</param>
    public static LikelihoodEstimates? Read(IReadOnlyList<EvaluationBlock> blocks, string prefix)
    {
        double constant = Prior(blocks[0]).Value;
        return blocks[1].Values.ContainsKey(prefix + EstimatedValue)
            ? new LikelihoodEstimates([.. blocks.Skip(1).SelectMany(block => block.Values[prefix + EstimatedValue].Select((value, i) =>
                new LogNormalizingConstant(value - constant, block.Values[prefix + StandardError][i], block.Values[prefix + EffectiveSampleSize][i])))])
            : null;
    }
}
