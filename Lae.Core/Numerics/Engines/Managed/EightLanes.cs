using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lae.Numerics.Engines.Managed;

/// <summary>What a reduction gathers of each element; x and second are registers of elements, the parameter belongs to the whole axis.</summary>
internal interface IReductionTerm<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract T Start { get; }

    /// <summary>Whether the second argument matters.</summary>
    static abstract bool UsesSecond { get; }

    /// <summary>Whether the term is so long that the compiler should see it but once.</summary>
    static abstract bool IsLong { get; }

    static abstract Vector256<T> Accumulate(Vector256<T> total, Vector256<T> x, Vector256<T> second, Vector256<T> parameter);

    /// <summary>Joins two totals.</summary>
    static abstract Vector256<T> Join(Vector256<T> a, Vector256<T> b);

    /// <summary>What stands in for x where a register reaches beyond the axis, so that it changes no total.</summary>
    static abstract T Padding(T parameter);
}

/// <summary>
/// Reductions in one fixed order: element k goes to lane k mod 8, in rising k, and lanes 0–7 are joined as ((0+4)+(2+6)) + ((1+5)+(3+7)).
/// Along a row the lanes lie in registers; down a column each lane is a register of columns. Both give the same bits, for any register width.
/// </summary>
internal static unsafe class EightLanes<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Lanes = 8;

    private static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<T>.Count;
    }

    /// <summary>The total of <paramref name="length"/> neighbours; <paramref name="second"/> may be null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static T AlongRow<TTerm>(T* x, T* second, nint length, T parameter)
        where TTerm : struct, IReductionTerm<T>
    {
        Vector256<T> fixedParameter = Vector256.Create(parameter);
        Vector256<T> low = Vector256.Create(TTerm.Start);
        Vector256<T> high = low;
        nint k = 0;
        for (; k <= length - Lanes; k += Lanes)
        {
            low = TTerm.Accumulate(low, Vector256.Load(x + k), TTerm.UsesSecond ? Vector256.Load(second + k) : default, fixedParameter);
            if (typeof(T) == typeof(double))
            {
                high = TTerm.Accumulate(high, Vector256.Load(x + k + Width), TTerm.UsesSecond ? Vector256.Load(second + k + Width) : default, fixedParameter);
            }
        }

        if (k < length)
        {
            Vector256<T> padding = Vector256.Create(TTerm.Padding(parameter));
            nint count = length - k;
            low = TTerm.Accumulate(low, LoadPart(x + k, count, padding), TTerm.UsesSecond ? LoadPart(second + k, count, default) : default, fixedParameter);
            if (typeof(T) == typeof(double))
            {
                k += Width;
                high = TTerm.Accumulate(high, LoadPart(x + k, count - Width, padding), TTerm.UsesSecond ? LoadPart(second + k, count - Width, default) : default, fixedParameter);
            }
        }

        return Joined<TTerm>(low, high);
    }

    /// <summary>One total of the eight lanes, which are both registers in double and the first in float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Joined<TTerm>(Vector256<T> low, Vector256<T> high)
        where TTerm : struct, IReductionTerm<T>
    {
        if (typeof(T) == typeof(double))
        {
            // 0+4 1+5 2+6 3+7
            Vector256<T> pairs = TTerm.Join(low, high);
            Vector256<T> quads = TTerm.Join(pairs, Vector256.Create(pairs.GetUpper(), pairs.GetUpper()));
            return TTerm.Join(quads, Vector256.Create(quads.GetElement(1)))[0];
        }
        else
        {
            Vector256<T> pairs = TTerm.Join(low, Vector256.Create(low.GetUpper(), low.GetUpper()));
            Vector256<T> quads = TTerm.Join(pairs, Vector256.Shuffle(pairs.AsSingle(), Vector256.Create(2, 3, 2, 3, 2, 3, 2, 3)).As<float, T>());
            return TTerm.Join(quads, Vector256.Create(quads.GetElement(1)))[0];
        }
    }

    /// <summary>The totals of a register of columns, whose elements lie <paramref name="stride"/> apart; only <paramref name="columns"/> of them exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector256<T> DownColumns<TTerm>(T* x, nint stride, nint length, nint columns, Vector256<T> parameter)
        where TTerm : struct, IReductionTerm<T>
    {
        Vector256<T> t0 = Vector256.Create(TTerm.Start);
        Vector256<T> t1 = t0;
        Vector256<T> t2 = t0;
        Vector256<T> t3 = t0;
        Vector256<T> t4 = t0;
        Vector256<T> t5 = t0;
        Vector256<T> t6 = t0;
        Vector256<T> t7 = t0;
        nint k = 0;
        if (columns >= Width && !TTerm.IsLong)
        {
            for (; k <= length - Lanes; k += Lanes)
            {
                T* row = x + (k * stride);
                t0 = TTerm.Accumulate(t0, Vector256.Load(row), default, parameter);
                t1 = TTerm.Accumulate(t1, Vector256.Load(row + stride), default, parameter);
                row += 2 * stride;
                t2 = TTerm.Accumulate(t2, Vector256.Load(row), default, parameter);
                t3 = TTerm.Accumulate(t3, Vector256.Load(row + stride), default, parameter);
                row += 2 * stride;
                t4 = TTerm.Accumulate(t4, Vector256.Load(row), default, parameter);
                t5 = TTerm.Accumulate(t5, Vector256.Load(row + stride), default, parameter);
                row += 2 * stride;
                t6 = TTerm.Accumulate(t6, Vector256.Load(row), default, parameter);
                t7 = TTerm.Accumulate(t7, Vector256.Load(row + stride), default, parameter);
            }
        }

        Vector256<T>* lanes = stackalloc Vector256<T>[Lanes] { t0, t1, t2, t3, t4, t5, t6, t7 };
        for (; k < length; k++)
        {
            Vector256<T> values = columns >= Width ? Vector256.Load(x + (k * stride)) : LoadPart(x + (k * stride), columns, default);
            lanes[k % Lanes] = TTerm.Accumulate(lanes[k % Lanes], values, default, parameter);
        }

        Vector256<T> even = TTerm.Join(TTerm.Join(lanes[0], lanes[4]), TTerm.Join(lanes[2], lanes[6]));
        Vector256<T> odd = TTerm.Join(TTerm.Join(lanes[1], lanes[5]), TTerm.Join(lanes[3], lanes[7]));
        return TTerm.Join(even, odd);
    }

    /// <summary>Whether there are registers for <see cref="DownWideColumns"/>.</summary>
    public static bool HasWideColumns => Vector512.IsHardwareAccelerated;

    /// <summary>The totals of two registers of columns, a cache line of singles, stored where they belong: with long rows a line is then read once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DownWideColumns<TTerm>(T* x, nint stride, nint length, T* parameters, T* y)
        where TTerm : struct, IReductionTerm<T>
    {
        Vector256<T> p = parameters == null ? default : Vector256.Load(parameters);
        Vector256<T> q = parameters == null ? default : Vector256.Load(parameters + Width);
        Vector256<T> t0 = Vector256.Create(TTerm.Start), u0 = t0;
        Vector256<T> t1 = t0, u1 = t0;
        Vector256<T> t2 = t0, u2 = t0;
        Vector256<T> t3 = t0, u3 = t0;
        Vector256<T> t4 = t0, u4 = t0;
        Vector256<T> t5 = t0, u5 = t0;
        Vector256<T> t6 = t0, u6 = t0;
        Vector256<T> t7 = t0, u7 = t0;
        for (nint k = 0; k < length; k += Lanes)
        {
            nint left = length - k;
            T* row = x + (k * stride);
            Take(row, ref t0, ref u0, p, q);
            if (left >= Lanes)
            {
                Take(row + stride, ref t1, ref u1, p, q);
                row += 2 * stride;
                Take(row, ref t2, ref u2, p, q);
                Take(row + stride, ref t3, ref u3, p, q);
                row += 2 * stride;
                Take(row, ref t4, ref u4, p, q);
                Take(row + stride, ref t5, ref u5, p, q);
                row += 2 * stride;
                Take(row, ref t6, ref u6, p, q);
                Take(row + stride, ref t7, ref u7, p, q);
                continue;
            }

            if (left > 1)
            {
                Take(row + stride, ref t1, ref u1, p, q);
            }

            if (left > 2)
            {
                Take(row + (2 * stride), ref t2, ref u2, p, q);
            }

            if (left > 3)
            {
                Take(row + (3 * stride), ref t3, ref u3, p, q);
            }

            if (left > 4)
            {
                Take(row + (4 * stride), ref t4, ref u4, p, q);
            }

            if (left > 5)
            {
                Take(row + (5 * stride), ref t5, ref u5, p, q);
            }

            if (left > 6)
            {
                Take(row + (6 * stride), ref t6, ref u6, p, q);
            }
        }

        JoinLanes(t0, t1, t2, t3, t4, t5, t6, t7).Store(y);
        JoinLanes(u0, u1, u2, u3, u4, u5, u6, u7).Store(y + Width);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Take(T* row, ref Vector256<T> t, ref Vector256<T> u, Vector256<T> p, Vector256<T> q)
        {
            t = TTerm.Accumulate(t, Vector256.Load(row), default, p);
            u = TTerm.Accumulate(u, Vector256.Load(row + Width), default, q);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<T> JoinLanes(
            Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d, Vector256<T> e, Vector256<T> f, Vector256<T> g, Vector256<T> h) =>
            TTerm.Join(TTerm.Join(TTerm.Join(a, e), TTerm.Join(c, g)), TTerm.Join(TTerm.Join(b, f), TTerm.Join(d, h)));
    }

    /// <summary>The first <paramref name="count"/> elements and padding after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadPart(T* x, nint count, Vector256<T> padding)
    {
        if (count >= Width)
        {
            return Vector256.Load(x);
        }

        if (Avx.IsSupported)
        {
            // what lies beyond is not touched, and no number is stored just before it is loaded, which would have to wait
            Vector256<T> mask = typeof(T) == typeof(double)
                ? Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).As<long, T>()
                : Vector256.LessThan(Vector256<int>.Indices, Vector256.Create((int)count)).As<int, T>();
            Vector256<T> part = typeof(T) == typeof(double)
                ? Avx.MaskLoad((double*)x, mask.AsDouble()).As<double, T>()
                : Avx.MaskLoad((float*)x, mask.AsSingle()).As<float, T>();
            return Vector256.ConditionalSelect(mask, part, padding);
        }

        Vector256<T> value = padding;
        for (nint i = 0; i < count; i++)
        {
            ((T*)&value)[i] = x[i];
        }

        return value;
    }

    /// <summary>Stores the first <paramref name="count"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Vector256<T> value, T* y, nint count)
    {
        if (count >= Width)
        {
            value.Store(y);
            return;
        }

        for (nint i = 0; i < count; i++)
        {
            y[i] = ((T*)&value)[i];
        }
    }

    public struct Sum : IReductionTerm<T>
    {
        public static T Start => T.Zero;

        public static bool UsesSecond
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        public static bool IsLong
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Accumulate(Vector256<T> total, Vector256<T> x, Vector256<T> second, Vector256<T> parameter) => total + x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Join(Vector256<T> a, Vector256<T> b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Padding(T parameter) => T.Zero;
    }

    public struct Maximum : IReductionTerm<T>
    {
        public static T Start => T.NegativeInfinity;

        public static bool UsesSecond
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        public static bool IsLong
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Accumulate(Vector256<T> total, Vector256<T> x, Vector256<T> second, Vector256<T> parameter) => Vector256.Max(total, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Join(Vector256<T> a, Vector256<T> b) => Vector256.Max(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Padding(T parameter) => T.NegativeInfinity;
    }

    /// <summary>Σ e^{x − parameter}.</summary>
    public struct SumOfExponentials : IReductionTerm<T>
    {
        public static T Start => T.Zero;

        public static bool UsesSecond
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        public static bool IsLong
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => true;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Accumulate(Vector256<T> total, Vector256<T> x, Vector256<T> second, Vector256<T> parameter) =>
            total + VectorFunctions<T, Vector256<T>, Lanes256<T>>.Exponential(x - parameter);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Join(Vector256<T> a, Vector256<T> b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Padding(T parameter) => T.NegativeInfinity;
    }

    /// <summary>Σ (x − parameter)².</summary>
    public struct SumOfSquaredDeviations : IReductionTerm<T>
    {
        public static T Start => T.Zero;

        public static bool UsesSecond
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        public static bool IsLong
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Accumulate(Vector256<T> total, Vector256<T> x, Vector256<T> second, Vector256<T> parameter)
        {
            Vector256<T> deviation = x - parameter;
            return Lanes256<T>.MultiplyAdd(deviation, deviation, total);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Join(Vector256<T> a, Vector256<T> b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Padding(T parameter) => parameter;
    }

    /// <summary>Σ x · second.</summary>
    public struct SumOfProducts : IReductionTerm<T>
    {
        public static T Start => T.Zero;

        public static bool UsesSecond
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => true;
        }

        public static bool IsLong
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => false;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Accumulate(Vector256<T> total, Vector256<T> x, Vector256<T> second, Vector256<T> parameter) =>
            Lanes256<T>.MultiplyAdd(x, second, total);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Join(Vector256<T> a, Vector256<T> b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Padding(T parameter) => T.Zero;
    }
}
