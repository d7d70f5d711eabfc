using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// Reductions. An axis longer than a block is reduced block by block, and the totals of the blocks likewise; within a block <see cref="EightLanes{T}"/> fixes the order.
/// So the order depends on the length of the axis alone, and sums stay accurate on long axes.
/// </summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    private const int BlockLength = 4096;

    private const int BriefLength = 16;

    // Columns that one unit of work has, so that a wide reduction over few rows can be shared.
    private const int ColumnsOfUnit = 128;

    public void Reduce(Reduction reduction, int outer, int length, int inner, ReadOnlySpan<T> x, Span<T> y)
    {
        Require(x.Length == (long)outer * length * inner && y.Length == (long)outer * inner);
        fixed (T* xAddress = x, yAddress = y)
        {
            switch (reduction)
            {
                case Reduction.Sum:
                    Total<EightLanes<T>.Sum, EightLanes<T>.Sum>(outer, length, inner, xAddress, null, null, yAddress);
                    break;
                case Reduction.Maximum:
                    Total<EightLanes<T>.Maximum, EightLanes<T>.Maximum>(outer, length, inner, xAddress, null, null, yAddress);
                    break;
                case Reduction.LogSumExp:
                    LogSumExp(outer, length, inner, xAddress, yAddress);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "Not a reduction.");
            }
        }
    }

    public void DotRows(int rows, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        Require(a.Length == (long)rows * columns && b.Length == a.Length && y.Length == rows);
        fixed (T* aAddress = a, bAddress = b, yAddress = y)
        {
            Total<EightLanes<T>.SumOfProducts, EightLanes<T>.Sum>(rows, columns, 1, aAddress, bAddress, null, yAddress);
        }
    }

    public bool AllFinite(ReadOnlySpan<T> x)
    {
        if (x.Length <= BriefLength)
        {
            // a handful of numbers, as a chain has: to hand the work over would cost more than to do it
            foreach (T value in x)
            {
                if (!T.IsFinite(value))
                {
                    return false;
                }
            }

            return true;
        }

        fixed (T* address = x)
        {
            int failures = 0;
            FiniteWork work = new() { X = address, Length = x.Length, Failures = &failures };
            pool.Run(ref work, pool.Parts(x.Length, 4 * StreamGrain));
            return Volatile.Read(ref failures) == 0;
        }
    }

    private void LogSumExp(int outer, int length, int inner, T* x, T* y)
    {
        ScratchMemory workspace = pool.Rent();
        try
        {
            long count = (long)outer * inner;
            T* sums = workspace.Reserve<T>(ScratchRegion.Sums, count);
            Total<EightLanes<T>.Maximum, EightLanes<T>.Maximum>(outer, length, inner, x, null, null, y);
            Total<EightLanes<T>.SumOfExponentials, EightLanes<T>.Sum>(outer, length, inner, x, null, y, sums);
            LogSumWork finish = new() { Sums = sums, Y = y, Length = (nint)count };
            pool.Run(ref finish, pool.Parts(count, TranscendentalGrain));
        }
        finally
        {
            pool.Return(workspace);
        }
    }

    /// <summary>The totals over the middle axis of x [outer, length, inner]; the totals of blocks are joined by TJoin.</summary>
    private void Total<TTerm, TJoin>(int outer, int length, int inner, T* x, T* second, T* parameters, T* y)
        where TTerm : struct, IReductionTerm<T>
        where TJoin : struct, IReductionTerm<T>
    {
        if (outer == 0 || inner == 0)
        {
            return;
        }

        int blocks = Math.Max(1, (length + BlockLength - 1) / BlockLength);
        if (blocks == 1)
        {
            TotalOfBlocks<TTerm>(outer, length, inner, 1, x, second, parameters, y);
            return;
        }

        ScratchMemory workspace = pool.Rent();
        try
        {
            T* partial = workspace.Reserve<T>(ScratchRegion.Scratch, (long)outer * blocks * inner);
            TotalOfBlocks<TTerm>(outer, length, inner, blocks, x, second, parameters, partial);
            Total<TJoin, TJoin>(outer, blocks, inner, partial, null, null, y);
        }
        finally
        {
            pool.Return(workspace);
        }
    }

    private void TotalOfBlocks<TTerm>(int outer, int length, int inner, int blocks, T* x, T* second, T* parameters, T* y)
        where TTerm : struct, IReductionTerm<T>
    {
        int stripes = (inner + ColumnsOfUnit - 1) / ColumnsOfUnit;
        long units = (long)outer * blocks * stripes;
        TotalWork<TTerm> work = new()
        {
            Length = length,
            Inner = inner,
            Blocks = blocks,
            Stripes = stripes,
            Units = units,
            X = x,
            Second = second,
            Parameters = parameters,
            Y = y,
        };
        int grain = typeof(TTerm) == typeof(EightLanes<T>.SumOfExponentials) ? TranscendentalGrain : StreamGrain;
        pool.Run(ref work, (int)Math.Min(units, pool.Parts((long)outer * length * inner, grain)));
    }

    private struct TotalWork<TTerm> : IPartitionedWork
        where TTerm : struct, IReductionTerm<T>
    {
        public nint Length;
        public nint Inner;
        public nint Blocks;
        public nint Stripes;
        public long Units;
        public T* X;
        public T* Second;
        public T* Parameters;
        public T* Y;

        public static bool UsesWorkspace => false;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint unit, nint last) = Split(Units, part, parts);
            for (; unit < last; unit++)
            {
                nint stripe = unit % Stripes;
                nint block = unit / Stripes % Blocks;
                nint row = unit / Stripes / Blocks;
                nint start = block * BlockLength;
                nint length = Math.Min(BlockLength, Length - start);
                T* x = X + (((row * Length) + start) * Inner);
                T* y = Y + (((row * Blocks) + block) * Inner);
                if (Inner == 1)
                {
                    T parameter = Parameters == null ? T.Zero : Parameters[row];
                    *y = EightLanes<T>.AlongRow<TTerm>(x, Second == null ? null : Second + (row * Length) + start, length, parameter);
                    continue;
                }

                nint lastColumn = Math.Min(Inner, (stripe + 1) * ColumnsOfUnit);
                nint column = stripe * ColumnsOfUnit;
                for (; EightLanes<T>.HasWideColumns && !TTerm.IsLong && Parameters == null && column <= lastColumn - (2 * Vector256<T>.Count); column += 2 * Vector256<T>.Count)
                {
                    EightLanes<T>.DownWideColumns<TTerm>(x + column, Inner, length, y + column);
                }

                for (; column < lastColumn; column += Vector256<T>.Count)
                {
                    nint columns = Math.Min(Vector256<T>.Count, lastColumn - column);
                    Vector256<T> parameter = Parameters == null ? default : EightLanes<T>.LoadPart(Parameters + (row * Inner) + column, columns, default);
                    EightLanes<T>.StorePart(EightLanes<T>.DownColumns<TTerm>(x + column, Inner, length, columns, parameter), y + column, columns);
                }
            }
        }
    }

    /// <summary>y = maximum + ln(sum) where the maximum is finite, else the maximum.</summary>
    private struct LogSumWork : IPartitionedWork
    {
        public T* Sums;
        public T* Y;
        public nint Length;

        public static bool UsesWorkspace => false;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint i, nint end) = Stretch(Length, part, parts);
            for (; i < end; i += Vector256<T>.Count)
            {
                nint count = Math.Min(Vector256<T>.Count, end - i);
                Vector256<T> maximum = EightLanes<T>.LoadPart(Y + i, count, default);
                Vector256<T> sum = EightLanes<T>.LoadPart(Sums + i, count, default);
                Vector256<T> result = maximum + VectorFunctions<T, Vector256<T>, Lanes256<T>>.Logarithm(sum);
                Vector256<T> isFinite = Vector256.LessThan(Vector256.Abs(maximum), Vector256.Create(T.PositiveInfinity));
                EightLanes<T>.StorePart(Vector256.ConditionalSelect(isFinite, result, maximum), Y + i, count);
            }
        }
    }

    private struct FiniteWork : IPartitionedWork
    {
        public T* X;
        public nint Length;
        public int* Failures;

        public static bool UsesWorkspace => false;

        // 0 · x is 0 but for a NaN or an infinity, which make a NaN of it: so there is nothing to decide until the end
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint i, nint end) = Stretch(Length, part, parts);
            TVector zero = TLanes.Broadcast(T.Zero);
            (TVector first, TVector second) = (zero, zero);
            for (; i <= end - (2 * TLanes.Count); i += 2 * TLanes.Count)
            {
                first = TLanes.MultiplyAdd(TLanes.Load(X + i), zero, first);
                second = TLanes.MultiplyAdd(TLanes.Load(X + i + TLanes.Count), zero, second);
            }

            bool isFinite = !TLanes.Any(TLanes.Select(TLanes.EqualTo(TLanes.Add(first, second), zero), zero, TLanes.Broadcast(-T.One)));
            for (; i < end; i++)
            {
                isFinite &= T.IsFinite(X[i]);
            }

            if (!isFinite)
            {
                Volatile.Write(ref *Failures, 1);
            }
        }
    }
}
