using Lae.Evaluation;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Evaluation;

/// <summary>A classifier of three clouds; the gradient of its loss; the figures of generation in its feature space.</summary>
public sealed class ImageClassifierTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(5);

    [Fact]
    public void It_learns_clouds_that_are_apart_and_is_a_pure_function_of_its_key()
    {
        ImageClassifier classifier = new(4, 3, [16, 8]);
        (Tensor x, int[] labels) = Clouds(300, Key.FoldIn(0));
        (Tensor test, int[] testLabels) = Clouds(300, Key.FoldIn(1));
        ImageClassifierSettings settings = new(epochs: 10, batchSize: 30, stepSize: 1e-2);
        TensorTree parameters = classifier.Train(Key, x, labels, settings);
        Assert.InRange(classifier.Accuracy(parameters, test, testLabels), 0.97, 1);
        Assert.InRange(classifier.Accuracy(classifier.Initialize(Key), test, testLabels), 0, 0.9);
        Assert.Equal(new Shape(300, 8), classifier.Features(parameters, test).Shape);
        TensorTree again = classifier.Train(Key, x, labels, settings);
        Assert.All(parameters.Names, name => Assert.Equal(parameters[name].ToArray(), again[name].ToArray()));
    }

    [Fact]
    public void The_gradient_of_the_loss_is_that_of_central_differences()
    {
        ImageClassifier classifier = new(4, 3, [5]);
        (Tensor x, int[] labels) = Clouds(6, Key);
        Tensor wide = x.Cast(DType.Float64);
        TensorTree parameters = classifier.Initialize(Key, DType.Float64);
        TensorTree gradient = Differentiation.ValueAndGradient(tree => classifier.CrossEntropy(tree, wide, labels), parameters).Gradient;
        foreach (string name in (string[])["output.weight", "output.bias", "features.0.weight"])
        {
            double[] values = parameters[name].ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                const double H = 1e-5;
                double Moved(double by) => classifier.CrossEntropy(
                    parameters.With(name, Tensor.FromArray([.. values.Select((value, j) => j == i ? value + by : value)], parameters[name].Shape.ToArray())), wide, labels).ToDouble();
                Assert.Equal((Moved(H) - Moved(-H)) / (2 * H), gradient[name].ElementAt(i), 1e-7);
            }
        }
    }

    [Fact]
    public void A_uniform_guess_costs_the_logarithm_of_the_classes()
    {
        ImageClassifier classifier = new(4, 3, [5]);
        (Tensor x, int[] labels) = Clouds(6, Key);
        TensorTree parameters = classifier.Initialize(Key);
        Assert.Equal(Math.Log(3), classifier.CrossEntropy(parameters.With("output.weight", parameters["output.weight"] * 0), x, labels).ToDouble(), 1e-6);
    }

    [Fact]
    public void Figures_of_generation_have_their_stable_names_and_a_true_model_does_well()
    {
        FactorAnalysisProblem problem = new(300, deviation: 0.05);
        ImageClassifier classifier = new(problem.Columns, 2, [16]);
        int[] labels = [.. problem.X.Slice(1, 0, 1).ToArray().Select(value => value > 0 ? 1 : 0)];
        TensorTree trained = classifier.Train(Key, problem.X, labels, new(epochs: 3));
        IReadOnlyDictionary<string, double> figures = GenerationFigures.Of(Key, problem.Model, problem.Parameters, classifier, trained, problem.X);
        IReadOnlyDictionary<string, double> shrunk = GenerationFigures.Of(
            Key, problem.Model, problem.Parameters.With("decoder.0.weight", problem.Parameters["decoder.0.weight"] * 0.02), classifier, trained, problem.X);
        Assert.Equal(3, figures.Count);
        Assert.True(figures["frechetDistance"] < 0.2 * shrunk["frechetDistance"]);
        Assert.InRange(figures["precision"], 0.7, 1);
        Assert.True(figures["recall"] > shrunk["recall"] + 0.3);
    }

    [Fact]
    public void Labels_out_of_range_are_refused()
    {
        ImageClassifier classifier = new(4, 3, [5]);
        (Tensor x, int[] labels) = Clouds(6, Key);
        Assert.Throws<ArgumentOutOfRangeException>(() => classifier.Train(Key, x, [.. labels.Select(_ => 3)]));
        Assert.Throws<ArgumentException>(() => classifier.Train(Key, x, [0, 1]));
    }

    private static (Tensor X, int[] Labels) Clouds(int rows, RandomKey key)
    {
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 3)];
        double[] centres = [.. labels.SelectMany(label => (double[])[label == 0 ? 3 : 0, label == 1 ? 3 : 0, label == 2 ? 3 : 0, 1])];
        return ((Tensor.FromArray(centres, rows, 4) + (0.7 * FactorAnalysisProblem.Normals(key, rows, 4))).Cast(DType.Float32), labels);
    }
}
