using Lae.Evaluation;
using Lae.Host.Runs;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Host.Evaluating;

/// <summary>
/// How far apart the two sides of annealed importance sampling are on data that the model itself made: log p(x) from exact posterior draws down to the prior is too high in expectation, from the prior up it is too low, so that their distance bounds the
/// error of either. Source: Grosse, Ghahramani and Adams, Sandwiching the marginal likelihood using bidirectional Monte Carlo, 2015.
/// </summary>
internal sealed class AnnealedGapPart : IEvaluationPart
{
    private const string Forward = "forward.";
    private const string Reverse = "reverse.";

    /// <inheritdoc/>
    public string Name => "annealedGap";

    /// <inheritdoc/>
    public IReadOnlyList<string> Figures => ["logLikelihoodAisGap", "logLikelihoodAisGapStandardError"];

    /// <inheritdoc/>
    public string? Obstacle(EvaluationSubject subject) =>
        subject.Options.AnnealedSimulations == 0 ? "Evaluation:AnnealedSimulations is 0"
        : !subject.Model.Model.Prior(subject.Model.Parameters).IsNormalized ? "the prior is not normalised, and no exact draws of it exist"
        : Simulated(subject, 1) is null ? $"{subject.Model.Model.Name} cannot simulate observations"
        : null;

    /// <inheritdoc/>
    public int Blocks(EvaluationSubject subject) => AnnealedLikelihood.BlockCount(subject.Options.AnnealedSimulations, AnnealedLikelihoodPart.Settings(subject));

    /// <inheritdoc/>
    public EvaluationBlock Compute(EvaluationSubject subject, int number)
    {
        (Tensor z, Tensor x) = Simulated(subject, subject.Options.AnnealedSimulations)!.Value;
        RandomKey key = RunKeys.AnnealedGap(subject.Seed).FoldIn(2);
        (TrainedModel model, AnnealedLikelihoodSettings settings) = (subject.Model, AnnealedLikelihoodPart.Settings(subject));
        Dictionary<string, double[]> values = [];
        LikelihoodBlocks.Add(values, Forward, AnnealedLikelihood.ForwardBlock(key, model.Model, model.Parameters, x, settings, number).Estimates);
        LikelihoodBlocks.Add(values, Reverse, AnnealedLikelihood.ReverseBlock(key, model.Model, model.Parameters, x, z, settings, number).Estimates);
        return new EvaluationBlock(values);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Conclude(EvaluationSubject subject, IReadOnlyList<EvaluationBlock> blocks)
    {
        // The chains down share their start, so their spread within an observation is too small: the error is that of the differences between observations.
        double[] gaps = [.. LikelihoodBlocks.Values(blocks, Reverse).Zip(LikelihoodBlocks.Values(blocks, Forward), (high, low) => high - low)];
        double mean = gaps.Average();
        double variance = gaps.Sum(gap => (gap - mean) * (gap - mean)) / Math.Max(1, gaps.Length - 1);
        return new Dictionary<string, double> { [Figures[0]] = mean, [Figures[1]] = Math.Sqrt(variance / gaps.Length) };
    }

    /// <summary>Latent points drawn from the prior, and an observation of each.</summary>
    private static (Tensor Z, Tensor X)? Simulated(EvaluationSubject subject, int count)
    {
        RandomKey key = RunKeys.AnnealedGap(subject.Seed);
        TrainedModel model = subject.Model;
        Tensor z = model.Model.Prior(model.Parameters).Sample(key.FoldIn(0), count, model.Model.LatentSize, model.Parameters.Leaves[0].DType).CopyTo(subject.Run.Workspace);
        return model.Model.Simulate(key.FoldIn(1), model.Parameters, z) is { } x ? (z, x) : null;
    }
}
