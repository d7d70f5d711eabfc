using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The log acceptance ratio of Langevin proposals, a row at a time and with the bits of the primitives that it is made of: with one chain of a few dimensions ten operations on tensors would cost more than they compute.
/// </summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    public void LangevinRatio(int columns, LangevinRatioFactors<T> factors, LangevinEnd<T> current, LangevinEnd<T> proposed, Span<T> ratio)
    {
        if (columns > BlockLength * BlockLength)
        {
            // the totals of blocks are then reduced in blocks again, which the primitives know to do
            ComposedLangevinRatio.Evaluate(this, columns, factors, current, proposed, ratio);
            return;
        }

        int rows = ratio.Length;
        RequireEnd(current, rows, columns);
        RequireEnd(proposed, rows, columns);
        fixed (T* x = current.Position, y = proposed.Position, gx = current.Gradient, gy = proposed.Gradient, px = current.Preconditioned, py = proposed.Preconditioned)
        fixed (T* lx = current.LogDensity, ly = proposed.LogDensity, r = ratio)
        {
            RatioWork work = new()
            {
                Factors = factors,
                Rows = rows,
                Columns = columns,
                X = x,
                Y = y,
                GradientX = gx,
                GradientY = gy,
                PreconditionedX = px,
                PreconditionedY = py,
                LogDensityX = lx,
                LogDensityY = ly,
                Ratio = r,
            };
            pool.Run(ref work, Math.Clamp(pool.Parts((long)rows * columns, StreamGrain), 1, Math.Max(rows, 1)));
        }
    }

    private static void RequireEnd(LangevinEnd<T> end, int rows, int columns)
    {
        long count = (long)rows * columns;
        Require(end.Position.Length == count && end.Gradient.Length == count && end.Preconditioned.Length == count && end.LogDensity.Length == rows);
    }

    private struct RatioWork : IPartitionedWork
    {
        public LangevinRatioFactors<T> Factors;
        public nint Rows;
        public nint Columns;
        public T* X;
        public T* Y;
        public T* GradientX;
        public T* GradientY;
        public T* PreconditionedX;
        public T* PreconditionedY;
        public T* LogDensityX;
        public T* LogDensityY;
        public T* Ratio;

        public static bool UsesWorkspace => false;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint row, nint last) = Split(Rows, part, parts);
            for (; row < last; row++)
            {
                (T along, T squares) = Columns <= BlockLength ? OfBlock(row * Columns) : OfBlocks(row * Columns);
                T difference = T.FusedMultiplyAdd(Factors.InverseTemperature, LogDensityY[row] - LogDensityX[row], T.Zero);
                Ratio[row] = T.FusedMultiplyAdd(Factors.Squares, squares, T.FusedMultiplyAdd(Factors.Along, along, difference));
            }
        }

        /// <summary>(y − x)·(g_x + g_y) and g_x·P g_x − g_y·P g_y of a row that is no longer than a block.</summary>
        private readonly (T Along, T Squares) OfBlock(nint start)
        {
            (T along, T from, T to) = Sums(start, Columns);
            return (along, from - to);
        }

        /// <summary>The same of a longer row, whose blocks are summed one by one and their sums added up in eight lanes, as reductions do.</summary>
        private readonly (T Along, T Squares) OfBlocks(nint start)
        {
            T* along = stackalloc T[3 * 8];
            T* from = along + 8;
            T* to = from + 8;
            nint lane = 0;
            for (nint first = 0; first < Columns; first += BlockLength, lane = (lane + 1) % 8)
            {
                (T alongBlock, T fromBlock, T toBlock) = Sums(start + first, Math.Min(BlockLength, Columns - first));
                along[lane] += alongBlock;
                from[lane] += fromBlock;
                to[lane] += toBlock;
            }

            return (Joined(along), Joined(from) - Joined(to));
        }

        private static T Joined(T* lanes) => EightLanes<T>.Joined<EightLanes<T>.Sum>(Vector256.Load(lanes), typeof(T) == typeof(double) ? Vector256.Load(lanes + Vector256<T>.Count) : default);

        /// <summary>(y − x)·(g_x + g_y), g_x·P g_x and g_y·P g_y of neighbours, in the order of <see cref="EightLanes{T}"/>, whose lanes are two registers of double or one of float.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly (T Along, T From, T To) Sums(nint start, nint length)
        {
            Vector256<T> alongLow = default;
            Vector256<T> alongHigh = default;
            Vector256<T> fromLow = default;
            Vector256<T> fromHigh = default;
            Vector256<T> toLow = default;
            Vector256<T> toHigh = default;
            nint k = 0;
            for (; k <= length - 8; k += 8)
            {
                AddWhole(start + k, ref alongLow, ref fromLow, ref toLow);
                if (typeof(T) == typeof(double))
                {
                    AddWhole(start + k + Vector256<T>.Count, ref alongHigh, ref fromHigh, ref toHigh);
                }
            }

            if (k < length)
            {
                Add(start + k, length - k, ref alongLow, ref fromLow, ref toLow);
                if (typeof(T) == typeof(double))
                {
                    Add(start + k + Vector256<T>.Count, length - k - Vector256<T>.Count, ref alongHigh, ref fromHigh, ref toHigh);
                }
            }

            return (
                EightLanes<T>.Joined<EightLanes<T>.SumOfProducts>(alongLow, alongHigh),
                EightLanes<T>.Joined<EightLanes<T>.SumOfProducts>(fromLow, fromHigh),
                EightLanes<T>.Joined<EightLanes<T>.SumOfProducts>(toLow, toHigh));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void AddWhole(nint at, ref Vector256<T> along, ref Vector256<T> from, ref Vector256<T> to)
        {
            Vector256<T> gx = Vector256.Load(GradientX + at);
            Vector256<T> gy = Vector256.Load(GradientY + at);
            along = Lanes256<T>.MultiplyAdd(Vector256.Load(Y + at) - Vector256.Load(X + at), gx + gy, along);
            from = Lanes256<T>.MultiplyAdd(gx, Vector256.Load(PreconditionedX + at), from);
            to = Lanes256<T>.MultiplyAdd(gy, Vector256.Load(PreconditionedY + at), to);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Add(nint at, nint count, ref Vector256<T> along, ref Vector256<T> from, ref Vector256<T> to)
        {
            Vector256<T> gx = EightLanes<T>.LoadPart(GradientX + at, count, default);
            Vector256<T> gy = EightLanes<T>.LoadPart(GradientY + at, count, default);
            Vector256<T> move = EightLanes<T>.LoadPart(Y + at, count, default) - EightLanes<T>.LoadPart(X + at, count, default);
            along = Lanes256<T>.MultiplyAdd(move, gx + gy, along);
            from = Lanes256<T>.MultiplyAdd(gx, EightLanes<T>.LoadPart(PreconditionedX + at, count, default), from);
            to = Lanes256<T>.MultiplyAdd(gy, EightLanes<T>.LoadPart(PreconditionedY + at, count, default), to);
        }
    }
}
