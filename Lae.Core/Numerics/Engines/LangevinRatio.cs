using System.Numerics;

namespace Lae.Numerics.Engines;

/// <summary>The constants of <see cref="IPrimitives{T}.LangevinRatio"/>, with which each row has
/// <code>
///     r = β (l_y − l_x) − (β/2) (y − x)·(g_x + g_y) + (h β/4) (g_x·P g_x − g_y·P g_y)
/// </code>
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="InverseTemperature">β.</param>
/// <param name="Along">−β/2.</param>
/// <param name="Squares">h β/4.</param>
public readonly record struct LangevinRatioFactors<T>(T InverseTemperature, T Along, T Squares);

/// <summary>One end of a Langevin proposal: rows of positions, log densities and gradients.</summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly ref struct LangevinEnd<T>
{
    /// <summary>x, [rows, columns].</summary>
    public required ReadOnlySpan<T> Position { get; init; }

    /// <summary>l, [rows].</summary>
    public required ReadOnlySpan<T> LogDensity { get; init; }

    /// <summary>g, [rows, columns].</summary>
    public required ReadOnlySpan<T> Gradient { get; init; }

    /// <summary>P g, [rows, columns].</summary>
    public required ReadOnlySpan<T> Preconditioned { get; init; }
}

/// <summary><see cref="IPrimitives{T}.LangevinRatio"/> made of an engine's other primitives.</summary>
internal static class ComposedLangevinRatio
{
    public static void Evaluate<T>(IPrimitives<T> primitives, int columns, LangevinRatioFactors<T> factors, LangevinEnd<T> current, LangevinEnd<T> proposed, Span<T> ratio)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = ratio.Length;
        T[] move = new T[rows * columns];
        T[] slopes = new T[rows * columns];
        T[] along = new T[rows];
        T[] squares = new T[rows];
        T[] squaresTo = new T[rows];
        BroadcastPlan all = new(1, rows * columns, OperandLayout.Full, OperandLayout.Full);
        BroadcastPlan each = new(1, rows, OperandLayout.Full, OperandLayout.Full);
        primitives.Binary(BinaryOperation.Subtract, all, proposed.Position, current.Position, move);
        primitives.Binary(BinaryOperation.Add, all, current.Gradient, proposed.Gradient, slopes);
        primitives.DotRows(rows, columns, move, slopes, along);
        primitives.DotRows(rows, columns, current.Gradient, current.Preconditioned, squares);
        primitives.DotRows(rows, columns, proposed.Gradient, proposed.Preconditioned, squaresTo);
        primitives.Binary(BinaryOperation.Subtract, each, squares, squaresTo, squares);
        primitives.Binary(BinaryOperation.Subtract, each, proposed.LogDensity, current.LogDensity, ratio);
        primitives.ScaleShift(factors.InverseTemperature, T.Zero, ratio, ratio);
        primitives.ScaleAdd(factors.Along, along, ratio, ratio);
        primitives.ScaleAdd(factors.Squares, squares, ratio, ratio);
    }
}
