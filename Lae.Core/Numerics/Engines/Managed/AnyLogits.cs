using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>What the data of a logistic regression add, in a range of logits z: Σ min(z, 0) and the product of factors, of which the logarithm is taken after some rows, and σ(−z).</summary>
internal interface ILogitRange<T, TVector>
{
    /// <summary>Rows between logarithms, a multiple of 64 that divides 4,096: so many that the product of a lane, a sixteenth of them, is finite.</summary>
    static abstract int RowsOfProduct { get; }

    /// <summary>Replaces eight registers of z by what <see cref="Take"/> takes.</summary>
    static abstract void Replace(
        ref TVector x0, ref TVector x1, ref TVector x2, ref TVector x3,
        ref TVector x4, ref TVector x5, ref TVector x6, ref TVector x7);

    /// <summary>Adds to the sum, multiplies the product, and puts σ(−z) in the place of e.</summary>
    static abstract void Take(ref TVector e, TVector z, ref TVector sum, ref TVector product);
}

/// <summary>
/// Logits of any size, by e = e^{−|z|}: <see cref="VectorFunctions{T,TVector,TLanes}.NormalDecayOf"/> of eight registers in step, with the same bits. One chain of multiply-adds waits four cycles for each of its links; eight that take turns keep both units of a processor busy,
/// which its own window of instructions, some two hundred, is too short to arrange.
/// </summary>
internal unsafe struct AnyLogits<T, TVector, TLanes> : ILogitRange<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    /// <summary>256 factors to a lane in double, 64 in float, each 2 at most.</summary>
    public static int RowsOfProduct => typeof(T) == typeof(float) ? 1024 : 4096;

    /// <summary>Adds min(z, 0) to the sum and multiplies the product by 1 + e; e^{−|z|} becomes σ(−z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Take(ref TVector e, TVector z, ref TVector sum, ref TVector product)
    {
        TVector zero = TLanes.Broadcast(T.Zero);
        TVector one = TLanes.Broadcast(T.One);
        TVector factor = TLanes.Add(one, e);
        sum = TLanes.Add(sum, TLanes.Lesser(zero, z));
        product = TLanes.Multiply(product, factor);
        e = TLanes.Divide(TLanes.Select(TLanes.GreaterThan(zero, z), one, e), factor);
    }

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
        k = Constant(ShortExponentials.PerLogarithm);
        TVector rounder = Constant(6755399441055744);
        TVector n0 = TLanes.MultiplyAdd(r0, k, rounder);
        TVector n1 = TLanes.MultiplyAdd(r1, k, rounder);
        TVector n2 = TLanes.MultiplyAdd(r2, k, rounder);
        TVector n3 = TLanes.MultiplyAdd(r3, k, rounder);
        TVector n4 = TLanes.MultiplyAdd(r4, k, rounder);
        TVector n5 = TLanes.MultiplyAdd(r5, k, rounder);
        TVector n6 = TLanes.MultiplyAdd(r6, k, rounder);
        TVector n7 = TLanes.MultiplyAdd(r7, k, rounder);
        k = Constant(-ShortExponentials.LogarithmOfRoot);
        r0 = TLanes.MultiplyAdd(TLanes.Subtract(n0, rounder), k, r0);
        r1 = TLanes.MultiplyAdd(TLanes.Subtract(n1, rounder), k, r1);
        r2 = TLanes.MultiplyAdd(TLanes.Subtract(n2, rounder), k, r2);
        r3 = TLanes.MultiplyAdd(TLanes.Subtract(n3, rounder), k, r3);
        r4 = TLanes.MultiplyAdd(TLanes.Subtract(n4, rounder), k, r4);
        r5 = TLanes.MultiplyAdd(TLanes.Subtract(n5, rounder), k, r5);
        r6 = TLanes.MultiplyAdd(TLanes.Subtract(n6, rounder), k, r6);
        r7 = TLanes.MultiplyAdd(TLanes.Subtract(n7, rounder), k, r7);
        TVector p = Constant(ShortExponentials.C6);
        k = Constant(ShortExponentials.C5);
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
        k = Constant(1);
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
