using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Targets;

namespace Lae.Modes;

/// <summary>log π and its gradient at points in plain numbers, with the points counted.</summary>
/// <param name="target">The distribution.</param>
/// <param name="most">The most points to evaluate; whoever evaluates asks what remains.</param>
/// <param name="engine">Who computes; the default engine if null.</param>
internal sealed class Heights(Target target, long most, IEngine? engine)
{
    /// <summary>Where results live.</summary>
    public Workspace Memory { get; } = engine is null ? Workspace.Default : Workspace.Unpooled(engine);

    /// <summary>The distribution.</summary>
    public Target Target => target;

    /// <summary>Points evaluated so far.</summary>
    public long Count { get; set; }

    /// <summary>Points that may still be evaluated.</summary>
    public long Remaining => most - Count;

    /// <summary>Evaluates.</summary>
    /// <param name="points">Any number of points.</param>
    /// <returns>log π of each, −∞ where it or its gradient is not finite, and the gradients.</returns>
    public (double[] Values, double[][] Gradients) At(IReadOnlyList<double[]> points)
    {
        if (points.Count == 0)
        {
            return ([], []);
        }

        int d = target.Dimension;
        LogDensityAndGradient at = target.Evaluate(ToTensor(points));
        Count += points.Count;
        double[] values = at.LogDensity.ToArray();
        double[] slopes = at.Gradient.ToArray();
        double[][] gradients = [.. Enumerable.Range(0, points.Count).Select(row => slopes.AsSpan(row * d, d).ToArray())];
        for (int row = 0; row < values.Length; row++)
        {
            if (!double.IsFinite(values[row]) || !gradients[row].All(double.IsFinite))
            {
                values[row] = double.NegativeInfinity;
            }
        }

        return (values, gradients);
    }

    /// <summary>Points as rows.</summary>
    public Tensor ToTensor(IReadOnlyList<double[]> points) =>
        Tensor.FromArray([.. points.SelectMany(point => point)], points.Count, target.Dimension).Cast(target.DType).CopyTo(Memory);

    /// <summary>How far log π falls on the straight way between two points, below the lower of them.</summary>
    public double Barrier(Summit a, Summit b, int between)
    {
        double[][] way = [.. Enumerable.Range(1, between).Select(i => i / (between + 1.0)).Select(t => a.Position.Zip(b.Position, (from, to) => from + (t * (to - from))).ToArray())];
        return Math.Max(0, Math.Min(a.Height, b.Height) - At(way).Values.Min());
    }
}

/// <summary>Where an ascent came to rest.</summary>
/// <param name="Position">In the whitened coordinates.</param>
/// <param name="Height">log π there.</param>
/// <param name="IsAtRest">Whether the ascent was done, and not cut off.</param>
internal sealed record Summit(double[] Position, double Height, bool IsAtRest);
