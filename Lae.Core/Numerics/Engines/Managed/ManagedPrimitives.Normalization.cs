using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>Layer normalisation, a row at a time; the sums have the order of <see cref="EightLanes{T}"/>.</summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    public void LayerNormalize(int rows, int columns, T epsilon, ReadOnlySpan<T> x, Span<T> y, Span<T> inverseDeviation)
    {
        Require(x.Length == (long)rows * columns && y.Length == x.Length && inverseDeviation.Length == rows);
        fixed (T* xAddress = x, yAddress = y, deviationAddress = inverseDeviation)
        {
            NormalizeWork work = new() { Rows = rows, Columns = columns, Epsilon = epsilon, X = xAddress, Y = yAddress, InverseDeviation = deviationAddress };
            pool.Run(ref work, PartsOfWholeRows(rows, columns, StreamGrain / 4));
        }
    }

    public void LayerNormalizeGradient(
        int rows, int columns, ReadOnlySpan<T> y, ReadOnlySpan<T> inverseDeviation, ReadOnlySpan<T> gradient, Span<T> x)
    {
        Require(x.Length == (long)rows * columns && y.Length == x.Length && gradient.Length == x.Length && inverseDeviation.Length == rows);
        fixed (T* xAddress = x, yAddress = y, gradientAddress = gradient, deviationAddress = inverseDeviation)
        {
            NormalizeGradientWork work = new()
            {
                Rows = rows,
                Columns = columns,
                Y = yAddress,
                InverseDeviation = deviationAddress,
                Gradient = gradientAddress,
                X = xAddress,
            };
            pool.Run(ref work, PartsOfWholeRows(rows, columns, StreamGrain / 4));
        }
    }

    private int PartsOfWholeRows(int rows, int columns, int grain) => Math.Max(1, Math.Min(rows, pool.Parts((long)rows * columns, grain)));

    private struct NormalizeWork : IPartitionedWork
    {
        public nint Rows;
        public nint Columns;
        public T Epsilon;
        public T* X;
        public T* Y;
        public T* InverseDeviation;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint row, nint last) = Split(Rows, part, parts);
            T count = T.CreateChecked((long)Columns);
            for (; row < last; row++)
            {
                T* x = X + (row * Columns);
                T* y = Y + (row * Columns);
                T mean = EightLanes<T>.AlongRow<EightLanes<T>.Sum>(x, null, Columns, T.Zero) / count;
                T variance = EightLanes<T>.AlongRow<EightLanes<T>.SumOfSquaredDeviations>(x, null, Columns, mean) / count;
                T scale = T.One / T.Sqrt(variance + Epsilon);
                InverseDeviation[row] = scale;
                TVector means = TLanes.Broadcast(mean);
                TVector scales = TLanes.Broadcast(scale);
                nint i = 0;
                for (; i <= Columns - TLanes.Count; i += TLanes.Count)
                {
                    TLanes.Store(TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + i), means), scales), y + i);
                }

                for (; i < Columns; i++)
                {
                    y[i] = (x[i] - mean) * scale;
                }
            }
        }
    }

    private struct NormalizeGradientWork : IPartitionedWork
    {
        public nint Rows;
        public nint Columns;
        public T* Y;
        public T* InverseDeviation;
        public T* Gradient;
        public T* X;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint row, nint last) = Split(Rows, part, parts);
            T count = T.CreateChecked((long)Columns);
            for (; row < last; row++)
            {
                T* y = Y + (row * Columns);
                T* g = Gradient + (row * Columns);
                T* x = X + (row * Columns);
                T scale = InverseDeviation[row];
                T mean = EightLanes<T>.AlongRow<EightLanes<T>.Sum>(g, null, Columns, T.Zero) / count;
                T along = EightLanes<T>.AlongRow<EightLanes<T>.SumOfProducts>(g, y, Columns, T.Zero) / count;
                TVector means = TLanes.Broadcast(mean);
                TVector alongs = TLanes.Broadcast(along);
                TVector scales = TLanes.Broadcast(scale);
                nint i = 0;
                for (; i <= Columns - TLanes.Count; i += TLanes.Count)
                {
                    TVector rest = TLanes.Subtract(TLanes.Subtract(TLanes.Load(g + i), means), TLanes.Multiply(TLanes.Load(y + i), alongs));
                    TLanes.Store(TLanes.Multiply(scales, rest), x + i);
                }

                for (; i < Columns; i++)
                {
                    x[i] = scale * (g[i] - mean - (y[i] * along));
                }
            }
        }
    }
}
