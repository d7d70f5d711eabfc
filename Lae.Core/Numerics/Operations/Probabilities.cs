using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>Log probabilities of single elements, each one operation with its analytic gradient.</summary>
public static class Probabilities
{
    /// <summary>
    /// log P(x) of a Bernoulli variable: x·logit − ln(1 + e^logit). No gradient flows to x.
    /// </summary>
    /// <param name="x">Values in [0, 1], any shape.</param>
    /// <param name="logits">The same shape.</param>
    /// <returns>The same shape.</returns>
    public static Tensor BernoulliLogProbability(Tensor x, Tensor logits)
    {
        Elementwise.RequireSameShape(x, logits);
        Tensor value = x.Untracked;
        Tensor y = (value * logits.Untracked) - logits.Untracked.Softplus();
        return GradientFlow.Wants(logits) ? Track(value, logits, y) : y;

        static Tensor Track(Tensor x, Tensor logits, Tensor y) => y.Tracked(
            (x, logits), static (of, g, flow) => flow.Add(of.logits, g * (of.x - of.logits.Untracked.Sigmoid())), logits);
    }

    /// <summary>
    /// log P(x) of a logistic distribution discretised to a grid of levels, with open edge bins:
    /// ln[σ((x + w − μ) r) − σ((x − w − μ) r)], w the half bin, r the inverse scale. No gradient flows to x.
    /// </summary>
    /// <param name="x">Grid values, any shape.</param>
    /// <param name="mean">μ, the same shape.</param>
    /// <param name="inverseScale">r, one positive number (0 is its limit: no probability but at the edges); NaN is passed on.</param>
    /// <param name="halfBin">w, positive: half the distance between levels.</param>
    /// <param name="low">The lowest level, below <paramref name="high"/>; values at or below it have an open bin.</param>
    /// <param name="high">The highest level; values at or above it have an open bin.</param>
    /// <returns>The same shape.</returns>
    public static Tensor DiscretizedLogisticLogProbability(Tensor x, Tensor mean, Tensor inverseScale, double halfBin, double low, double high) =>
        DiscretizedLogistic(x, mean, inverseScale, halfBin, low, high, isOfRows: false);

    /// <summary>The sum of <see cref="DiscretizedLogisticLogProbability"/> over every row, bit for bit: as one operation its gradient is not spread over the row first.</summary>
    /// <param name="x">Grid values, [rows, columns].</param>
    /// <param name="mean">μ, [rows, columns].</param>
    /// <param name="inverseScale">r, one number.</param>
    /// <param name="halfBin">w, positive.</param>
    /// <param name="low">The lowest level, below <paramref name="high"/>.</param>
    /// <param name="high">The highest level.</param>
    /// <returns>[rows].</returns>
    internal static Tensor DiscretizedLogisticLogProbabilityOfRows(Tensor x, Tensor mean, Tensor inverseScale, double halfBin, double low, double high) =>
        DiscretizedLogistic(x, mean, inverseScale, halfBin, low, high, isOfRows: true);

    private static Tensor DiscretizedLogistic(Tensor x, Tensor mean, Tensor inverseScale, double halfBin, double low, double high, bool isOfRows)
    {
        Elementwise.RequireSameShape(x, mean);
        if (!(halfBin > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(halfBin), halfBin, "Must be positive.");
        }

        if (!(low < high))
        {
            throw new ArgumentOutOfRangeException(nameof(low), low, $"Must be below the highest level, {high}.");
        }

        if (inverseScale.Count != 1)
        {
            throw new ArgumentException($"The inverse scale is one number, not shape {inverseScale.Shape}.", nameof(inverseScale));
        }

        Raw.Same(x, mean);
        Raw.Same(x, inverseScale);
        double rate = inverseScale.ToDouble();
        if (rate < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(inverseScale), rate, "Must be positive.");
        }

        Workspace workspace = Workspace.Of(Workspace.Of(x.Workspace, mean.Workspace), inverseScale.Workspace);
        Tensor y = Tensor.Uninitialized(workspace, x.Shape, x.DType);
        Tensor? meanSlope = GradientFlow.Wants(mean) ? Tensor.Uninitialized(workspace, x.Shape, x.DType) : null;
        Tensor? scaleSlope = GradientFlow.Wants(inverseScale) ? Tensor.Uninitialized(workspace, x.Shape, x.DType) : null;
        if (x.DType == DType.Float32)
        {
            workspace.Engine.Float32.DiscretizedLogistic(
                (float)rate, (float)halfBin, (float)low, (float)high, x.Read<float>(), mean.Read<float>(), y.Write<float>(),
                meanSlope is null ? default : meanSlope.Write<float>(), scaleSlope is null ? default : scaleSlope.Write<float>());
        }
        else
        {
            workspace.Engine.Float64.DiscretizedLogistic(
                rate, halfBin, low, high, x.Read<double>(), mean.Read<double>(), y.Write<double>(),
                meanSlope is null ? default : meanSlope.Write<double>(), scaleSlope is null ? default : scaleSlope.Write<double>());
        }

        Tensor result = isOfRows ? Raw.Reduce(Reduction.Sum, y, x.Shape[0], x.Shape[1], 1, new Shape(x.Shape[0])) : y;
        return meanSlope is null && scaleSlope is null ? result : Track(mean, inverseScale, meanSlope, scaleSlope, isOfRows, result);

        static Tensor Track(Tensor mean, Tensor inverseScale, Tensor? meanSlope, Tensor? scaleSlope, bool isOfRows, Tensor result)
        {
            return result.Tracked((mean, inverseScale, meanSlope, scaleSlope, isOfRows), Rule, mean, inverseScale);

            static void Rule((Tensor Mean, Tensor InverseScale, Tensor? MeanSlope, Tensor? ScaleSlope, bool IsOfRows) of, Tensor g, GradientFlow flow)
            {
                Tensor factor = of.IsOfRows ? g.Reshape(g.Count, 1) : g;
                if (of.MeanSlope is not null && flow.Needs(of.Mean))
                {
                    flow.Add(of.Mean, factor * of.MeanSlope);
                }

                if (of.ScaleSlope is not null && flow.Needs(of.InverseScale))
                {
                    flow.Add(of.InverseScale, (factor * of.ScaleSlope).Sum().Reshape(of.InverseScale.Shape));
                }
            }
        }
    }
}
