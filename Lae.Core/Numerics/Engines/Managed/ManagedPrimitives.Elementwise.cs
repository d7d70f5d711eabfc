using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>Functions of each element alone.</summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    public void Unary(UnaryOperation operation, ReadOnlySpan<T> x, Span<T> y)
    {
        Require(x.Length == y.Length);
        switch (operation)
        {
            case UnaryOperation.Negate:
                Map<UnaryFunctions<T, TVector, TLanes>.Negate>(x, y, StreamGrain);
                break;
            case UnaryOperation.Absolute:
                Map<UnaryFunctions<T, TVector, TLanes>.Absolute>(x, y, StreamGrain);
                break;
            case UnaryOperation.Sign:
                Map<UnaryFunctions<T, TVector, TLanes>.Sign>(x, y, StreamGrain);
                break;
            case UnaryOperation.Reciprocal:
                Map<UnaryFunctions<T, TVector, TLanes>.Reciprocal>(x, y, StreamGrain);
                break;
            case UnaryOperation.Square:
                Map<UnaryFunctions<T, TVector, TLanes>.Square>(x, y, StreamGrain);
                break;
            case UnaryOperation.SquareRoot:
                Map<UnaryFunctions<T, TVector, TLanes>.SquareRoot>(x, y, StreamGrain);
                break;
            case UnaryOperation.Exponential:
                Map<UnaryFunctions<T, TVector, TLanes>.Exponential>(x, y, TranscendentalGrain);
                break;
            case UnaryOperation.Logarithm:
                Map<UnaryFunctions<T, TVector, TLanes>.Logarithm>(x, y, TranscendentalGrain);
                break;
            case UnaryOperation.Tanh:
                Map<UnaryFunctions<T, TVector, TLanes>.Tanh>(x, y, TranscendentalGrain);
                break;
            case UnaryOperation.Sigmoid:
                Map<UnaryFunctions<T, TVector, TLanes>.Sigmoid>(x, y, TranscendentalGrain);
                break;
            case UnaryOperation.Softplus:
                Map<UnaryFunctions<T, TVector, TLanes>.Softplus>(x, y, TranscendentalGrain);
                break;
            case UnaryOperation.Relu:
                Map<UnaryFunctions<T, TVector, TLanes>.Relu>(x, y, StreamGrain);
                break;
            case UnaryOperation.Sine:
                Map<UnaryFunctions<T, TVector, TLanes>.Sine>(x, y, TranscendentalGrain);
                break;
            case UnaryOperation.Cosine:
                Map<UnaryFunctions<T, TVector, TLanes>.Cosine>(x, y, TranscendentalGrain);
                break;
            case UnaryOperation.IsPositive:
                Map<UnaryFunctions<T, TVector, TLanes>.IsPositive>(x, y, StreamGrain);
                break;
            case UnaryOperation.IsFinite:
                Map<UnaryFunctions<T, TVector, TLanes>.IsFinite>(x, y, StreamGrain);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, "Not a unary operation.");
        }
    }

    public void Binary(BinaryOperation operation, BroadcastPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        Require(
            y.Length == (long)plan.Rows * plan.Columns
            && a.Length == Extent(plan.A, plan.Rows, plan.Columns)
            && b.Length == Extent(plan.B, plan.Rows, plan.Columns));
        switch (operation)
        {
            case BinaryOperation.Add:
                Combine<BinaryFunctions<T, TVector, TLanes>.Add>(plan, a, b, y);
                break;
            case BinaryOperation.Subtract:
                Combine<BinaryFunctions<T, TVector, TLanes>.Subtract>(plan, a, b, y);
                break;
            case BinaryOperation.Multiply:
                Combine<BinaryFunctions<T, TVector, TLanes>.Multiply>(plan, a, b, y);
                break;
            case BinaryOperation.Divide:
                Combine<BinaryFunctions<T, TVector, TLanes>.Divide>(plan, a, b, y);
                break;
            case BinaryOperation.Maximum:
                Combine<BinaryFunctions<T, TVector, TLanes>.Maximum>(plan, a, b, y);
                break;
            case BinaryOperation.Minimum:
                Combine<BinaryFunctions<T, TVector, TLanes>.Minimum>(plan, a, b, y);
                break;
            case BinaryOperation.Greater:
                Combine<BinaryFunctions<T, TVector, TLanes>.Greater>(plan, a, b, y);
                break;
            case BinaryOperation.Equal:
                Combine<BinaryFunctions<T, TVector, TLanes>.Equal>(plan, a, b, y);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, "Not a binary operation.");
        }
    }

    public void Choose(OperandLayout layout, int rows, int columns, ReadOnlySpan<T> condition, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        long total = (long)rows * columns;
        Require(y.Length == total && a.Length == total && b.Length == total && condition.Length == Extent(layout, rows, columns));
        BroadcastPlan shape = Simplify(new BroadcastPlan(rows, columns, layout, OperandLayout.Full));
        fixed (T* conditionAddress = condition, aAddress = a, bAddress = b, yAddress = y)
        {
            ChooseWork work = new()
            {
                Plan = shape,
                Condition = conditionAddress,
                A = aAddress,
                B = bAddress,
                Y = yAddress,
            };
            pool.Run(ref work, PartsOfRows(shape.Rows, shape.Columns, StreamGrain));
        }
    }

    public void ScaleShift(T scale, T shift, ReadOnlySpan<T> x, Span<T> y)
    {
        Require(x.Length == y.Length);
        fixed (T* xAddress = x, yAddress = y)
        {
            AffineWork work = new() { Scale = scale, Shift = shift, X = xAddress, Y = yAddress, Length = x.Length };
            pool.Run(ref work, pool.Parts(x.Length, StreamGrain));
        }
    }

    public void ScaleAdd(T scale, ReadOnlySpan<T> x, ReadOnlySpan<T> z, Span<T> y)
    {
        Require(x.Length == y.Length && z.Length == y.Length);
        fixed (T* xAddress = x, zAddress = z, yAddress = y)
        {
            ScaleAddWork work = new() { Scale = scale, X = xAddress, Z = zAddress, Y = yAddress, Length = x.Length };
            pool.Run(ref work, pool.Parts(x.Length, StreamGrain));
        }
    }

    public void LangevinProposal(T drift, T diffusion, ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, ReadOnlySpan<T> noise, Span<T> y)
    {
        Require(x.Length == y.Length && gradient.Length == y.Length && noise.Length == y.Length);
        fixed (T* xAddress = x, gradientAddress = gradient, noiseAddress = noise, yAddress = y)
        {
            ProposalWork work = new()
            {
                Drift = drift,
                Diffusion = diffusion,
                X = xAddress,
                Gradient = gradientAddress,
                Noise = noiseAddress,
                Y = yAddress,
                Length = x.Length,
            };
            pool.Run(ref work, pool.Parts(x.Length, StreamGrain));
        }
    }

    private void Map<TFunction>(ReadOnlySpan<T> x, Span<T> y, int grain)
        where TFunction : struct, IUnaryFunction<TVector>
    {
        fixed (T* xAddress = x, yAddress = y)
        {
            UnaryWork<TFunction> work = new() { X = xAddress, Y = yAddress, Length = x.Length };
            pool.Run(ref work, pool.Parts(x.Length, grain));
        }
    }

    private void Combine<TFunction>(BroadcastPlan plan, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where TFunction : struct, IBinaryFunction<T, TVector>
    {
        BroadcastPlan shape = Simplify(plan);
        fixed (T* aAddress = a, bAddress = b, yAddress = y)
        {
            BinaryWork<TFunction> work = new() { Plan = shape, A = aAddress, B = bAddress, Y = yAddress };
            pool.Run(ref work, PartsOfRows(shape.Rows, shape.Columns, StreamGrain));
        }
    }

    private static long Extent(OperandLayout layout, int rows, int columns) => layout switch
    {
        OperandLayout.Full => (long)rows * columns,
        OperandLayout.Row => columns,
        OperandLayout.Column => rows,
        _ => 1,
    };

    /// <summary>The same broadcast with layouts that coincide named alike, and as one long row where no operand tells rows apart.</summary>
    private static BroadcastPlan Simplify(BroadcastPlan plan)
    {
        OperandLayout a = Simplify(plan.A, plan.Rows, plan.Columns);
        OperandLayout b = Simplify(plan.B, plan.Rows, plan.Columns);
        bool flat = a is OperandLayout.Full or OperandLayout.Scalar && b is OperandLayout.Full or OperandLayout.Scalar;
        return flat
            ? new BroadcastPlan(1, plan.Rows * plan.Columns, a, b)
            : new BroadcastPlan(plan.Rows, plan.Columns, a, b);
    }

    private static OperandLayout Simplify(OperandLayout layout, int rows, int columns)
    {
        if (layout is OperandLayout.Row && rows == 1)
        {
            return OperandLayout.Full;
        }

        if (layout is OperandLayout.Column && columns == 1)
        {
            return OperandLayout.Full;
        }

        bool isScalar = (layout is OperandLayout.Row && columns == 1) || (layout is OperandLayout.Column && rows == 1);
        return isScalar ? OperandLayout.Scalar : layout;
    }

    /// <summary>Where the operand of a row starts, and whether the row is one value repeated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* RowOf(T* operand, OperandLayout layout, nint row, nint columns) => layout switch
    {
        OperandLayout.Full => operand + (row * columns),
        OperandLayout.Column => operand + row,
        _ => operand,
    };

    /// <summary>The share of part <paramref name="part"/> of a rows × columns result: whole rows, or a stretch of the only row.</summary>
    private static (nint FirstRow, nint LastRow, nint FirstColumn, nint LastColumn) Share(in BroadcastPlan plan, int part, int parts)
    {
        if (plan.Rows == 1)
        {
            (nint first, nint last) = Stretch(plan.Columns, part, parts);
            return (0, 1, first, last);
        }

        (nint firstRow, nint lastRow) = Split(plan.Rows, part, parts);
        return (firstRow, lastRow, 0, plan.Columns);
    }

    private struct UnaryWork<TFunction> : IPartitionedWork
        where TFunction : struct, IUnaryFunction<TVector>
    {
        public T* X;
        public T* Y;
        public nint Length;

        public static bool UsesWorkspace => false;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint i, nint end) = Stretch(Length, part, parts);
            for (; i <= end - TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(TFunction.Apply(TLanes.Load(X + i)), Y + i);
            }

            if (i < end)
            {
                TVector tail = default;
                Unsafe.CopyBlockUnaligned(&tail, X + i, (uint)((end - i) * sizeof(T)));
                tail = TFunction.Apply(tail);
                Unsafe.CopyBlockUnaligned(Y + i, &tail, (uint)((end - i) * sizeof(T)));
            }
        }
    }

    private struct BinaryWork<TFunction> : IPartitionedWork
        where TFunction : struct, IBinaryFunction<T, TVector>
    {
        public BroadcastPlan Plan;
        public T* A;
        public T* B;
        public T* Y;

        public static bool UsesWorkspace => false;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint row, nint lastRow, nint firstColumn, nint lastColumn) = Share(Plan, part, parts);
            bool repeatA = Plan.A is OperandLayout.Column or OperandLayout.Scalar;
            bool repeatB = Plan.B is OperandLayout.Column or OperandLayout.Scalar;
            for (; row < lastRow; row++)
            {
                T* a = RowOf(A, Plan.A, row, Plan.Columns);
                T* b = RowOf(B, Plan.B, row, Plan.Columns);
                T* y = Y + (row * Plan.Columns);
                nint i = firstColumn;
                if (repeatA && repeatB)
                {
                    TVector both = TFunction.Apply(TLanes.Broadcast(*a), TLanes.Broadcast(*b));
                    for (; i <= lastColumn - TLanes.Count; i += TLanes.Count)
                    {
                        TLanes.Store(both, y + i);
                    }

                    for (; i < lastColumn; i++)
                    {
                        y[i] = TFunction.Apply(*a, *b);
                    }
                }
                else if (repeatA)
                {
                    T only = *a;
                    TVector left = TLanes.Broadcast(only);
                    for (; i <= lastColumn - TLanes.Count; i += TLanes.Count)
                    {
                        TLanes.Store(TFunction.Apply(left, TLanes.Load(b + i)), y + i);
                    }

                    for (; i < lastColumn; i++)
                    {
                        y[i] = TFunction.Apply(only, b[i]);
                    }
                }
                else if (repeatB)
                {
                    T only = *b;
                    TVector right = TLanes.Broadcast(only);
                    for (; i <= lastColumn - TLanes.Count; i += TLanes.Count)
                    {
                        TLanes.Store(TFunction.Apply(TLanes.Load(a + i), right), y + i);
                    }

                    for (; i < lastColumn; i++)
                    {
                        y[i] = TFunction.Apply(a[i], only);
                    }
                }
                else
                {
                    for (; i <= lastColumn - TLanes.Count; i += TLanes.Count)
                    {
                        TLanes.Store(TFunction.Apply(TLanes.Load(a + i), TLanes.Load(b + i)), y + i);
                    }

                    for (; i < lastColumn; i++)
                    {
                        y[i] = TFunction.Apply(a[i], b[i]);
                    }
                }
            }
        }
    }

    private struct ChooseWork : IPartitionedWork
    {
        public BroadcastPlan Plan;
        public T* Condition;
        public T* A;
        public T* B;
        public T* Y;

        public static bool UsesWorkspace => false;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint row, nint lastRow, nint firstColumn, nint lastColumn) = Share(Plan, part, parts);
            bool repeated = Plan.A is OperandLayout.Column or OperandLayout.Scalar;
            for (; row < lastRow; row++)
            {
                T* condition = RowOf(Condition, Plan.A, row, Plan.Columns);
                nint start = row * Plan.Columns;
                if (repeated)
                {
                    CopyRow((*condition != T.Zero ? A : B) + start + firstColumn, Y + start + firstColumn, lastColumn - firstColumn);
                    continue;
                }

                nint i = firstColumn;
                for (; i <= lastColumn - TLanes.Count; i += TLanes.Count)
                {
                    TVector isZero = TLanes.EqualTo(TLanes.Load(condition + i), TLanes.Broadcast(T.Zero));
                    TLanes.Store(TLanes.Select(isZero, TLanes.Load(B + start + i), TLanes.Load(A + start + i)), Y + start + i);
                }

                for (; i < lastColumn; i++)
                {
                    Y[start + i] = condition[i] != T.Zero ? A[start + i] : B[start + i];
                }
            }
        }

        /// <summary>Rows are short: a call of the library for each takes longer than to copy it. The last vector goes back over what the one before it copied.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void CopyRow(T* from, T* to, nint count)
        {
            if (count < TLanes.Count)
            {
                for (nint j = 0; j < count; j++)
                {
                    to[j] = from[j];
                }

                return;
            }

            for (nint j = 0; j < count - TLanes.Count; j += TLanes.Count)
            {
                TLanes.Store(TLanes.Load(from + j), to + j);
            }

            TLanes.Store(TLanes.Load(from + count - TLanes.Count), to + count - TLanes.Count);
        }
    }

    private struct AffineWork : IPartitionedWork
    {
        public T Scale;
        public T Shift;
        public T* X;
        public T* Y;
        public nint Length;

        public static bool UsesWorkspace => false;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint i, nint end) = Stretch(Length, part, parts);
            TVector scale = TLanes.Broadcast(Scale);
            TVector shift = TLanes.Broadcast(Shift);
            for (; i <= end - TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(TLanes.MultiplyAdd(scale, TLanes.Load(X + i), shift), Y + i);
            }

            for (; i < end; i++)
            {
                Y[i] = T.FusedMultiplyAdd(Scale, X[i], Shift);
            }
        }
    }

    private struct ScaleAddWork : IPartitionedWork
    {
        public T Scale;
        public T* X;
        public T* Z;
        public T* Y;
        public nint Length;

        public static bool UsesWorkspace => false;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint i, nint end) = Stretch(Length, part, parts);
            TVector scale = TLanes.Broadcast(Scale);
            for (; i <= end - TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(TLanes.MultiplyAdd(scale, TLanes.Load(X + i), TLanes.Load(Z + i)), Y + i);
            }

            for (; i < end; i++)
            {
                Y[i] = T.FusedMultiplyAdd(Scale, X[i], Z[i]);
            }
        }
    }

    private struct ProposalWork : IPartitionedWork
    {
        public T Drift;
        public T Diffusion;
        public T* X;
        public T* Gradient;
        public T* Noise;
        public T* Y;
        public nint Length;

        public static bool UsesWorkspace => false;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint i, nint end) = Stretch(Length, part, parts);
            TVector drift = TLanes.Broadcast(Drift);
            TVector diffusion = TLanes.Broadcast(Diffusion);
            for (; i <= end - TLanes.Count; i += TLanes.Count)
            {
                TVector moved = TLanes.MultiplyAdd(drift, TLanes.Load(Gradient + i), TLanes.Load(X + i));
                TLanes.Store(TLanes.MultiplyAdd(diffusion, TLanes.Load(Noise + i), moved), Y + i);
            }

            for (; i < end; i++)
            {
                Y[i] = T.FusedMultiplyAdd(Diffusion, Noise[i], T.FusedMultiplyAdd(Drift, Gradient[i], X[i]));
            }
        }
    }
}
