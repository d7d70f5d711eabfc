using Lae.Numerics;
using Lae.Targets;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>Posteriors that are not Gaussian.</summary>
internal static class SamplePosteriors
{
    /// <summary>Logistic regression on generated rows (features, and a label of 1 or 0 last) with a standard normal prior.</summary>
    public static DataTarget Logistic(int count, int dimension, int seed, bool closedTotal = false, DType dtype = DType.Float64)
    {
        Tensor features = Noise(seed, count, dimension).Cast(dtype);
        Tensor labels = Elementwise.Greater(Noise(seed + 1, count, 1), Tensor.Zeros(new Shape(count, 1), DType.Float64)).Cast(dtype);
        Tensor labelRow = labels.Reshape(1, count);
        return DataTarget.FromFunction(
            GaussianTarget.Standard(dimension, dtype),
            Shaping.Join(1, features, labels),
            (x, rows) =>
            {
                Tensor logits = (rows.Slice(2, 0, dimension) * x).Sum(2);
                return (logits * rows.Slice(2, dimension, 1).Reshape(rows.Shape[0], rows.Shape[1])) - logits.Softplus();
            },
            closedTotal ? x => x.MatMul(features, transposeB: true) is var logits ? ((logits * labelRow) - logits.Softplus()).Sum(1) : x : null,
            "logistic regression");
    }

    /// <summary>Any target as a posterior of N data that are all alike: every minibatch gives the target itself, so that laws which watch or spoil a target reach a minibatch kernel.</summary>
    public static DataTarget OfEqualData(Target target, int count)
    {
        Target flat = Target.FromGradient(
            target.Dimension, x => new LogDensityAndGradient(Tensor.Zeros(new Shape(x.Shape[0]), x.DType, x.Workspace), Tensor.Zeros(x.Shape, x.DType, x.Workspace)), target.DType, "flat");
        return DataTarget.FromGradient(
            flat, count, (x, indices) => target.Evaluate(x) is var at && (indices?.Shape[1] ?? count) / (double)count is var share
                ? new LogDensityAndGradient(at.LogDensity * share, at.Gradient * share)
                : at);
    }
}
