using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>What estimators on minibatches have in common: the data of a target, and n numbers of data for every chain.</summary>
internal sealed class Minibatch
{
    /// <summary>Above it float32 does not hold every whole number.</summary>
    private const int LargestSingle = 1 << 24;

    private readonly bool withReplacement;

    public Minibatch(Target target, int size, bool withReplacement = false)
    {
        Data = target.Data ?? throw new ArgumentException(
            $"Minibatches need data: target '{target.Name}' is not the Target of a DataTarget. The full gradient works on any target.", nameof(target));
        if (size > Data.Count && !withReplacement)
        {
            throw new ArgumentException($"A minibatch of {size} without replacement cannot be taken from the {Data.Count} data of '{target.Name}'.", nameof(target));
        }

        if (target.DType == DType.Float32 && Data.Count > LargestSingle)
        {
            throw new ArgumentException($"The numbers of {Data.Count} data do not fit into float32, which the target '{target.Name}' has: {LargestSingle} is the most.", nameof(target));
        }

        Size = size;
        this.withReplacement = withReplacement;
    }

    /// <summary>The leaf of the numbers.</summary>
    public static StateLeaf Leaf { get; } = new("indices", LeafRole.Held);

    public DataTarget Data { get; }

    /// <summary>n.</summary>
    public int Size { get; }

    /// <summary>N/n.</summary>
    public double Scale => (double)Data.Count / Size;

    public static int Checked(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return size;
    }

    public Tensor Draw(NoiseSource source, uint stream) => source.Indices(stream, Size, Data.Count, withReplacement, Data.Prior.DType);

    /// <summary>The first n data, for every chain.</summary>
    public Tensor First(Tensor position)
    {
        Tensor row = Tensor.FromArray([.. Enumerable.Range(0, Size).Select(i => (double)(i % Data.Count))], 1, Size).Cast(position.DType);
        return row.BroadcastTo(new Shape(position.Shape[0], Size)).CopyTo(position.Workspace);
    }

    /// <summary>
    /// The control-variate estimate: log prior(x) + Σ_{all} log p(· | c) + (N/n) Σ_{batch} (log p(· | x) − log p(· | c)), with its gradient.
    /// </summary>
    public LogDensityAndGradient Around(Tensor position, Tensor indices, Tensor centre, Tensor logLikelihood, Tensor gradient)
    {
        LogDensityAndGradient here = Data.Likelihood(position, indices);
        LogDensityAndGradient there = Data.Likelihood(centre, indices);
        LogDensityAndGradient all = new(
            Elementwise.ScaleAdd(Scale, here.LogDensity - there.LogDensity, logLikelihood),
            Elementwise.ScaleAdd(Scale, here.Gradient - there.Gradient, gradient));
        return Data.Estimate(position, all, 1);
    }
}
