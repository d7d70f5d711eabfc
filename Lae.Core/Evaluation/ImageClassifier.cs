using Lae.Kernels;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>How the classifier is trained.</summary>
public sealed record ImageClassifierSettings
{
    /// <summary>Settings with checked ranges.</summary>
    /// <param name="epochs">Passes over the data, 1 or more.</param>
    /// <param name="batchSize">Observations a step, 1 or more; the last of an epoch that fill no batch are left to the next shuffle.</param>
    /// <param name="stepSize">Of Adam, positive.</param>
    public ImageClassifierSettings(int epochs = 20, int batchSize = 100, double stepSize = 1e-3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        FittedProposal.RequirePositive(stepSize, nameof(stepSize));
        (Epochs, BatchSize, StepSize) = (epochs, batchSize, stepSize);
    }

    /// <summary>Passes over the data.</summary>
    public int Epochs { get; }

    /// <summary>Observations a step.</summary>
    public int BatchSize { get; }

    /// <summary>Adam's η.</summary>
    public double StepSize { get; }
}

/// <summary>
/// A dense network that tells the classes of observations apart, whose last hidden layer h(x) is the feature space in which generated images are compared with real ones:
/// <code>
///     logits = W h(x) + b,    loss = mean_i [ log Σ_c exp(logits_ic) − logits_{i,label_i} ]
/// </code>
/// minimised by Adam. A pure function of (key, data, labels): trained on the same data as the models compared, and stored with the run. Parameters: <c>features.*</c>, <c>output.weight</c> [classes, d], <c>output.bias</c> [classes].
/// </summary>
public sealed class ImageClassifier
{
    private const int RowsAtOnce = 1024;
    private readonly INetwork features;

    /// <summary>A classifier, without parameters.</summary>
    /// <param name="columns">Numbers in an observation, 1 or more.</param>
    /// <param name="classes">2 or more.</param>
    /// <param name="widths">Units of each hidden layer; 256 and 64 if null. The last is the dimension of the features.</param>
    public ImageClassifier(int columns, int classes, IReadOnlyList<int>? widths = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        Classes = classes;
        features = new DenseArchitecture(widths ?? [256, 64]).Features(new RowForm(columns));
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>The dimension of the features.</summary>
    public int FeatureCount => features.OutputSize;

    /// <summary>Parameters to start from.</summary>
    /// <param name="key">Decides them.</param>
    /// <param name="dtype">Their number type.</param>
    /// <returns>A named tree.</returns>
    public TensorTree Initialize(RandomKey key, DType dtype = DType.Float32) => features.Initialize(key.FoldIn(0), dtype).Prefixed("features")
        .With("output.weight", OrthogonalInitialization.Draw(key.FoldIn(1), Classes, FeatureCount, dtype))
        .With("output.bias", Tensor.Zeros(new Shape(Classes), dtype));

    /// <summary>Trains.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="labels">[n], in [0, classes).</param>
    /// <param name="settings">How; the defaults if null.</param>
    /// <returns>Trained parameters, in ordinary memory.</returns>
    /// <exception cref="NonFiniteStateException">The loss became NaN or infinite.</exception>
    public TensorTree Train(RandomKey key, Tensor x, IReadOnlyList<int> labels, ImageClassifierSettings? settings = null)
    {
        RequireLabels(x, labels);
        ImageClassifierSettings chosen = settings ?? new();
        Adam optimizer = new(chosen.StepSize);
        Workspace workspace = Workspace.Pooled(x.Workspace.Engine);
        TensorTree parameters = Initialize(key.FoldIn(0), x.DType);
        TensorTree state = optimizer.Initialize(parameters);
        int batch = Math.Min(chosen.BatchSize, x.Shape[0]);
        long step = 0;
        for (int epoch = 0; epoch < chosen.Epochs; epoch++)
        {
            int[] order = Permutation.Of(key.FoldIn(1).FoldIn((ulong)epoch), x.Shape[0]);
            for (int first = 0; first + batch <= order.Length; first += batch)
            {
                int[] rows = order[first..(first + batch)];
                Tensor observed = x.GatherRows(rows).CopyTo(workspace);
                ValueAndTreeGradient loss = Differentiation.ValueAndGradient(
                    candidate => CrossEntropy(candidate, observed, [.. rows.Select(row => labels[row])]), parameters);
                step++;
                if (!double.IsFinite(loss.Value.ToDouble()))
                {
                    throw new NonFiniteStateException("the loss of the classifier", step);
                }

                (parameters, state) = optimizer.Descend(loss.Gradient, parameters, state);
                workspace.Collect(0, [.. parameters.Leaves, .. state.Leaves]);
            }
        }

        return parameters.Detach();
    }

    /// <summary>The loss of the formula above.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="labels">[n], in [0, classes).</param>
    /// <returns>A scalar, in nats.</returns>
    public Tensor CrossEntropy(TensorTree parameters, Tensor x, IReadOnlyList<int> labels)
    {
        RequireLabels(x, labels);
        double[] chosen = new double[labels.Count * Classes];
        for (int i = 0; i < labels.Count; i++)
        {
            chosen[(i * Classes) + labels[i]] = 1;
        }

        Tensor logits = Logits(parameters, x);
        Tensor own = (logits * Tensor.FromArray(chosen, labels.Count, Classes).Cast(x.DType)).Sum(1);
        return (logits.LogSumExp(1) - own).Mean();
    }

    /// <summary>W h(x) + b.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>[n, classes].</returns>
    public Tensor Logits(TensorTree parameters, Tensor x) =>
        features.Apply(parameters.Under("features"), x).MatMul(parameters["output.weight"], transposeB: true) + parameters["output.bias"];

    /// <summary>h(x), in parts of a fixed size.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="x">[n, columns], n 1 or more.</param>
    /// <returns>[n, features], in ordinary memory.</returns>
    public Tensor Features(TensorTree parameters, Tensor x) => InParts(x, part => features.Apply(parameters.Under("features"), part));

    /// <summary>The share of observations whose label has the greatest logit: <c>classifierAccuracy</c> on test data.</summary>
    /// <param name="parameters">Parameters.</param>
    /// <param name="x">[n, columns], n 1 or more.</param>
    /// <param name="labels">[n], in [0, classes).</param>
    /// <returns>In [0, 1].</returns>
    public double Accuracy(TensorTree parameters, Tensor x, IReadOnlyList<int> labels)
    {
        RequireLabels(x, labels);
        double[] logits = InParts(x, part => Logits(parameters, part)).ToArray();
        int right = 0;
        for (int i = 0; i < labels.Count; i++)
        {
            ReadOnlySpan<double> own = logits.AsSpan(i * Classes, Classes);
            int best = 0;
            for (int c = 1; c < Classes; c++)
            {
                best = own[c] > own[best] ? c : best;
            }

            right += best == labels[i] ? 1 : 0;
        }

        return (double)right / labels.Count;
    }

    private static Tensor InParts(Tensor x, Func<Tensor, Tensor> function)
    {
        LikelihoodEstimates.RequireRows(x);
        Workspace workspace = Workspace.Pooled(x.Workspace.Engine);
        List<Tensor> parts = [];
        for (int start = 0; start < x.Shape[0]; start += RowsAtOnce)
        {
            parts.Add(function(x.Slice(0, start, Math.Min(RowsAtOnce, x.Shape[0] - start)).CopyTo(workspace)).Detach());
            workspace.Collect(0);
        }

        return Shaping.Join(0, [.. parts]);
    }

    private void RequireLabels(Tensor x, IReadOnlyList<int> labels)
    {
        LikelihoodEstimates.RequireRows(x);
        if (labels.Count != x.Shape[0] || x.Shape[1] != features.InputSize)
        {
            throw new ArgumentException($"Observations [n, {features.InputSize}] with n labels are needed, not {x.Shape} with {labels.Count}.", nameof(labels));
        }

        foreach (int label in labels)
        {
            if (label < 0 || label >= Classes)
            {
                throw new ArgumentOutOfRangeException(nameof(labels), label, $"A label must be in [0, {Classes}).");
            }
        }
    }
}
