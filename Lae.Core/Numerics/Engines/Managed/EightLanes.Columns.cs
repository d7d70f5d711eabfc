using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lae.Numerics.Engines.Managed;

/// <summary>Totals down columns: a lane is a register of columns, and takes every eighth row.</summary>
internal static unsafe partial class EightLanes<T>
{
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

    /// <summary>The totals of two registers of columns, a cache line of singles, stored where they belong: with long rows a line is then read once. Of a term without a parameter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DownWideColumns<TTerm>(T* x, nint stride, nint length, T* y)
        where TTerm : struct, IReductionTerm<T>
    {
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
            Take(row, ref t0, ref u0);
            if (left >= Lanes)
            {
                Take(row + stride, ref t1, ref u1);
                row += 2 * stride;
                Take(row, ref t2, ref u2);
                Take(row + stride, ref t3, ref u3);
                row += 2 * stride;
                Take(row, ref t4, ref u4);
                Take(row + stride, ref t5, ref u5);
                row += 2 * stride;
                Take(row, ref t6, ref u6);
                Take(row + stride, ref t7, ref u7);
                continue;
            }

            if (left > 1)
            {
                Take(row + stride, ref t1, ref u1);
            }

            if (left > 2)
            {
                Take(row + (2 * stride), ref t2, ref u2);
            }

            if (left > 3)
            {
                Take(row + (3 * stride), ref t3, ref u3);
            }

            if (left > 4)
            {
                Take(row + (4 * stride), ref t4, ref u4);
            }

            if (left > 5)
            {
                Take(row + (5 * stride), ref t5, ref u5);
            }

            if (left > 6)
            {
                Take(row + (6 * stride), ref t6, ref u6);
            }
        }

        JoinLanes(t0, t1, t2, t3, t4, t5, t6, t7).Store(y);
        JoinLanes(u0, u1, u2, u3, u4, u5, u6, u7).Store(y + Width);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Take(T* row, ref Vector256<T> t, ref Vector256<T> u)
        {
            t = TTerm.Accumulate(t, Vector256.Load(row), default, default);
            u = TTerm.Accumulate(u, Vector256.Load(row + Width), default, default);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<T> JoinLanes(
            Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d, Vector256<T> e, Vector256<T> f, Vector256<T> g, Vector256<T> h) =>
            TTerm.Join(TTerm.Join(TTerm.Join(a, e), TTerm.Join(c, g)), TTerm.Join(TTerm.Join(b, f), TTerm.Join(d, h)));
    }
}
