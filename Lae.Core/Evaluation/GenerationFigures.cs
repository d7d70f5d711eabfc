using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>Generated observations against real ones, in the feature space of a classifier trained on the same data: <see cref="FrechetDistance"/> and <see cref="PrecisionRecall"/>.</summary>
public static class GenerationFigures
{
    private const int GeneratedAtOnce = 1024;

    /// <summary>Generates as many as there are real ones, and compares.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="classifier">The classifier.</param>
    /// <param name="classifierParameters">Its parameters.</param>
    /// <param name="x">Real observations that no model has seen, [n, columns], n 4 or more.</param>
    /// <returns><c>frechetDistance</c> (squared), <c>precision</c>, <c>recall</c>.</returns>
    public static IReadOnlyDictionary<string, double> Of(
        RandomKey key, ILatentVariableModel model, TensorTree parameters, ImageClassifier classifier, TensorTree classifierParameters, Tensor x)
    {
        LikelihoodEstimates.RequireRows(x);
        List<Tensor> features = [];
        for (int start = 0; start < x.Shape[0]; start += GeneratedAtOnce)
        {
            Tensor generated = model.Generate(key.FoldIn((ulong)start), parameters, Math.Min(GeneratedAtOnce, x.Shape[0] - start));
            features.Add(classifier.Features(classifierParameters, generated));
        }

        Tensor own = Shaping.Join(0, [.. features]);
        Tensor real = classifier.Features(classifierParameters, x);
        PrecisionRecall shares = PrecisionRecall.Of(real, own);
        return new Dictionary<string, double>
        {
            ["frechetDistance"] = FrechetDistance.OfRows(real, own),
            ["precision"] = shares.Precision,
            ["recall"] = shares.Recall,
        };
    }
}
