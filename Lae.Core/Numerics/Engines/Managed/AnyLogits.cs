using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>What the data of a logistic regression add, in a range of logits z: Σ min(z, 0) and the product of factors, of which the logarithm is taken after some rows, and σ(−z).</summary>
internal interface ILogitRange<T, TVector>
{
    /// <summary>Rows between logarithms, a multiple of 64 that divides 4,096: so many that the product of a lane, a sixteenth of them, is finite.</summary>
    static abstract int RowsOfProduct { get; }

    /// <summary>Whether <see cref="Take"/> looks at z.</summary>
    static abstract bool UsesLogits { get; }

    /// <summary>Replaces eight registers of z by what <see cref="Take"/> takes.</summary>
    static abstract void Replace(
        ref TVector x0, ref TVector x1, ref TVector x2, ref TVector x3,
        ref TVector x4, ref TVector x5, ref TVector x6, ref TVector x7);

    /// <summary>Adds to the sum, multiplies the product, and puts σ(−z) in the place of e.</summary>
    static abstract void Take(ref TVector e, TVector z, ref TVector sum, ref TVector product);
}

/// <summary>
/// Logits of any size, by e = e^{−|z|}, with the bits of <see cref="VectorFunctions{T,TVector,TLanes}.NormalDecayOf"/>:
/// <code>
///     ln(1 + e^{−z}) = −min(z, 0) + ln(1 + e),    σ(−z) = (1 if z &lt; 0 else e) / (1 + e)
/// </code>
/// </summary>
internal struct AnyLogits<T, TVector, TLanes> : ILogitRange<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    /// <summary>256 factors to a lane in double, 64 in float, each 2 at most.</summary>
    public static int RowsOfProduct => typeof(T) == typeof(float) ? 1024 : 4096;

    public static bool UsesLogits => true;

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
        x0 = TLanes.Greater(bottom, TLanes.BitOr(x0, k));
        x1 = TLanes.Greater(bottom, TLanes.BitOr(x1, k));
        x2 = TLanes.Greater(bottom, TLanes.BitOr(x2, k));
        x3 = TLanes.Greater(bottom, TLanes.BitOr(x3, k));
        x4 = TLanes.Greater(bottom, TLanes.BitOr(x4, k));
        x5 = TLanes.Greater(bottom, TLanes.BitOr(x5, k));
        x6 = TLanes.Greater(bottom, TLanes.BitOr(x6, k));
        x7 = TLanes.Greater(bottom, TLanes.BitOr(x7, k));
        EightExponentials<T, TVector, TLanes>.Replace(1, ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Constant(double value) => VectorFunctions<T, TVector, TLanes>.Constant(0, value);
}
