using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// Exponential, logarithm, tanh, sigmoid, softplus, sine and cosine of a register, without branches between lanes, so that the bits of a lane depend on its
/// argument alone. Errors in float stay within 1.5 units in the last place (tanh, sigmoid and softplus 2.5), in double within 2 (3) of the C library's; FunctionAccuracyTests holds them to that.
/// </summary>
/// <remarks>
/// Arguments are reduced as in Cody and Waite, Software Manual for the Elementary Functions (with fused multiply-adds, so that two or three parts of ln 2 and π/2 suffice);
/// the rest is the Taylor series cut where it leaves less than a fifth of a unit, and for the logarithm the form of fdlibm, ln(1 + f) = f − (f²/2 − s (f²/2 + R)), s = f / (2 + f).
/// </remarks>
internal static unsafe class VectorFunctions<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    private static bool Single
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    // Adding it rounds to an integer, which then stands in the lowest bits.
    private static TVector Rounder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Constant(12582912f, 6755399441055744d);
    }

    private static int MantissaBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Single ? 23 : 52;
    }

    private static TVector Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Broadcast(T.Zero);
    }

    private static TVector One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Broadcast(T.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exponential(TVector x)
    {
        // Beyond these the result is 0 or ∞ anyway; the comparisons let NaN pass.
        TVector top = Constant(89f, 710d);
        TVector bottom = Constant(-104f, -746d);
        x = TLanes.Select(TLanes.GreaterThan(x, top), top, x);
        x = TLanes.Select(TLanes.GreaterThan(bottom, x), bottom, x);
        TVector shifted = TLanes.MultiplyAdd(x, Constant(1.44269504f, 1.4426950408889634), Rounder);
        TVector n = TLanes.Subtract(shifted, Rounder);
        TVector r = Remainder(x, n);
        TVector p = TLanes.MultiplyAdd(TLanes.Multiply(r, r), ExponentialTail(r), r);
        p = TLanes.Add(p, One);

        // 2ⁿ in two factors, for it need not be a normal number.
        TVector shiftedHalf = TLanes.MultiplyAdd(n, Constant(0.5f, 0.5), Rounder);
        TVector half = TLanes.IntegerSubtract(shiftedHalf, Rounder);
        TVector rest = TLanes.IntegerSubtract(TLanes.IntegerSubtract(shifted, Rounder), half);
        return TLanes.Multiply(TLanes.Multiply(p, PowerOfTwo(half)), PowerOfTwo(rest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Logarithm(TVector x)
    {
        TVector smallestNormal = Constant(1.17549435e-38f, 2.2250738585072014e-308);
        TVector isTiny = TLanes.GreaterThan(smallestNormal, x);
        TVector scaled = TLanes.Select(isTiny, TLanes.Multiply(x, Constant(16777216f, 18014398509481984d)), x);
        TVector exponentShift = TLanes.Select(isTiny, Constant(-24f, -54d), Zero);

        // The bits relative to those of √½ split into an exponent k and a mantissa m in [√½, √2).
        TVector rootHalf = Constant(0.70710677f, 0.70710678118654757);
        TVector bits = TLanes.IntegerAdd(scaled, TLanes.IntegerSubtract(One, rootHalf));
        TVector exponentBits = TLanes.ShiftRightLogical(bits, MantissaBits);
        TVector mantissaMask = Single
            ? TLanes.Broadcast(Unsafe.BitCast<int, T>(0x007FFFFF))
            : TLanes.Broadcast(Unsafe.BitCast<long, T>(0x000FFFFFFFFFFFFF));
        TVector m = TLanes.IntegerAdd(TLanes.BitAnd(bits, mantissaMask), rootHalf);
        TVector k = TLanes.Subtract(TLanes.BitOr(exponentBits, Constant(8388608f, 4503599627370496d)), Constant(8388608f + 127f, 4503599627370496d + 1023d));
        k = TLanes.Add(k, exponentShift);

        TVector f = TLanes.Subtract(m, One);
        TVector s = TLanes.Divide(f, TLanes.Add(Constant(2f, 2d), f));
        TVector z = TLanes.Multiply(s, s);
        TVector series = TLanes.Multiply(z, NarrowSeries(z));
        TVector halfSquare = TLanes.Multiply(TLanes.Multiply(f, f), Constant(0.5f, 0.5));
        TVector low = TLanes.MultiplyAdd(s, TLanes.Add(halfSquare, series), TLanes.Multiply(k, Constant(9.0580006145e-06f, 1.90821492927058770002e-10)));
        TVector correction = TLanes.Subtract(TLanes.Subtract(halfSquare, low), f);
        TVector result = TLanes.Subtract(TLanes.Multiply(k, Constant(6.9313812256e-01f, 6.93147180369123816490e-01)), correction);

        result = TLanes.Select(TLanes.GreaterThanOrEqual(x, Zero), result, TLanes.Broadcast(T.NaN));
        result = TLanes.Select(TLanes.EqualTo(x, Zero), TLanes.Broadcast(T.NegativeInfinity), result);
        return TLanes.Select(TLanes.EqualTo(x, TLanes.Broadcast(T.PositiveInfinity)), x, result);
    }

    /// <summary>ln(1 + e) for e in [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogarithmOfOnePlus(TVector e)
    {
        TVector s = TLanes.Divide(e, TLanes.Add(Constant(2f, 2d), e));
        TVector z = TLanes.Multiply(s, s);
        TVector series = TLanes.Multiply(z, WideSeries(z));
        TVector halfSquare = TLanes.Multiply(TLanes.Multiply(e, e), Constant(0.5f, 0.5));
        return TLanes.Subtract(e, TLanes.Subtract(halfSquare, TLanes.Multiply(s, TLanes.Add(halfSquare, series))));
    }

    /// <summary>tanh|x| = q / (q + 2) with q = e^{2|x|} − 1, which keeps the relative accuracy near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        TVector signMask = TLanes.Broadcast(-T.Zero);
        TVector twice = TLanes.Absolute(TLanes.Add(x, x));
        TVector top = Constant(20f, 42d);
        twice = TLanes.Select(TLanes.GreaterThan(twice, top), top, twice);
        TVector shifted = TLanes.MultiplyAdd(twice, Constant(1.44269504f, 1.4426950408889634), Rounder);
        TVector r = Remainder(twice, TLanes.Subtract(shifted, Rounder));
        TVector p = TLanes.MultiplyAdd(TLanes.Multiply(r, r), ExponentialTail(r), r);
        TVector power = PowerOfTwo(TLanes.IntegerSubtract(shifted, Rounder));
        TVector q = TLanes.MultiplyAdd(p, power, TLanes.Subtract(power, One));
        TVector magnitude = TLanes.Divide(q, TLanes.Add(q, Constant(2f, 2d)));
        return TLanes.BitOr(magnitude, TLanes.BitAnd(x, signMask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x) => Sigmoid(x, DecayOf(x));

    /// <summary>The sigmoid of x, given e^{−|x|}.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x, TVector decay) =>
        TLanes.Divide(TLanes.Select(TLanes.GreaterThanOrEqual(x, Zero), One, decay), TLanes.Add(One, decay));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Softplus(TVector x) => Softplus(x, DecayOf(x));

    /// <summary>The softplus of x, given e^{−|x|}.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Softplus(TVector x, TVector decay) => TLanes.Add(TLanes.Maximum(x, Zero), LogarithmOfOnePlus(decay));

    /// <summary>e^{−|x|}.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector DecayOf(TVector x) => Exponential(TLanes.Negate(TLanes.Absolute(x)));

    /// <summary>
    /// e^{−|x|}, no smaller than the smallest normal number or so, to an absolute 2e-16 (1e-7 in float): for where it is added to 1. ln 2 in one part and 2ⁿ as one factor are enough for that.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector NormalDecayOf(TVector x)
    {
        x = TLanes.BitOr(x, TLanes.Broadcast(-T.Zero));
        TVector bottom = Constant(-87f, -708d);
        x = TLanes.Greater(bottom, x);
        TVector shifted = TLanes.MultiplyAdd(x, Constant(1.44269504f, ShortExponentials.PerLogarithm), Rounder);
        TVector r = TLanes.MultiplyAdd(TLanes.Subtract(shifted, Rounder), Constant(-0.693147182464599609375f, -ShortExponentials.LogarithmOfRoot), x);

        // the shift pushes all of the rounder's own bits out
        return Single
            ? TLanes.Multiply(TLanes.Add(TLanes.MultiplyAdd(TLanes.Multiply(r, r), ExponentialTail(r), r), One), PowerOfTwo(shifted))
            : TLanes.Multiply(ShortExponential(r), TLanes.IntegerAdd(TLanes.ShiftLeft(shifted, ShortExponentials.Shift), TLanes.OfSixteen(Roots, shifted)));
    }

    /// <summary>The table of <see cref="ShortExponentials.Roots"/>, which lies in the program's own image and never moves; for double alone.</summary>
    public static T* Roots
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(ShortExponentials.Roots));
    }

    /// <summary>eʳ for |r| ≤ (ln 2)/32 in double, by the polynomial of <see cref="ShortExponentials"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ShortExponential(TVector r)
    {
        TVector p = Constant(0, ShortExponentials.C6);
        p = TLanes.MultiplyAdd(p, r, Constant(0, ShortExponentials.C5));
        p = TLanes.MultiplyAdd(p, r, Constant(0, ShortExponentials.C4));
        p = TLanes.MultiplyAdd(p, r, Constant(0, ShortExponentials.C3));
        p = TLanes.MultiplyAdd(p, r, Constant(0, ShortExponentials.C2));
        p = TLanes.MultiplyAdd(p, r, One);
        return TLanes.MultiplyAdd(p, r, One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sine(TVector x)
    {
        TVector result = Turn(TLanes.Absolute(x), cosine: false);
        result = TLanes.BitXor(result, TLanes.BitAnd(x, TLanes.Broadcast(-T.Zero)));
        return NeedsScalar(x) ? ByScalar(x, result, cosine: false) : result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Cosine(TVector x)
    {
        TVector result = Turn(TLanes.Absolute(x), cosine: true);
        return NeedsScalar(x) ? ByScalar(x, result, cosine: true) : result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Constant(float single, double both) =>
        TLanes.Broadcast(Single ? Unsafe.BitCast<float, T>(single) : Unsafe.BitCast<double, T>(both));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Remainder(TVector x, TVector n)
    {
        TVector r = TLanes.MultiplyAdd(n, Constant(-0.693147182464599609375f, -0.6931471805599453), x);
        return TLanes.MultiplyAdd(n, Constant(1.9046542121259336e-09f, -2.3190468138462996e-17), r);
    }

    /// <summary>(eʳ − 1 − r) / r² for |r| ≤ ½ ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExponentialTail(TVector r)
    {
        TVector p;
        if (Single)
        {
            p = Constant((float)(1.0 / 40320), 0);
        }
        else
        {
            p = Constant(0, 1.0 / 87178291200);
            p = TLanes.MultiplyAdd(p, r, Constant(0, 1.0 / 6227020800));
            p = TLanes.MultiplyAdd(p, r, Constant(0, 1.0 / 479001600));
            p = TLanes.MultiplyAdd(p, r, Constant(0, 1.0 / 39916800));
            p = TLanes.MultiplyAdd(p, r, Constant(0, 1.0 / 3628800));
            p = TLanes.MultiplyAdd(p, r, Constant(0, 1.0 / 362880));
            p = TLanes.MultiplyAdd(p, r, Constant(0, 1.0 / 40320));
        }

        p = TLanes.MultiplyAdd(p, r, Reciprocal(5040));
        p = TLanes.MultiplyAdd(p, r, Reciprocal(720));
        p = TLanes.MultiplyAdd(p, r, Reciprocal(120));
        p = TLanes.MultiplyAdd(p, r, Reciprocal(24));
        p = TLanes.MultiplyAdd(p, r, Reciprocal(6));
        return TLanes.MultiplyAdd(p, r, Constant(0.5f, 0.5));
    }

    /// <summary>2/3 + 2/5 z + 2/7 z² + …, for z ≤ 0.0295.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector NarrowSeries(TVector z)
    {
        TVector p;
        if (Single)
        {
            p = Odd(11);
        }
        else
        {
            p = Odd(23);
            p = TLanes.MultiplyAdd(p, z, Odd(21));
            p = TLanes.MultiplyAdd(p, z, Odd(19));
            p = TLanes.MultiplyAdd(p, z, Odd(17));
            p = TLanes.MultiplyAdd(p, z, Odd(15));
            p = TLanes.MultiplyAdd(p, z, Odd(13));
            p = TLanes.MultiplyAdd(p, z, Odd(11));
        }

        p = TLanes.MultiplyAdd(p, z, Odd(9));
        p = TLanes.MultiplyAdd(p, z, Odd(7));
        p = TLanes.MultiplyAdd(p, z, Odd(5));
        return TLanes.MultiplyAdd(p, z, Odd(3));
    }

    /// <summary>The same series for z ≤ 1/9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector WideSeries(TVector z)
    {
        TVector p;
        if (Single)
        {
            p = Odd(17);
        }
        else
        {
            p = Odd(33);
            p = TLanes.MultiplyAdd(p, z, Odd(31));
            p = TLanes.MultiplyAdd(p, z, Odd(29));
            p = TLanes.MultiplyAdd(p, z, Odd(27));
            p = TLanes.MultiplyAdd(p, z, Odd(25));
            p = TLanes.MultiplyAdd(p, z, Odd(23));
            p = TLanes.MultiplyAdd(p, z, Odd(21));
            p = TLanes.MultiplyAdd(p, z, Odd(19));
            p = TLanes.MultiplyAdd(p, z, Odd(17));
        }

        p = TLanes.MultiplyAdd(p, z, Odd(15));
        p = TLanes.MultiplyAdd(p, z, Odd(13));
        p = TLanes.MultiplyAdd(p, z, Odd(11));
        p = TLanes.MultiplyAdd(p, z, Odd(9));
        p = TLanes.MultiplyAdd(p, z, Odd(7));
        p = TLanes.MultiplyAdd(p, z, Odd(5));
        return TLanes.MultiplyAdd(p, z, Odd(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Odd(int denominator) => Constant((float)(2.0 / denominator), 2.0 / denominator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reciprocal(double denominator) => Constant((float)(1.0 / denominator), 1.0 / denominator);

    /// <summary>2ⁿ for the integers n in the bits, within the normal range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector PowerOfTwo(TVector n) => TLanes.IntegerAdd(TLanes.ShiftLeft(n, MantissaBits), One);

    /// <summary>The sine or cosine of x ≥ 0 by x = q π/2 + r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Turn(TVector x, bool cosine)
    {
        TVector shifted = TLanes.MultiplyAdd(x, Constant(0.63661975f, 0.63661977236758138), Rounder);
        TVector q = TLanes.Subtract(shifted, Rounder);
        TVector r = TLanes.MultiplyAdd(q, Constant(-1.57079637050628662109375f, -1.5707963267948966), x);
        r = TLanes.MultiplyAdd(q, Constant(4.371138828673793e-08f, -6.123233995736766e-17), r);
        r = TLanes.MultiplyAdd(q, Constant(1.7151245100058819e-15f, 1.4973849048591833e-33), r);
        TVector z = TLanes.Multiply(r, r);

        TVector s = SineSeries(z);
        TVector sine = TLanes.MultiplyAdd(TLanes.Multiply(r, z), s, r);
        TVector half = TLanes.Multiply(z, Constant(0.5f, 0.5));
        TVector near = TLanes.Subtract(One, half);
        TVector lost = TLanes.Subtract(TLanes.Subtract(One, near), half);
        TVector cosineValue = TLanes.Add(near, TLanes.MultiplyAdd(TLanes.Multiply(z, z), CosineSeries(z), lost));

        TVector bit = Single ? TLanes.Broadcast(Unsafe.BitCast<int, T>(1)) : TLanes.Broadcast(Unsafe.BitCast<long, T>(1));
        TVector quadrant = cosine ? TLanes.IntegerAdd(shifted, bit) : shifted;
        TVector isOdd = TLanes.GreaterThan(TLanes.BitOr(TLanes.BitAnd(quadrant, bit), One), One);
        TVector sign = TLanes.BitAnd(TLanes.ShiftLeft(quadrant, Single ? 30 : 62), TLanes.Broadcast(-T.Zero));
        return TLanes.BitXor(TLanes.Select(isOdd, cosineValue, sine), sign);
    }

    /// <summary>(sin r − r) / r³ in z = r², for |r| ≤ π/4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SineSeries(TVector z)
    {
        TVector p;
        if (Single)
        {
            p = Reciprocal(362880);
        }
        else
        {
            p = Reciprocal(355687428096000);
            p = TLanes.MultiplyAdd(p, z, Reciprocal(-1307674368000));
            p = TLanes.MultiplyAdd(p, z, Reciprocal(6227020800));
            p = TLanes.MultiplyAdd(p, z, Reciprocal(-39916800));
            p = TLanes.MultiplyAdd(p, z, Reciprocal(362880));
        }

        p = TLanes.MultiplyAdd(p, z, Reciprocal(-5040));
        p = TLanes.MultiplyAdd(p, z, Reciprocal(120));
        return TLanes.MultiplyAdd(p, z, Reciprocal(-6));
    }

    /// <summary>(cos r − 1 + r²/2) / r⁴ in z = r², for |r| ≤ π/4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector CosineSeries(TVector z)
    {
        TVector p;
        if (Single)
        {
            p = Reciprocal(-3628800);
        }
        else
        {
            p = Reciprocal(20922789888000);
            p = TLanes.MultiplyAdd(p, z, Reciprocal(-87178291200));
            p = TLanes.MultiplyAdd(p, z, Reciprocal(479001600));
            p = TLanes.MultiplyAdd(p, z, Reciprocal(-3628800));
        }

        p = TLanes.MultiplyAdd(p, z, Reciprocal(40320));
        p = TLanes.MultiplyAdd(p, z, Reciprocal(-720));
        return TLanes.MultiplyAdd(p, z, Reciprocal(24));
    }

    // The reduction by three parts of π/2 is good to here; larger, infinite and NaN arguments are rare.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector WithinReduction(TVector x) => TLanes.GreaterThanOrEqual(Constant(1e5f, 1e9), TLanes.Absolute(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool NeedsScalar(TVector x) => TLanes.Any(TLanes.Select(WithinReduction(x), Zero, TLanes.Broadcast(-T.One)));

    /// <summary>Replaces the lanes whose argument is beyond the reduction, and only those.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVector ByScalar(TVector x, TVector result, bool cosine)
    {
        T* arguments = stackalloc T[TLanes.Count];
        T* values = stackalloc T[TLanes.Count];
        TLanes.Store(x, arguments);
        TLanes.Store(result, values);
        T limit = Single ? T.CreateChecked(1e5f) : T.CreateChecked(1e9);
        for (int i = 0; i < TLanes.Count; i++)
        {
            if (!(T.Abs(arguments[i]) <= limit))
            {
                values[i] = cosine ? T.Cos(arguments[i]) : T.Sin(arguments[i]);
            }
        }

        return TLanes.Load(values);
    }
}
