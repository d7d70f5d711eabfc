using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>Differentiable sums, means, maxima and log-sum-exps, over one axis or over all.</summary>
public static class Reductions
{
    /// <summary>The sum of all elements.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Sum(this Tensor x) => Sum(x.Flatten(), 0);

    /// <summary>The sum along one axis.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="keepAxis">Keep the axis with extent 1.</param>
    /// <returns>The shape without the axis, or with extent 1 there.</returns>
    public static Tensor Sum(this Tensor x, int axis, bool keepAxis = false) => Along(Reduction.Sum, x, axis, keepAxis);

    /// <summary>The mean of all elements; NaN if there are none.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Mean(this Tensor x) => Sum(x) / x.Count;

    /// <summary>The mean along one axis; NaN if it is empty.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="keepAxis">Keep the axis with extent 1.</param>
    /// <returns>The shape without the axis, or with extent 1 there.</returns>
    public static Tensor Mean(this Tensor x, int axis, bool keepAxis = false) => Sum(x, axis, keepAxis) / x.Shape[axis];

    /// <summary>The greatest along one axis; equal maxima share the gradient.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="keepAxis">Keep the axis with extent 1.</param>
    /// <returns>The shape without the axis, or with extent 1 there.</returns>
    public static Tensor Max(this Tensor x, int axis, bool keepAxis = false) => Along(Reduction.Maximum, x, axis, keepAxis);

    /// <summary>ln Σ eˣ along one axis, without overflow; its gradient is the softmax.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="keepAxis">Keep the axis with extent 1.</param>
    /// <returns>The shape without the axis, or with extent 1 there.</returns>
    public static Tensor LogSumExp(this Tensor x, int axis, bool keepAxis = false) => Along(Reduction.LogSumExp, x, axis, keepAxis);

    /// <summary>Σ_c a_rc b_rc for every row.</summary>
    /// <param name="a">[rows, columns].</param>
    /// <param name="b">[rows, columns].</param>
    /// <returns>[rows].</returns>
    public static Tensor DotRows(Tensor a, Tensor b)
    {
        if (a.Rank != 2 || a.Shape != b.Shape)
        {
            throw new ArgumentException($"Two matrices of one shape are needed, not {a.Shape} and {b.Shape}.");
        }

        Tensor y = Raw.DotRows(a.Shape[0], a.Shape[1], a, b);
        return GradientFlow.Wants(a) || GradientFlow.Wants(b) ? Track(a, b, y) : y;

        static Tensor Track(Tensor a, Tensor b, Tensor y)
        {
            return y.Tracked((a, b), Rule, a, b);

            static void Rule((Tensor A, Tensor B) of, Tensor g, GradientFlow flow)
            {
                (Tensor a, Tensor b) = of;
                Tensor column = g.Reshape(g.Count, 1);
                if (flow.Needs(a))
                {
                    flow.Add(a, column * b.Untracked);
                }

                if (flow.Needs(b))
                {
                    flow.Add(b, column * a.Untracked);
                }
            }
        }
    }

    private static Tensor Along(Reduction reduction, Tensor x, int axis, bool keepAxis)
    {
        int resolved = x.Shape.Axis(axis);
        int outer = x.Shape.Extent(0, resolved);
        int length = x.Shape[resolved];
        int inner = x.Shape.Extent(resolved + 1, x.Rank);
        Shape shape = keepAxis ? x.Shape.With(resolved, 1) : x.Shape.Without(resolved);
        Tensor y = Raw.Reduce(reduction, x, outer, length, inner, shape);
        return GradientFlow.Wants(x) ? Track(reduction, x, y, resolved) : y;

        static Tensor Track(Reduction reduction, Tensor x, Tensor y, int axis)
        {
            return y.Tracked((reduction, x, y, axis), Rule, x);

            static void Rule((Reduction Reduction, Tensor X, Tensor Y, int Axis) of, Tensor g, GradientFlow flow)
            {
                (Reduction reduction, Tensor x, Tensor y, int axis) = of;
                Shape kept = x.Shape.With(axis, 1);
                Tensor gradient = g.Reshape(kept);
                Tensor value = y.Reshape(kept);
                flow.Add(x, reduction switch
                {
                    Reduction.Sum => Broadcasting.Expand(gradient, x.Shape),
                    Reduction.LogSumExp => gradient * (x.Untracked - value).Exp(),
                    _ => Shared(gradient, Broadcasting.Apply(BinaryOperation.Equal, x.Untracked, value), axis),
                });
            }
        }
    }

    private static Tensor Shared(Tensor gradient, Tensor mask, int axis) => mask * (gradient / Sum(mask, axis, keepAxis: true));
}
