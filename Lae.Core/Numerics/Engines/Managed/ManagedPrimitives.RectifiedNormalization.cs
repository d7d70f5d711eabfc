using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// What a hidden layer does to its products, while a row is in the first-level cache:
/// <code>
///     n = (x + b − mean) / √(variance + ε),   y = max(0, n ∘ s + t)
///     h = g [y &gt; 0],   w = h ∘ s,   ∂x = (w − mean(w) − n mean(w ∘ n)) / √(variance + ε)
/// </code>
/// Every number is rounded where the single operations round it, and sums have the order of <see cref="EightLanes{T}"/>: the bits are those of the composition. Source: Ba, Kiros and Hinton (2016), Layer normalization, equation 4.
/// </summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    public void RectifiedNormalization(
        int rows, int columns, T epsilon, ReadOnlySpan<T> x, ReadOnlySpan<T> bias, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, Span<T> normalized, Span<T> inverseDeviation, Span<T> y)
    {
        Require(x.Length == (long)rows * columns && normalized.Length == x.Length && y.Length == x.Length && inverseDeviation.Length == rows);
        Require(bias.Length == columns && scale.Length == columns && shift.Length == columns);
        fixed (T* xAddress = x, biasAddress = bias, scaleAddress = scale, shiftAddress = shift, normalizedAddress = normalized, deviationAddress = inverseDeviation, yAddress = y)
        {
            RectifiedNormalizationWork work = new()
            {
                Rows = rows,
                Columns = columns,
                Epsilon = epsilon,
                X = xAddress,
                Bias = biasAddress,
                Scale = scaleAddress,
                Shift = shiftAddress,
                Normalized = normalizedAddress,
                InverseDeviation = deviationAddress,
                Y = yAddress,
            };
            pool.Run(ref work, PartsOfWholeRows(rows, columns, StreamGrain / 8));
        }
    }

    public void RectifiedNormalizationGradient(
        int rows, int columns, ReadOnlySpan<T> scale, ReadOnlySpan<T> normalized, ReadOnlySpan<T> inverseDeviation, ReadOnlySpan<T> y, ReadOnlySpan<T> gradient,
        Span<T> alongShift, Span<T> alongScale, Span<T> alongX)
    {
        Require(y.Length == (long)rows * columns && normalized.Length == y.Length && gradient.Length == y.Length && alongX.Length == y.Length && inverseDeviation.Length == rows);
        Require(scale.Length == columns && (alongShift.Length == y.Length || alongShift.IsEmpty) && alongScale.Length == alongShift.Length);
        fixed (T* scaleAddress = scale, normalizedAddress = normalized, deviationAddress = inverseDeviation, yAddress = y, gradientAddress = gradient, shiftAddress = alongShift, alongScaleAddress = alongScale, xAddress = alongX)
        {
            RectifiedNormalizationGradientWork work = new()
            {
                Rows = rows,
                Columns = columns,
                Scale = scaleAddress,
                Normalized = normalizedAddress,
                InverseDeviation = deviationAddress,
                Y = yAddress,
                Gradient = gradientAddress,
                AlongShift = shiftAddress,
                AlongScale = alongScaleAddress,
                AlongX = xAddress,
            };
            pool.Run(ref work, PartsOfWholeRows(rows, columns, StreamGrain / 8));
        }
    }

    private struct RectifiedNormalizationWork : IPartitionedWork
    {
        public nint Rows;
        public nint Columns;
        public T Epsilon;
        public T* X;
        public T* Bias;
        public T* Scale;
        public T* Shift;
        public T* Normalized;
        public T* InverseDeviation;
        public T* Y;

        public static bool UsesWorkspace => false;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint row, nint last) = Split(Rows, part, parts);
            T count = T.CreateChecked((long)Columns);
            for (; row < last; row++)
            {
                T* x = X + (row * Columns);
                T* n = Normalized + (row * Columns);
                T* y = Y + (row * Columns);
                nint i = 0;
                for (; i <= Columns - TLanes.Count; i += TLanes.Count)
                {
                    TLanes.Store(TLanes.Add(TLanes.Load(x + i), TLanes.Load(Bias + i)), y + i);
                }

                for (; i < Columns; i++)
                {
                    y[i] = x[i] + Bias[i];
                }

                T mean = EightLanes<T>.AlongRow<EightLanes<T>.Sum>(y, null, Columns, T.Zero) / count;
                T variance = EightLanes<T>.AlongRow<EightLanes<T>.SumOfSquaredDeviations>(y, null, Columns, mean) / count;
                T inverse = T.One / T.Sqrt(variance + Epsilon);
                InverseDeviation[row] = inverse;
                TVector means = TLanes.Broadcast(mean);
                TVector inverses = TLanes.Broadcast(inverse);
                TVector zero = TLanes.Broadcast(T.Zero);
                for (i = 0; i <= Columns - TLanes.Count; i += TLanes.Count)
                {
                    TVector normalized = TLanes.Multiply(TLanes.Subtract(TLanes.Load(y + i), means), inverses);
                    TLanes.Store(normalized, n + i);
                    TLanes.Store(TLanes.Maximum(TLanes.Add(TLanes.Multiply(normalized, TLanes.Load(Scale + i)), TLanes.Load(Shift + i)), zero), y + i);
                }

                for (; i < Columns; i++)
                {
                    n[i] = (y[i] - mean) * inverse;
                    T scaled = n[i] * Scale[i];
                    y[i] = T.Max(scaled + Shift[i], T.Zero);
                }
            }
        }
    }

    private struct RectifiedNormalizationGradientWork : IPartitionedWork
    {
        public nint Rows;
        public nint Columns;
        public T* Scale;
        public T* Normalized;
        public T* InverseDeviation;
        public T* Y;
        public T* Gradient;
        public T* AlongShift;
        public T* AlongScale;
        public T* AlongX;

        public static bool UsesWorkspace => false;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint row, nint last) = Split(Rows, part, parts);
            T count = T.CreateChecked((long)Columns);
            TVector zero = TLanes.Broadcast(T.Zero);
            TVector one = TLanes.Broadcast(T.One);
            for (; row < last; row++)
            {
                nint start = row * Columns;
                T* n = Normalized + start;
                T* y = Y + start;
                T* g = Gradient + start;
                T* x = AlongX + start;
                nint i = 0;
                for (; i <= Columns - TLanes.Count; i += TLanes.Count)
                {
                    TVector h = TLanes.Multiply(TLanes.Load(g + i), TLanes.BitAnd(TLanes.GreaterThan(TLanes.Load(y + i), zero), one));
                    TLanes.Store(TLanes.Multiply(h, TLanes.Load(Scale + i)), x + i);
                    if (AlongShift != null)
                    {
                        TLanes.Store(h, AlongShift + start + i);
                        TLanes.Store(TLanes.Multiply(h, TLanes.Load(n + i)), AlongScale + start + i);
                    }
                }

                for (; i < Columns; i++)
                {
                    T h = g[i] * (y[i] > T.Zero ? T.One : T.Zero);
                    x[i] = h * Scale[i];
                    if (AlongShift != null)
                    {
                        AlongShift[start + i] = h;
                        AlongScale[start + i] = h * n[i];
                    }
                }

                T inverse = InverseDeviation[row];
                T mean = EightLanes<T>.AlongRow<EightLanes<T>.Sum>(x, null, Columns, T.Zero) / count;
                T along = EightLanes<T>.AlongRow<EightLanes<T>.SumOfProducts>(x, n, Columns, T.Zero) / count;
                TVector means = TLanes.Broadcast(mean);
                TVector alongs = TLanes.Broadcast(along);
                TVector inverses = TLanes.Broadcast(inverse);
                for (i = 0; i <= Columns - TLanes.Count; i += TLanes.Count)
                {
                    TVector rest = TLanes.Subtract(TLanes.Subtract(TLanes.Load(x + i), means), TLanes.Multiply(TLanes.Load(n + i), alongs));
                    TLanes.Store(TLanes.Multiply(inverses, rest), x + i);
                }

                for (; i < Columns; i++)
                {
                    x[i] = inverse * (x[i] - mean - (n[i] * along));
                }
            }
        }
    }
}
