using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The exponential of <see cref="ShortExponentials"/> of eight registers in step, in double. One chain of multiply-adds waits four cycles for each of its links; eight that take turns keep both units of a processor busy,
/// which its own window of instructions, some two hundred, is too short to arrange.
/// </summary>
internal static unsafe class EightExponentials<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    /// <summary>Replaces each x by e^{sign · x}, sign · x in [−708, 708]; the sign, 1 or −1, is a constant where this is called, and goes into the constants here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Replace(
        double sign,
        ref TVector x0, ref TVector x1, ref TVector x2, ref TVector x3,
        ref TVector x4, ref TVector x5, ref TVector x6, ref TVector x7)
    {
        TVector k = Constant(sign * ShortExponentials.PerLogarithm);
        TVector rounder = Constant(6755399441055744);
        TVector n0 = TLanes.MultiplyAdd(x0, k, rounder);
        TVector n1 = TLanes.MultiplyAdd(x1, k, rounder);
        TVector n2 = TLanes.MultiplyAdd(x2, k, rounder);
        TVector n3 = TLanes.MultiplyAdd(x3, k, rounder);
        TVector n4 = TLanes.MultiplyAdd(x4, k, rounder);
        TVector n5 = TLanes.MultiplyAdd(x5, k, rounder);
        TVector n6 = TLanes.MultiplyAdd(x6, k, rounder);
        TVector n7 = TLanes.MultiplyAdd(x7, k, rounder);

        // sign · r
        k = Constant(-sign * ShortExponentials.LogarithmOfRoot);
        TVector r0 = TLanes.MultiplyAdd(TLanes.Subtract(n0, rounder), k, x0);
        TVector r1 = TLanes.MultiplyAdd(TLanes.Subtract(n1, rounder), k, x1);
        TVector r2 = TLanes.MultiplyAdd(TLanes.Subtract(n2, rounder), k, x2);
        TVector r3 = TLanes.MultiplyAdd(TLanes.Subtract(n3, rounder), k, x3);
        TVector r4 = TLanes.MultiplyAdd(TLanes.Subtract(n4, rounder), k, x4);
        TVector r5 = TLanes.MultiplyAdd(TLanes.Subtract(n5, rounder), k, x5);
        TVector r6 = TLanes.MultiplyAdd(TLanes.Subtract(n6, rounder), k, x6);
        TVector r7 = TLanes.MultiplyAdd(TLanes.Subtract(n7, rounder), k, x7);
        TVector p = Constant(ShortExponentials.C6);
        k = Constant(sign * ShortExponentials.C5);
        TVector p0 = TLanes.MultiplyAdd(p, r0, k);
        TVector p1 = TLanes.MultiplyAdd(p, r1, k);
        TVector p2 = TLanes.MultiplyAdd(p, r2, k);
        TVector p3 = TLanes.MultiplyAdd(p, r3, k);
        TVector p4 = TLanes.MultiplyAdd(p, r4, k);
        TVector p5 = TLanes.MultiplyAdd(p, r5, k);
        TVector p6 = TLanes.MultiplyAdd(p, r6, k);
        TVector p7 = TLanes.MultiplyAdd(p, r7, k);
        k = Constant(ShortExponentials.C4);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);
        k = Constant(sign * ShortExponentials.C3);
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
        k = Constant(sign);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);
        k = Constant(1);
        p0 = TLanes.MultiplyAdd(p0, r0, k);
        p1 = TLanes.MultiplyAdd(p1, r1, k);
        p2 = TLanes.MultiplyAdd(p2, r2, k);
        p3 = TLanes.MultiplyAdd(p3, r3, k);
        p4 = TLanes.MultiplyAdd(p4, r4, k);
        p5 = TLanes.MultiplyAdd(p5, r5, k);
        p6 = TLanes.MultiplyAdd(p6, r6, k);
        p7 = TLanes.MultiplyAdd(p7, r7, k);

        // 2^{n/16}: the shift pushes all of the rounder's own bits out
        T* roots = VectorFunctions<T, TVector, TLanes>.Roots;
        x0 = TLanes.Multiply(p0, TLanes.IntegerAdd(TLanes.ShiftLeft(n0, ShortExponentials.Shift), TLanes.OfSixteen(roots, n0)));
        x1 = TLanes.Multiply(p1, TLanes.IntegerAdd(TLanes.ShiftLeft(n1, ShortExponentials.Shift), TLanes.OfSixteen(roots, n1)));
        x2 = TLanes.Multiply(p2, TLanes.IntegerAdd(TLanes.ShiftLeft(n2, ShortExponentials.Shift), TLanes.OfSixteen(roots, n2)));
        x3 = TLanes.Multiply(p3, TLanes.IntegerAdd(TLanes.ShiftLeft(n3, ShortExponentials.Shift), TLanes.OfSixteen(roots, n3)));
        x4 = TLanes.Multiply(p4, TLanes.IntegerAdd(TLanes.ShiftLeft(n4, ShortExponentials.Shift), TLanes.OfSixteen(roots, n4)));
        x5 = TLanes.Multiply(p5, TLanes.IntegerAdd(TLanes.ShiftLeft(n5, ShortExponentials.Shift), TLanes.OfSixteen(roots, n5)));
        x6 = TLanes.Multiply(p6, TLanes.IntegerAdd(TLanes.ShiftLeft(n6, ShortExponentials.Shift), TLanes.OfSixteen(roots, n6)));
        x7 = TLanes.Multiply(p7, TLanes.IntegerAdd(TLanes.ShiftLeft(n7, ShortExponentials.Shift), TLanes.OfSixteen(roots, n7)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Constant(double value) => VectorFunctions<T, TVector, TLanes>.Constant(0, value);
}
