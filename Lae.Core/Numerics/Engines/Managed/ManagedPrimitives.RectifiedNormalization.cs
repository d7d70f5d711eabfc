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
        int rows, int columns, ReadOnlySpan<T> scale, ReadOnlySpan<T> normalized, ReadOnlySpan<T> inverseDeviation, ReadOnlySpan<T> y, ReadOnlySpan<T> gradient, Span<T> alongX)
    {
        Require(y.Length == (long)rows * columns && normalized.Length == y.Length && gradient.Length == y.Length && alongX.Length == y.Length && inverseDeviation.Length == rows && scale.Length == columns);
        fixed (T* scaleAddress = scale, normalizedAddress = normalized, deviationAddress = inverseDeviation, yAddress = y, gradientAddress = gradient, xAddress = alongX)
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

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            const int Together = EightLanes<T>.RowsTogether;
            T* sums = stackalloc T[2 * Together];
            T* means = sums + Together;
            T count = T.CreateChecked((long)Columns);
            (nint row, nint last) = Split(Rows, part, parts);
            while (row < last)
            {
                nint rows = last - row >= Together ? Together : 1;
                for (nint i = 0; i < rows; i++)
                {
                    AddBias(row + i);
                }

                T* y = Y + (row * Columns);
                new Span<T>(means, Together).Clear();
                Total<EightLanes<T>.Sum>(y, null, Columns, rows, means, sums);
                for (nint i = 0; i < rows; i++)
                {
                    means[i] = sums[i] / count;
                }

                Total<EightLanes<T>.SumOfSquaredDeviations>(y, null, Columns, rows, means, sums);
                for (nint i = 0; i < rows; i++)
                {
                    T variance = sums[i] / count;
                    Normalize(row + i, means[i], T.One / T.Sqrt(variance + Epsilon));
                }

                row += rows;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void AddBias(nint row)
        {
            T* x = X + (row * Columns);
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
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Normalize(nint row, T mean, T inverse)
        {
            T* n = Normalized + (row * Columns);
            T* y = Y + (row * Columns);
            InverseDeviation[row] = inverse;
            TVector means = TLanes.Broadcast(mean);
            TVector inverses = TLanes.Broadcast(inverse);
            TVector zero = TLanes.Broadcast(T.Zero);
            nint i = 0;
            for (; i <= Columns - TLanes.Count; i += TLanes.Count)
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

    /// <summary>Totals along as many rows as go together, or along one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Total<TTerm>(T* x, T* second, nint columns, nint rows, T* parameters, T* totals)
        where TTerm : struct, IReductionTerm<T>
    {
        if (rows == EightLanes<T>.RowsTogether)
        {
            EightLanes<T>.AlongFourRows<TTerm>(x, second, columns, columns, parameters, totals);
        }
        else
        {
            totals[0] = EightLanes<T>.AlongRow<TTerm>(x, second, columns, parameters[0]);
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
        public T* AlongX;

        public static bool UsesWorkspace => false;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            const int Together = EightLanes<T>.RowsTogether;
            T* sums = stackalloc T[3 * Together];
            T* means = sums + Together;
            T* none = means + Together;
            new Span<T>(none, Together).Clear();
            T count = T.CreateChecked((long)Columns);
            (nint row, nint last) = Split(Rows, part, parts);
            while (row < last)
            {
                nint rows = last - row >= Together ? Together : 1;
                for (nint i = 0; i < rows; i++)
                {
                    Weigh(row + i);
                }

                T* x = AlongX + (row * Columns);
                Total<EightLanes<T>.Sum>(x, null, Columns, rows, none, means);
                Total<EightLanes<T>.SumOfProducts>(x, Normalized + (row * Columns), Columns, rows, none, sums);
                for (nint i = 0; i < rows; i++)
                {
                    Finish(row + i, means[i] / count, sums[i] / count);
                }

                row += rows;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Weigh(nint row)
        {
            T* y = Y + (row * Columns);
            T* g = Gradient + (row * Columns);
            T* x = AlongX + (row * Columns);
            TVector zero = TLanes.Broadcast(T.Zero);
            TVector one = TLanes.Broadcast(T.One);
            nint i = 0;
            for (; i <= Columns - TLanes.Count; i += TLanes.Count)
            {
                TVector h = TLanes.Multiply(TLanes.Load(g + i), TLanes.BitAnd(TLanes.GreaterThan(TLanes.Load(y + i), zero), one));
                TLanes.Store(TLanes.Multiply(h, TLanes.Load(Scale + i)), x + i);
            }

            for (; i < Columns; i++)
            {
                T h = g[i] * (y[i] > T.Zero ? T.One : T.Zero);
                x[i] = h * Scale[i];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Finish(nint row, T mean, T along)
        {
            T* n = Normalized + (row * Columns);
            T* x = AlongX + (row * Columns);
            T inverse = InverseDeviation[row];
            TVector means = TLanes.Broadcast(mean);
            TVector alongs = TLanes.Broadcast(along);
            TVector inverses = TLanes.Broadcast(inverse);
            nint i = 0;
            for (; i <= Columns - TLanes.Count; i += TLanes.Count)
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
