using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>The rule by which shapes meet: aligned at the last axis, an extent of 1 (or none) is repeated.</summary>
internal static class Broadcasting
{
    /// <summary>The result of an elementwise operation on two shapes.</summary>
    public static Shape Common(Shape a, Shape b)
    {
        if (a == b)
        {
            return a;
        }

        int rank = Math.Max(a.Rank, b.Rank);
        Span<int> sizes = stackalloc int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            int left = Extent(a, axis, rank);
            int right = Extent(b, axis, rank);
            sizes[axis] = left == right || right == 1
                ? left
                : left == 1 ? right : throw new ArgumentException($"The shapes {a} and {b} do not broadcast: axis {axis} has {left} and {right}.");
        }

        return new Shape(sizes);
    }

    /// <summary>Whether an operand of a shape can be repeated to another.</summary>
    public static bool Reaches(Shape operand, Shape shape)
    {
        if (operand.Rank > shape.Rank)
        {
            return false;
        }

        for (int axis = 0; axis < shape.Rank; axis++)
        {
            int extent = Extent(operand, axis, shape.Rank);
            if (extent != 1 && extent != shape[axis])
            {
                return false;
            }
        }

        return true;
    }

    public static Tensor Apply(BinaryOperation operation, Tensor a, Tensor b)
    {
        if (a.Shape == b.Shape)
        {
            return Raw.Binary(operation, new BroadcastPlan(1, a.Count, OperandLayout.Full, OperandLayout.Full), a.Shape, a, b);
        }

        Shape shape = Common(a.Shape, b.Shape);
        for (int split = shape.Rank; split >= 0; split--)
        {
            if (Layout(a.Shape, shape, split) is { } layoutA && Layout(b.Shape, shape, split) is { } layoutB)
            {
                BroadcastPlan plan = new(shape.Extent(0, split), shape.Extent(split, shape.Rank), layoutA, layoutB);
                return Raw.Binary(operation, plan, shape, a, b);
            }
        }

        return Apply(operation, Expand(a, shape), Expand(b, shape));
    }

    /// <summary>How an operand lies in the result when axes [0, split) are rows and the rest columns; null if in none of the four ways.</summary>
    public static OperandLayout? Layout(Shape operand, Shape shape, int split)
    {
        if (operand.Count == 1)
        {
            return OperandLayout.Scalar;
        }

        bool rowsSame = true;
        bool rowsOne = true;
        bool columnsSame = true;
        bool columnsOne = true;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            int extent = Extent(operand, axis, shape.Rank);
            bool same = extent == shape[axis];
            bool one = extent == 1;
            if (axis < split)
            {
                rowsSame &= same;
                rowsOne &= one;
            }
            else
            {
                columnsSame &= same;
                columnsOne &= one;
            }
        }

        return (rowsSame, columnsSame, rowsOne, columnsOne) switch
        {
            (true, true, _, _) => OperandLayout.Full,
            (_, true, true, _) => OperandLayout.Row,
            (true, _, _, true) => OperandLayout.Column,
            _ => null,
        };
    }

    /// <summary>A broadcast written out.</summary>
    public static Tensor Expand(Tensor x, Shape shape)
    {
        if (x.Shape == shape)
        {
            return x.Untracked;
        }

        // what the gradient of a sum is, and needs no plan: every element so many times
        for (int split = shape.Rank - 1; split >= 0; split--)
        {
            if (Layout(x.Shape, shape, split) is OperandLayout.Column or OperandLayout.Scalar)
            {
                return Raw.RepeatElements(x, shape);
            }
        }

        Span<int> strides = stackalloc int[shape.Rank];
        int stride = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            int extent = Extent(x.Shape, axis, shape.Rank);
            strides[axis] = extent == 1 ? 0 : stride;
            stride *= extent;
        }

        Tensor y = Tensor.Uninitialized(x.Workspace, shape, x.DType);
        Raw.CopyStrided(new StridedCopyPlan(shape.ToArray(), 0, strides.ToArray(), 0, Strides(shape)), x, y);
        return y;
    }

    /// <summary>The transpose of a broadcast: sums what was repeated.</summary>
    public static Tensor SumTo(Tensor gradient, Shape shape)
    {
        Tensor result = gradient;
        int axis = gradient.Rank - 1;
        while (axis >= 0)
        {
            // neighbouring repeated axes are summed in one pass
            int last = axis;
            while (axis >= 0 && Extent(shape, axis, gradient.Rank) == 1)
            {
                axis--;
            }

            if (axis < last)
            {
                int outer = gradient.Shape.Extent(0, axis + 1);
                int length = gradient.Shape.Extent(axis + 1, last + 1);
                int inner = result.Count == 0 || outer * length == 0 ? shape.Extent(Math.Max(0, shape.Rank - (gradient.Rank - last - 1)), shape.Rank) : result.Count / (outer * length);
                if (length != 1)
                {
                    result = Raw.Reduce(Reduction.Sum, result, outer, length, inner, new Shape(outer, inner));
                }
            }

            axis--;
        }

        return result.View(shape, node: null);
    }

    public static int[] Strides(Shape shape)
    {
        int[] strides = new int[shape.Rank];
        int stride = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }

    private static int Extent(Shape shape, int axis, int rank)
    {
        int own = axis - (rank - shape.Rank);
        return own < 0 ? 1 : shape[own];
    }
}
