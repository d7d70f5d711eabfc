using System.Numerics;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The operations of one SIMD register of <typeparamref name="T"/>, so that a kernel is written once for all widths. Every operation works
/// lane by lane with IEEE rounding, so that an element has the same bits at any width and any position.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TVector">The register, such as <c>Vector256&lt;float&gt;</c>; also the type of a comparison's mask.</typeparam>
internal unsafe interface ILanes<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
{
    static abstract int Count { get; }

    /// <summary>Rows of the register block of a matrix product: as many as leave room for two registers of B and one of A.</summary>
    static abstract int ProductRows { get; }

    static abstract TVector Load(T* source);

    static abstract void Store(TVector value, T* destination);

    static abstract TVector Broadcast(T value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a · b + c with one rounding.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Negate(TVector a);

    static abstract TVector Absolute(TVector a);

    static abstract TVector SquareRoot(TVector a);

    /// <summary>The greater; NaN if either is NaN; +0 above −0.</summary>
    static abstract TVector Maximum(TVector a, TVector b);

    static abstract TVector Minimum(TVector a, TVector b);

    /// <summary>a where a &gt; b, else b (so b where either is NaN): one instruction, where <see cref="Maximum"/> takes several.</summary>
    static abstract TVector Greater(TVector a, TVector b);

    /// <summary>a where a &lt; b, else b (so b where either is NaN).</summary>
    static abstract TVector Lesser(TVector a, TVector b);

    static abstract TVector GreaterThan(TVector a, TVector b);

    static abstract TVector GreaterThanOrEqual(TVector a, TVector b);

    static abstract TVector EqualTo(TVector a, TVector b);

    /// <summary>a where the mask's bits are set, else b.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    static abstract bool Any(TVector mask);

    static abstract TVector BitAnd(TVector a, TVector b);

    static abstract TVector BitOr(TVector a, TVector b);

    static abstract TVector BitXor(TVector a, TVector b);

    /// <summary>The sum of the bit patterns as integers.</summary>
    static abstract TVector IntegerAdd(TVector a, TVector b);

    static abstract TVector IntegerSubtract(TVector a, TVector b);

    static abstract TVector ShiftLeft(TVector a, int bits);

    /// <summary>Shifts the bit patterns right, zeros coming in.</summary>
    static abstract TVector ShiftRightLogical(TVector a, int bits);

    /// <summary>Of a table of 16 numbers that which the lowest four bits of each lane's pattern count to.</summary>
    static abstract TVector OfSixteen(T* table, TVector indices);

    /// <summary>The sum of the lanes: the upper half joins the lower, and so on down to one.</summary>
    static abstract T SumOfHalves(TVector a);
}
