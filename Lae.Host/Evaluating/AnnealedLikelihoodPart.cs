using Lae.Evaluation;
using Lae.Host.Runs;
using Lae.Numerics;

namespace Lae.Host.Evaluating;

/// <summary>log p(x) by annealed importance sampling, in blocks of 32 observations.</summary>
internal sealed class AnnealedLikelihoodPart : IEvaluationPart
{
    /// <inheritdoc/>
    public string Name => "annealedLikelihood";

    /// <inheritdoc/>
    public IReadOnlyList<string> Figures => ["logLikelihoodAis", "logLikelihoodAisStandardError", "logLikelihoodAisEffectiveSampleSize"];

    /// <inheritdoc/>
    public string? Obstacle(EvaluationSubject subject) => null;

    /// <inheritdoc/>
    public int Blocks(EvaluationSubject subject) =>
        1 + AnnealedLikelihood.BlockCount(LikelihoodBlocks.Rows(subject, subject.Options.AnnealedObservations), Settings(subject));

    /// <inheritdoc/>
    public EvaluationBlock Compute(EvaluationSubject subject, int number)
    {
        if (number == 0)
        {
            return LikelihoodBlocks.PriorBlock(subject);
        }

        Tensor x = subject.Test.Slice(0, 0, LikelihoodBlocks.Rows(subject, subject.Options.AnnealedObservations));
        Dictionary<string, double[]> values = [];
        LikelihoodBlocks.Add(values, string.Empty, AnnealedLikelihood.ForwardBlock(
            RunKeys.AnnealedLikelihood(subject.Seed), subject.Model.Model, subject.Model.Parameters, x, Settings(subject), number - 1).Estimates);
        return new EvaluationBlock(values);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Conclude(EvaluationSubject subject, IReadOnlyList<EvaluationBlock> blocks) =>
        AnnealedLikelihood.Figures(LikelihoodBlocks.Read(blocks, string.Empty)!, LikelihoodBlocks.Prior(blocks[0]).StandardError);

    /// <summary>Chains and temperatures.</summary>
    /// <param name="subject">What is judged.</param>
    public static AnnealedLikelihoodSettings Settings(EvaluationSubject subject) => new(subject.Options.AnnealedChains, subject.Options.AnnealedTemperatures);
}
