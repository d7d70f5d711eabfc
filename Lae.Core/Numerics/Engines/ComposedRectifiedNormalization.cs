using System.Buffers;
using System.Numerics;

namespace Lae.Numerics.Engines;

/// <summary><see cref="IPrimitives{T}.RectifiedNormalization"/> and its gradient made of the primitives: the oracle of every engine's own.</summary>
internal static class ComposedRectifiedNormalization
{
    public static void Evaluate<T>(
        IPrimitives<T> primitives, int rows, int columns, T epsilon, ReadOnlySpan<T> x, ReadOnlySpan<T> bias, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift,
        Span<T> normalized, Span<T> inverseDeviation, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BroadcastPlan perColumn = new(rows, columns, OperandLayout.Full, OperandLayout.Row);
        primitives.Binary(BinaryOperation.Add, perColumn, x, bias, y);
        primitives.LayerNormalize(rows, columns, epsilon, y, normalized, inverseDeviation);
        primitives.Binary(BinaryOperation.Multiply, perColumn, normalized, scale, y);
        primitives.Binary(BinaryOperation.Add, perColumn, y, shift, y);
        primitives.Unary(UnaryOperation.Relu, y, y);
    }

    public static void Gradient<T>(
        IPrimitives<T> primitives, int rows, int columns, ReadOnlySpan<T> scale, ReadOnlySpan<T> normalized, ReadOnlySpan<T> inverseDeviation, ReadOnlySpan<T> y, ReadOnlySpan<T> gradient,
        Span<T> alongShift, Span<T> alongScale, Span<T> alongX)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BroadcastPlan full = new(1, y.Length, OperandLayout.Full, OperandLayout.Full);
        T[] rented = ArrayPool<T>.Shared.Rent(y.Length);
        Span<T> weighted = rented.AsSpan(0, y.Length);
        primitives.Unary(UnaryOperation.IsPositive, y, weighted);
        primitives.Binary(BinaryOperation.Multiply, full, gradient, weighted, weighted);
        if (!alongShift.IsEmpty)
        {
            weighted.CopyTo(alongShift);
            primitives.Binary(BinaryOperation.Multiply, full, weighted, normalized, alongScale);
        }

        primitives.Binary(BinaryOperation.Multiply, new BroadcastPlan(rows, columns, OperandLayout.Full, OperandLayout.Row), weighted, scale, weighted);
        primitives.LayerNormalizeGradient(rows, columns, normalized, inverseDeviation, weighted, alongX);
        ArrayPool<T>.Shared.Return(rented);
    }
}
