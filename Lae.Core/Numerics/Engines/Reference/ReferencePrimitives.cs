using System.Numerics;

namespace Lae.Numerics.Engines.Reference;

/// <summary>The primitives as their definitions read. Sums run in index order; products are fused chains over k.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed partial class ReferencePrimitives<T> : IPrimitives<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Unary(UnaryOperation operation, ReadOnlySpan<T> x, Span<T> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = Evaluate(operation, x[i]);
        }
    }

    public void Binary(BinaryOperation operation, BroadcastPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        for (int row = 0; row < plan.Rows; row++)
        {
            for (int column = 0; column < plan.Columns; column++)
            {
                y[(row * plan.Columns) + column] = Evaluate(
                    operation,
                    a[Position(plan.A, row, column, plan.Columns)],
                    b[Position(plan.B, row, column, plan.Columns)]);
            }
        }
    }

    public void Choose(OperandLayout layout, int rows, int columns, ReadOnlySpan<T> condition, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                int i = (row * columns) + column;
                y[i] = condition[Position(layout, row, column, columns)] != T.Zero ? a[i] : b[i];
            }
        }
    }

    public void ScaleShift(T scale, T shift, ReadOnlySpan<T> x, Span<T> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = T.FusedMultiplyAdd(scale, x[i], shift);
        }
    }

    public void ScaleAdd(T scale, ReadOnlySpan<T> x, ReadOnlySpan<T> z, Span<T> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = T.FusedMultiplyAdd(scale, x[i], z[i]);
        }
    }

    public void CopyStrided(StridedCopyPlan plan, ReadOnlySpan<T> source, Span<T> destination)
    {
        int rank = plan.Sizes.Count;
        int total = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            total *= plan.Sizes[axis];
        }

        for (int flat = 0; flat < total; flat++)
        {
            int from = plan.SourceOffset;
            int to = plan.DestinationOffset;
            int rest = flat;
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                int index = rest % plan.Sizes[axis];
                rest /= plan.Sizes[axis];
                from += index * plan.SourceStrides[axis];
                to += index * plan.DestinationStrides[axis];
            }

            destination[to] = source[from];
        }
    }

    public void GatherRows(int columns, ReadOnlySpan<int> indices, ReadOnlySpan<T> x, Span<T> y)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            x.Slice(indices[i] * columns, columns).CopyTo(y.Slice(i * columns, columns));
        }
    }

    public void ScatterAddRows(int columns, ReadOnlySpan<int> indices, ReadOnlySpan<T> x, Span<T> y)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            for (int column = 0; column < columns; column++)
            {
                y[(indices[i] * columns) + column] += x[(i * columns) + column];
            }
        }
    }

    public void Reduce(Reduction reduction, int outer, int length, int inner, ReadOnlySpan<T> x, Span<T> y)
    {
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                T maximum = T.NegativeInfinity;
                T sum = T.Zero;
                for (int k = 0; k < length; k++)
                {
                    T value = x[(((o * length) + k) * inner) + i];
                    maximum = T.Max(maximum, value);
                    sum += value;
                }

                y[(o * inner) + i] = reduction switch
                {
                    Reduction.Sum => sum,
                    Reduction.Maximum => maximum,
                    Reduction.LogSumExp => LogSumExp(maximum, x, o, length, inner, i),
                    _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "Not a reduction."),
                };
            }
        }
    }

    public void DotRows(int rows, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        for (int row = 0; row < rows; row++)
        {
            T sum = T.Zero;
            for (int column = 0; column < columns; column++)
            {
                int i = (row * columns) + column;
                sum = T.FusedMultiplyAdd(a[i], b[i], sum);
            }

            y[row] = sum;
        }
    }

    public bool AllFinite(ReadOnlySpan<T> x)
    {
        foreach (T value in x)
        {
            if (!T.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    public void DiscretizedLogistic(
        T inverseScale, T halfBin, T low, T high, ReadOnlySpan<T> x, ReadOnlySpan<T> mean,
        Span<T> logProbability, Span<T> meanGradient, Span<T> inverseScaleGradient)
    {
        for (int i = 0; i < x.Length; i++)
        {
            T centre = x[i] - mean[i];
            T upper = (centre + halfBin) * inverseScale;
            T lower = (centre - halfBin) * inverseScale;
            T slopeUpper;   // d log p / d upper
            T slopeLower;   // d log p / d lower
            if (x[i] <= low)
            {
                // log σ(upper)
                logProbability[i] = -Softplus(-upper);
                slopeUpper = Sigmoid(-upper);
                slopeLower = T.Zero;
            }
            else if (x[i] >= high)
            {
                // log (1 − σ(lower))
                logProbability[i] = -Softplus(lower);
                slopeUpper = T.Zero;
                slopeLower = -Sigmoid(lower);
            }
            else
            {
                // σ(u) − σ(l) = σ(u) σ(−l) (1 − e^{l−u}), exact also far in the tails
                T width = halfBin * inverseScale * (T.One + T.One);
                T half = T.Tanh(width / (T.One + T.One));
                T hidden = half * (T.One + T.One) / (T.One + half);   // 1 − e^{−width}, also for the narrowest bins
                logProbability[i] = -Softplus(-upper) - Softplus(lower) + T.Log(hidden);
                T ratio = T.Exp(-width) / hidden;
                slopeUpper = Sigmoid(-upper) + ratio;
                slopeLower = -Sigmoid(lower) - ratio;
            }

            if (!meanGradient.IsEmpty)
            {
                meanGradient[i] = -(slopeUpper + slopeLower) * inverseScale;
            }

            if (!inverseScaleGradient.IsEmpty)
            {
                inverseScaleGradient[i] = (slopeUpper * (centre + halfBin)) + (slopeLower * (centre - halfBin));
            }
        }
    }

    private static T LogSumExp(T maximum, ReadOnlySpan<T> x, int outer, int length, int inner, int i)
    {
        if (!T.IsFinite(maximum))
        {
            return maximum;
        }

        T sum = T.Zero;
        for (int k = 0; k < length; k++)
        {
            sum += T.Exp(x[(((outer * length) + k) * inner) + i] - maximum);
        }

        return maximum + T.Log(sum);
    }

    private static int Position(OperandLayout layout, int row, int column, int columns) => layout switch
    {
        OperandLayout.Full => (row * columns) + column,
        OperandLayout.Row => column,
        OperandLayout.Column => row,
        _ => 0,
    };

    private static T Sigmoid(T x)
    {
        T e = T.Exp(-T.Abs(x));
        return (x >= T.Zero ? T.One : e) / (T.One + e);
    }

    private static T Softplus(T x) => T.Max(x, T.Zero) + LogOnePlus(T.Exp(-T.Abs(x)));

    /// <summary>ln(1 + e) with full accuracy for small e, by Kahan's correction: T.LogP1 is the plain logarithm of the rounded sum.</summary>
    private static T LogOnePlus(T e)
    {
        T sum = T.One + e;
        return sum == T.One ? e : T.Log(sum) * (e / (sum - T.One));
    }

    private static T Mask(bool condition) => condition ? T.One : T.Zero;

    private static T Evaluate(UnaryOperation operation, T x) => operation switch
    {
        UnaryOperation.Negate => -x,
        UnaryOperation.Absolute => T.Abs(x),
        UnaryOperation.Sign => T.IsNaN(x) ? x : T.CreateChecked(T.Sign(x)),
        UnaryOperation.Reciprocal => T.One / x,
        UnaryOperation.Square => x * x,
        UnaryOperation.SquareRoot => T.Sqrt(x),
        UnaryOperation.Exponential => T.Exp(x),
        UnaryOperation.Logarithm => T.Log(x),
        UnaryOperation.Tanh => T.Tanh(x),
        UnaryOperation.Sigmoid => Sigmoid(x),
        UnaryOperation.Softplus => Softplus(x),
        UnaryOperation.Relu => T.Max(x, T.Zero),
        UnaryOperation.Sine => T.Sin(x),
        UnaryOperation.Cosine => T.Cos(x),
        UnaryOperation.IsPositive => Mask(x > T.Zero),
        UnaryOperation.IsFinite => Mask(T.IsFinite(x)),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Not a unary operation."),
    };

    private static T Evaluate(BinaryOperation operation, T a, T b) => operation switch
    {
        BinaryOperation.Add => a + b,
        BinaryOperation.Subtract => a - b,
        BinaryOperation.Multiply => a * b,
        BinaryOperation.Divide => a / b,
        BinaryOperation.Maximum => T.Max(a, b),
        BinaryOperation.Minimum => T.Min(a, b),
        BinaryOperation.Greater => Mask(a > b),
        BinaryOperation.Equal => Mask(a == b),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Not a binary operation."),
    };
}
