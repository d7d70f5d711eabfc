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
        Span<T> alongX)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] rented = ArrayPool<T>.Shared.Rent(y.Length);
        Span<T> weighted = rented.AsSpan(0, y.Length);
        WherePositive(primitives, y, gradient, weighted);
        primitives.Binary(BinaryOperation.Multiply, new BroadcastPlan(rows, columns, OperandLayout.Full, OperandLayout.Row), weighted, scale, weighted);
        primitives.LayerNormalizeGradient(rows, columns, normalized, inverseDeviation, weighted, alongX);
        ArrayPool<T>.Shared.Return(rented);
    }

    public static void Sums<T>(
        IPrimitives<T> primitives, int rows, int columns, T factor, ReadOnlySpan<T> normalized, ReadOnlySpan<T> y, ReadOnlySpan<T> gradient, ReadOnlySpan<T> alongX,
        Span<T> bias, Span<T> scale, Span<T> shift)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[][] rented = [ArrayPool<T>.Shared.Rent(y.Length), ArrayPool<T>.Shared.Rent(y.Length)];
        Span<T> scaled = rented[0].AsSpan(0, y.Length);
        Span<T> h = rented[1].AsSpan(0, y.Length);
        primitives.ScaleShift(factor, T.Zero, alongX, scaled);
        primitives.Reduce(Reduction.Sum, 1, rows, columns, scaled, bias);
        primitives.ScaleShift(factor, T.Zero, gradient, scaled);
        WherePositive(primitives, y, scaled, h);
        primitives.Reduce(Reduction.Sum, 1, rows, columns, h, shift);
        primitives.Binary(BinaryOperation.Multiply, new BroadcastPlan(1, y.Length, OperandLayout.Full, OperandLayout.Full), h, normalized, h);
        primitives.Reduce(Reduction.Sum, 1, rows, columns, h, scale);
        Array.ForEach(rented, one => ArrayPool<T>.Shared.Return(one));
    }

    private static void WherePositive<T>(IPrimitives<T> primitives, ReadOnlySpan<T> y, ReadOnlySpan<T> gradient, Span<T> h)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        primitives.Unary(UnaryOperation.IsPositive, y, h);
        primitives.Binary(BinaryOperation.Multiply, new BroadcastPlan(1, y.Length, OperandLayout.Full, OperandLayout.Full), gradient, h, h);
    }
}
