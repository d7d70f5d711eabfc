using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The polynomial of <see cref="VectorFunctions{T,TVector,TLanes}.NormalDecayOf"/> in double: for |r| ≤ ½ ln 2
/// <code>
///     eʳ ≈ 1 + r + c2 r² + … + c11 r¹¹
/// </code>
/// with (eʳ − 1 − r) / r² taken through ten Chebyshev nodes, which leaves a relative 1.7e-17.
/// </summary>
internal static class ShortExponentials
{
    public const double C11 = 2.510038549551032e-08;
    public const double C10 = 2.7620088445409746e-07;
    public const double C9 = 2.7557268459997064e-06;
    public const double C8 = 2.4801521295954376e-05;
    public const double C7 = 0.00019841269863053618;
    public const double C6 = 0.0013888888917213717;
    public const double C5 = 0.008333333333330062;
    public const double C4 = 0.04166666666662413;
    public const double C3 = 0.16666666666666669;
    public const double C2 = 0.5000000000000001;
}

/// <summary>
/// <see cref="VectorFunctions{T,TVector,TLanes}.NormalDecayOf"/> of eight registers in step, with the same bits. One chain of multiply-adds waits four cycles for each of its links; eight that take turns keep both units of a processor busy,
/// which its own window of instructions, some two hundred, is too short to arrange.
/// </summary>
internal static class EightDecays<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    /// <summary>Replaces each x by e^{−|x|}.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Replace(
        ref TVector x0, ref TVector x1, ref TVector x2, ref TVector x3,
        ref TVector x4, ref TVector x5, ref TVector x6, ref TVector x7)
    {
        if (typeof(T) == typeof(float))
        {
            x0 = VectorFunctions<T, TVector, TLanes>.NormalDecayOf(x0);
            x1 = VectorFunctions<T, TVector, TLanes>.NormalDecayOf(x1);
            x2 = VectorFunctions<T, TVector, TLanes>.NormalDecayOf(x2);
            x3 = VectorFunctions<T, TVector, TLanes>.NormalDecayOf(x3);
            x4 = VectorFunctions<T, TVector, TLanes>.NormalDecayOf(x4);
            x5 = VectorFunctions<T, TVector, TLanes>.NormalDecayOf(x5);
            x6 = VectorFunctions<T, TVector, TLanes>.NormalDecayOf(x6);
            x7 = VectorFunctions<T, TVector, TLanes>.NormalDecayOf(x7);
            return;
        }

        TVector k = Constant(-0d);
        TVector bottom = Constant(-708);
        TVector r0 = TLanes.Greater(bottom, TLanes.BitOr(x0, k));
        TVector r1 = TLanes.Greater(bottom, TLanes.BitOr(x1, k));
        TVector r2 = TLanes.Greater(bottom, TLanes.BitOr(x2, k));
        TVector r3 = TLanes.Greater(bottom, TLanes.BitOr(x3, k));
        TVector r4 = TLanes.Greater(bottom, TLanes.BitOr(x4, k));
        TVector r5 = TLanes.Greater(bottom, TLanes.BitOr(x5, k));
        TVector r6 = TLanes.Greater(bottom, TLanes.BitOr(x6, k));
        TVector r7 = TLanes.Greater(bottom, TLanes.BitOr(x7, k));
        k = Constant(1.4426950408889634);
        TVector rounder = Constant(6755399441055744);
        TVector n0 = TLanes.MultiplyAdd(r0, k, rounder);
        TVector n1 = TLanes.MultiplyAdd(r1, k, rounder);
        TVector n2 = TLanes.MultiplyAdd(r2, k, rounder);
        TVector n3 = TLanes.MultiplyAdd(r3, k, rounder);
        TVector n4 = TLanes.MultiplyAdd(r4, k, rounder);
        TVector n5 = TLanes.MultiplyAdd(r5, k, rounder);
        TVector n6 = TLanes.MultiplyAdd(r6, k, rounder);
        TVector n7 = TLanes.MultiplyAdd(r7, k, rounder);
        k = Constant(-0.6931471805599453);
        r0 = TLanes.MultiplyAdd(TLanes.Subtract(n0, rounder), k, r0);
        r1 = TLanes.MultiplyAdd(TLanes.Subtract(n1, rounder), k, r1);
        r2 = TLanes.MultiplyAdd(TLanes.Subtract(n2, rounder), k, r2);
        r3 = TLanes.MultiplyAdd(TLanes.Subtract(n3, rounder), k, r3);
        r4 = TLanes.MultiplyAdd(TLanes.Subtract(n4, rounder), k, r4);
        r5 = TLanes.MultiplyAdd(TLanes.Subtract(n5, rounder), k, r5);
        r6 = TLanes.MultiplyAdd(TLanes.Subtract(n6, rounder), k, r6);
        r7 = TLanes.MultiplyAdd(TLanes.Subtract(n7, rounder), k, r7);
        TVector p = Constant(ShortExponentials.C11);
        k = Constant(ShortExponentials.C10);
        TVector p0 = TLanes.MultiplyAdd(p, r0, k);
        TVector p1 = TLanes.MultiplyAdd(p, r1, k);
        TVector p2 = TLanes.MultiplyAdd(p, r2, k);
        TVector p3 = TLanes.MultiplyAdd(p, r3, k);
        TVector p4 = TLanes.MultiplyAdd(p, r4, k);
        TVector p5 = TLanes.MultiplyAdd(p, r5, k);
        TVector p6 = TLanes.MultiplyAdd(p, r6, k);
        TVector p7 = TLanes.MultiplyAdd(p, r7, k);
        k = Constant(ShortExponentials.C9);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);
        k = Constant(ShortExponentials.C8);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);
        k = Constant(ShortExponentials.C7);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);
        k = Constant(ShortExponentials.C6);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);
        k = Constant(ShortExponentials.C5);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);
        k = Constant(ShortExponentials.C4);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);
        k = Constant(ShortExponentials.C3);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);
        k = Constant(ShortExponentials.C2);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);
        k = TLanes.Broadcast(T.One);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);

        // 2ⁿ: the shift pushes all of the rounder's own bits out
        x0 = TLanes.Multiply(p0, TLanes.IntegerAdd(TLanes.ShiftLeft(n0, 52), k));
        x1 = TLanes.Multiply(p1, TLanes.IntegerAdd(TLanes.ShiftLeft(n1, 52), k));
        x2 = TLanes.Multiply(p2, TLanes.IntegerAdd(TLanes.ShiftLeft(n2, 52), k));
        x3 = TLanes.Multiply(p3, TLanes.IntegerAdd(TLanes.ShiftLeft(n3, 52), k));
        x4 = TLanes.Multiply(p4, TLanes.IntegerAdd(TLanes.ShiftLeft(n4, 52), k));
        x5 = TLanes.Multiply(p5, TLanes.IntegerAdd(TLanes.ShiftLeft(n5, 52), k));
        x6 = TLanes.Multiply(p6, TLanes.IntegerAdd(TLanes.ShiftLeft(n6, 52), k));
        x7 = TLanes.Multiply(p7, TLanes.IntegerAdd(TLanes.ShiftLeft(n7, 52), k));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Constant(double value) => VectorFunctions<T, TVector, TLanes>.Constant(0, value);
}
