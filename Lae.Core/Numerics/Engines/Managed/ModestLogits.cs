using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// Logits of magnitude 10 at most, in double: with e = e^{−z} itself, which neither overflows nor makes a product of 64 factors overflow,
/// <code>
///     ln(1 + e^{−z}) = ln(1 + e),    σ(−z) = e / (1 + e)
/// </code>
/// so that no case is told from another. Nearly all data of a chain that has arrived are of this kind.
/// </summary>
internal struct ModestLogits<T, TVector, TLanes> : ILogitRange<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    /// <summary>(1 + e^10)^64 is below 2^924.</summary>
    public const double Greatest = 10;

    /// <summary>64 factors to a lane.</summary>
    public static int RowsOfProduct => 1024;

    public static bool UsesLogits => false;

    /// <summary>Multiplies the product by 1 + e; e becomes σ(−z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Take(ref TVector e, TVector z, ref TVector sum, ref TVector product)
    {
        TVector factor = TLanes.Add(TLanes.Broadcast(T.One), e);
        product = TLanes.Multiply(product, factor);
        e = TLanes.Divide(e, factor);
    }

    /// <summary>Replaces each x by e^{−x}.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Replace(
        ref TVector x0, ref TVector x1, ref TVector x2, ref TVector x3,
        ref TVector x4, ref TVector x5, ref TVector x6, ref TVector x7) =>
        EightExponentials<T, TVector, TLanes>.Replace(-1, ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7);
}
