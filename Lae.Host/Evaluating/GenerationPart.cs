using Lae.Datasets;
using Lae.Evaluation;
using Lae.Formats;
using Lae.Host.Runs;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Host.Evaluating;

/// <summary>
/// Generated images against test images in the feature space of a classifier that is trained on the same data. The classifier does not depend on the seed of the run, so that runs on the same data are compared in the same space; its weights are kept with the run.
/// </summary>
internal sealed class GenerationPart : IEvaluationPart
{
    private const int Fewest = 4;
    private const string Accuracy = "classifierAccuracy";

    /// <inheritdoc/>
    public string Name => "generation";

    /// <inheritdoc/>
    public IReadOnlyList<string> Figures => ["frechetDistance", "precision", "recall", Accuracy];

    /// <inheritdoc/>
    public string? Obstacle(EvaluationSubject subject) =>
        subject.Form.Image is null ? "the data are not images"
        : subject.Run.Training.Labels is null || subject.Run.Test.Labels is null || Classes(subject.Run.Training) < 2 ? "the classifier, in whose features images are compared, needs two classes or more in the training and the test part"
        : subject.Run.Test.Rows < Fewest ? $"{Fewest} test images are needed"
        : null;

    /// <inheritdoc/>
    public int Blocks(EvaluationSubject subject) => 2;

    /// <inheritdoc/>
    public EvaluationBlock Compute(EvaluationSubject subject, int number)
    {
        ImageClassifier classifier = new(subject.Form.Columns, Math.Max(subject.Run.Training.LabelNames.Count, subject.Run.Test.LabelNames.Count));
        TensorTree weights = Weights(subject, classifier);
        if (number == 0)
        {
            return new EvaluationBlock(new Dictionary<string, double[]> { [Accuracy] = [AccuracyOf(subject, classifier, weights)] });
        }

        IReadOnlyDictionary<string, double> figures = GenerationFigures.Of(
            RunKeys.Generation(subject.Seed), subject.Model.Model, subject.Model.Parameters, classifier, weights, subject.Test);
        return new EvaluationBlock(figures.ToDictionary(figure => figure.Key, figure => (double[])[figure.Value], StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Conclude(EvaluationSubject subject, IReadOnlyList<EvaluationBlock> blocks) =>
        blocks.SelectMany(block => block.Values).ToDictionary(figure => figure.Key, figure => figure.Value[0], StringComparer.Ordinal);

    /// <summary>The accuracy on test images; a class that was held out of training is none that the classifier can know.</summary>
    private static double AccuracyOf(EvaluationSubject subject, ImageClassifier classifier, TensorTree weights)
    {
        int[] labels = subject.Run.Test.Labels!.Value.ToArray();
        bool[]? anomalous = subject.Anomalous();
        int[] known = [.. Enumerable.Range(0, labels.Length).Where(row => anomalous is null || !anomalous[row])];
        return classifier.Accuracy(weights, subject.Test.GatherRows(known), [.. known.Select(row => labels[row])]);
    }

    /// <summary>The weights that are kept with the run, or new ones, which then are.</summary>
    private static TensorTree Weights(EvaluationSubject subject, ImageClassifier classifier)
    {
        string path = subject.Folder.Classifier;
        if (!File.Exists(path))
        {
            TensorTree trained = classifier.Train(RandomKey.FromSeed(0), subject.Run.Observations(subject.Run.Training), subject.Run.Training.Labels!.Value.ToArray());
            AtomicFile.Write(path, stream => ParameterFile.Write(stream, trained));
        }

        using FileStream file = File.OpenRead(path);
        return ParameterFile.Conform(Safetensors.Read(file, path), classifier.Initialize(RandomKey.FromSeed(0)), path).Map(leaf => leaf.CopyTo(subject.Run.Workspace));
    }

    private static int Classes(Dataset data) => data.Labels!.Value.ToArray().Distinct().Count();
}
