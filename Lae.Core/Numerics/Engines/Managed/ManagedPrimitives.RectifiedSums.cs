using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The sums over rows that are the gradients of a hidden layer's bias, scale and shift, all three in one pass:
/// <code>
///     ∂b = Σ c ∂x,   ∂s = Σ h ∘ n,   ∂t = Σ h,   h = c g [y &gt; 0]
/// </code>
/// A row goes to lane (row mod 8), as in <see cref="EightLanes{T}"/>: the bits are those of the composition.
/// </summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    public void RectifiedNormalizationSums(
        int rows, int columns, T factor, ReadOnlySpan<T> normalized, ReadOnlySpan<T> y, ReadOnlySpan<T> gradient, ReadOnlySpan<T> alongX, Span<T> bias, Span<T> scale, Span<T> shift)
    {
        Require(y.Length == (long)rows * columns && normalized.Length == y.Length && gradient.Length == y.Length && alongX.Length == y.Length);
        Require(bias.Length == columns && scale.Length == columns && shift.Length == columns);
        if (rows > BlockLength)
        {
            ComposedRectifiedNormalization.Sums(this, rows, columns, factor, normalized, y, gradient, alongX, bias, scale, shift);
            return;
        }

        fixed (T* normalizedAddress = normalized, yAddress = y, gradientAddress = gradient, xAddress = alongX, biasAddress = bias, scaleAddress = scale, shiftAddress = shift)
        {
            RectifiedSumsWork work = new()
            {
                Rows = rows,
                Columns = columns,
                Factor = factor,
                Normalized = normalizedAddress,
                Y = yAddress,
                Gradient = gradientAddress,
                AlongX = xAddress,
                Bias = biasAddress,
                Scale = scaleAddress,
                Shift = shiftAddress,
            };
            int stripes = (columns + ColumnsOfUnit - 1) / ColumnsOfUnit;
            pool.Run(ref work, Math.Min(stripes, pool.Parts((long)rows * columns, StreamGrain / 4)));
        }
    }

    private struct RectifiedSumsWork : IPartitionedWork
    {
        public nint Rows;
        public nint Columns;
        public T Factor;
        public T* Normalized;
        public T* Y;
        public T* Gradient;
        public T* AlongX;
        public T* Bias;
        public T* Scale;
        public T* Shift;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            T* lanes = workspace.Reserve<T>(ScratchRegion.Sums, 3 * EightLanes<T>.Lanes * ColumnsOfUnit);
            (nint stripe, nint last) = Split((Columns + ColumnsOfUnit - 1) / ColumnsOfUnit, part, parts);
            for (; stripe < last; stripe++)
            {
                nint first = stripe * ColumnsOfUnit;
                nint columns = Math.Min(ColumnsOfUnit, Columns - first);
                new Span<T>(lanes, 3 * EightLanes<T>.Lanes * ColumnsOfUnit).Clear();
                for (nint row = 0; row < Rows; row++)
                {
                    Add((row * Columns) + first, columns, lanes + (row % EightLanes<T>.Lanes * 3 * ColumnsOfUnit));
                }

                Join(columns, lanes, Bias + first);
                Join(columns, lanes + ColumnsOfUnit, Scale + first);
                Join(columns, lanes + (2 * ColumnsOfUnit), Shift + first);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Add(nint start, nint columns, T* lane)
        {
            T* n = Normalized + start;
            T* y = Y + start;
            T* g = Gradient + start;
            T* x = AlongX + start;
            T* scale = lane + ColumnsOfUnit;
            T* shift = scale + ColumnsOfUnit;
            TVector factor = TLanes.Broadcast(Factor);
            TVector zero = TLanes.Broadcast(T.Zero);
            TVector one = TLanes.Broadcast(T.One);
            nint i = 0;
            for (; i <= columns - TLanes.Count; i += TLanes.Count)
            {
                TVector h = TLanes.Multiply(TLanes.Multiply(factor, TLanes.Load(g + i)), TLanes.BitAnd(TLanes.GreaterThan(TLanes.Load(y + i), zero), one));
                TLanes.Store(TLanes.Add(TLanes.Load(lane + i), TLanes.Multiply(factor, TLanes.Load(x + i))), lane + i);
                TLanes.Store(TLanes.Add(TLanes.Load(scale + i), TLanes.Multiply(h, TLanes.Load(n + i))), scale + i);
                TLanes.Store(TLanes.Add(TLanes.Load(shift + i), h), shift + i);
            }

            for (; i < columns; i++)
            {
                T h = Factor * g[i] * (y[i] > T.Zero ? T.One : T.Zero);
                T alongX = Factor * x[i];
                T alongScale = h * n[i];
                lane[i] += alongX;
                scale[i] += alongScale;
                shift[i] += h;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Join(nint columns, T* lanes, T* y)
        {
            const int Next = 3 * ColumnsOfUnit;
            for (nint i = 0; i < columns; i++)
            {
                T* lane = lanes + i;
                T even = lane[0] + lane[4 * Next] + (lane[2 * Next] + lane[6 * Next]);
                T odd = lane[Next] + lane[5 * Next] + (lane[3 * Next] + lane[7 * Next]);
                y[i] = even + odd;
            }
        }
    }
}
