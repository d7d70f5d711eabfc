using System.Numerics;

namespace Lae.Numerics.Engines;

/// <summary>
/// <see cref="IPrimitives{T}.LogisticLikelihood"/> made of an engine's other primitives, a tile at a time: logits by a matrix product, softplus and sigmoid, and the gradient by a second product.
/// </summary>
internal static class ComposedLogisticLikelihood
{
    public static void Evaluate<T>(
        IPrimitives<T> primitives, int rows, int columns, ReadOnlySpan<T> signedDesign, ReadOnlySpan<T> position, Span<T> logLikelihood, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Tile = SignedDesign.TileRows;
        int chains = logLikelihood.Length;
        T[] costs = new T[chains * Tile];
        T[] slopes = new T[chains * Tile];
        T[] total = new T[chains];
        logLikelihood.Clear();
        gradient.Clear();
        for (int first = 0; first < rows; first += Tile)
        {
            ReadOnlySpan<T> tile = signedDesign.Slice(first * columns, Tile * columns);
            primitives.MatrixProduct(new MatrixProductPlan(chains, Tile, columns, TransposeA: false, TransposeB: false, Accumulate: false), position, tile, costs);
            primitives.Unary(UnaryOperation.Negate, costs, costs);
            primitives.Unary(UnaryOperation.Sigmoid, costs, slopes);
            primitives.Unary(UnaryOperation.Softplus, costs, costs);
            for (int chain = 0; chain < chains; chain++)
            {
                (int start, int end) = ((chain * Tile) + Math.Min(Tile, rows - first), (chain + 1) * Tile);
                costs.AsSpan(start..end).Clear();
                slopes.AsSpan(start..end).Clear();
            }

            primitives.Reduce(Reduction.Sum, chains, Tile, 1, costs, total);
            primitives.Binary(BinaryOperation.Subtract, new BroadcastPlan(1, chains, OperandLayout.Full, OperandLayout.Full), logLikelihood, total, logLikelihood);
            primitives.MatrixProduct(new MatrixProductPlan(chains, columns, Tile, TransposeA: false, TransposeB: true, Accumulate: true), slopes, tile, gradient);
        }
    }
}
