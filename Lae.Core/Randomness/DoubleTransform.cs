using System.Runtime.CompilerServices;

namespace Lae.Randomness;

/// <summary>
/// Pairs of random 32-bit words (high, low), held in 64-bit lanes, to float64 uniforms and normals.
/// <code>
/// uniform  u = (k + ½) 2⁻⁵²,  k the high 52 bits of the two words
/// normal   z0 = √(−2 ln u) cos 2πv,  z1 = √(−2 ln u) sin 2πv,  u = (w + ½) 2⁻⁶⁴,  v = (w′ + ½) 2⁻⁶⁴
/// </code>
/// </summary>
/// <remarks>
/// As in <see cref="SingleTransform"/>; the bits above 32 of a lane are ignored. Largest |z|: √(130 ln 2) = 9.493; the normal law has probability 2.3e-21 beyond it.
/// </remarks>
internal static class DoubleTransform
{
    private const double TwoPi = 6.283185307179586;

    // 2π less its double.
    private const double TwoPiRest = 2.4492935982947064e-16;

    // The bits of √½: mantissas are taken from [√½, √2).
    private const ulong RootHalfBits = 0x3FE6A09E667F3BCD;

    // A whole number k < 2⁵² in the mantissa under this exponent is the double 2⁵² + k.
    private const ulong WholeBits = 0x4330000000000000;
    private const double Whole = 4503599627370496.0;
    private const double TwoTo32 = 4294967296.0;
    private const double TwoToMinus64 = 1 / (TwoTo32 * TwoTo32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TReal Uniform<L, TReal, TWord>(TWord high, TWord low)
        where L : ILanes<double, TReal, TWord>
    {
        TWord bits = L.Or(L.Right(L.Left(high, 32), 12), L.Right(L.And(low, L.Word(uint.MaxValue)), 12));
        return L.Minus(L.AsReal(L.Or(bits, L.Word(0x3FF0000000000000))), L.Real(1 - 1.0 / (1L << 53)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Normal<L, TReal, TWord>(
        TWord radiusHigh, TWord radiusLow, TWord angleHigh, TWord angleLow, out TReal z0, out TReal z1)
        where L : ILanes<double, TReal, TWord>
    {
        TReal radius = L.Sqrt(MinusTwoLog<L, TReal, TWord>(radiusHigh, radiusLow));
        TWord signBit = L.Word(0x8000000000000000);

        // Turn v = quarter / 4 + t with |t| ≤ 1/8.
        TWord quarter = L.Plus(L.Left(angleHigh, 32), L.Word(0x2000000000000000));
        TReal high = L.Minus(L.AsReal(L.Or(L.Right(L.Left(quarter, 2), 34), L.Word(WholeBits))), L.Real(Whole + (1 << 29)));
        TReal t = L.Times(L.Fma(high, L.Real(TwoTo32), LowAndHalf<L, TReal, TWord>(angleLow)), L.Real(TwoToMinus64));
        TReal t2 = L.Times(t, t);
        TReal p = L.Fma(t2, L.Real(3.7812240233344405), L.Real(-15.093822752166792));
        p = L.Fma(t2, p, L.Real(42.058685393908625));
        p = L.Fma(t2, p, L.Real(-76.70585970790435));
        p = L.Fma(t2, p, L.Real(81.60524927596522));
        p = L.Fma(t2, p, L.Real(-41.34170224039967));
        TReal sine = L.Fma(t, L.Real(TwoPi), L.Times(t, L.Fma(t2, p, L.Real(TwoPiRest))));
        TReal q = L.Fma(t2, L.Real(-1.6968347141936042), L.Real(7.903091589038475));
        q = L.Fma(t2, q, L.Real(-26.426250927268697));
        q = L.Fma(t2, q, L.Real(60.24464132938531));
        q = L.Fma(t2, q, L.Real(-85.45681720652829));
        q = L.Fma(t2, q, L.Real(64.93939402266798));
        q = L.Fma(t2, q, L.Real(-19.739208802178716));
        TReal cosine = L.Fma(t2, q, L.Real(1));

        // In an odd quarter sine and cosine change places.
        TWord change = L.And(L.TopBitMask(L.Left(quarter, 1)), L.Xor(L.AsWord(sine), L.AsWord(cosine)));
        TWord cosineSign = L.And(L.Plus(quarter, L.Word(0x4000000000000000)), signBit);
        TWord sineSign = L.And(quarter, signBit);
        z0 = L.Times(radius, L.AsReal(L.Xor(L.Xor(L.AsWord(cosine), change), cosineSign)));
        z1 = L.Times(radius, L.AsReal(L.Xor(L.Xor(L.AsWord(sine), change), sineSign)));
    }

    // −2 ln((w + ½) 2⁻⁶⁴).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReal MinusTwoLog<L, TReal, TWord>(TWord high, TWord low)
        where L : ILanes<double, TReal, TWord>
    {
        // t = min(u, 1 − u) from the words or their complements, rounded once; then u = t or 1 − t, with what the rounding of 1 − t lost.
        TWord top = L.Left(high, 32);
        TWord upper = L.TopBitMask(top);
        TReal highPart = L.Minus(L.AsReal(L.Or(L.And(L.Xor(high, upper), L.Word(uint.MaxValue)), L.Word(WholeBits))), L.Real(Whole));
        TReal t = L.Times(L.Fma(highPart, L.Real(TwoTo32), LowAndHalf<L, TReal, TWord>(L.Xor(low, upper))), L.Real(TwoToMinus64));
        TReal step = L.AsReal(L.Xor(L.AsWord(t), L.And(top, L.Word(0x8000000000000000))));
        TReal origin = L.AsReal(L.And(upper, L.Word(0x3FF0000000000000)));
        TReal u = L.Plus(origin, step);
        TReal lost = L.Minus(step, L.Minus(u, origin));

        // u = 2^exponent (1 + f), 1 + f in [√½, √2).
        TWord shifted = L.Plus(L.AsWord(u), L.Word(0x3FF0000000000000 - RootHalfBits));
        TReal exponent = L.Minus(L.AsReal(L.Or(L.Right(shifted, 52), L.Word(WholeBits))), L.Real(Whole + 1023));
        TReal mantissa = L.AsReal(L.Plus(L.And(shifted, L.Word(0x000FFFFFFFFFFFFF)), L.Word(RootHalfBits)));
        TReal f = L.Plus(L.Minus(mantissa, L.Real(1)), lost);

        // ln(1 + f) = 2 artanh s = f − f²/2 + s (f²/2 + s² P(s²)), s = f / (2 + f).
        TReal s = L.Over(f, L.Plus(f, L.Real(2)));
        TReal s2 = L.Times(s, s);
        TReal s4 = L.Times(s2, s2);
        TReal p12 = L.Fma(s2, L.Real(0.28571428742013244), L.Real(0.39999999999416386));
        TReal p34 = L.Fma(s2, L.Real(0.1818356239580341), L.Real(0.22222198610981003));
        TReal p56 = L.Fma(s2, L.Real(0.147954731165385), L.Real(0.15314099056565542));
        TReal p = L.Fma(s2, L.Fma(s4, L.Fma(s4, p56, p34), p12), L.Real(0.6666666666666734));
        TReal halfSquare = L.Times(L.Times(L.Real(0.5), f), f);
        TReal log1p = L.Minus(f, L.Minus(halfSquare, L.Times(s, L.Fma(s2, p, halfSquare))));
        return L.Times(L.Fma(exponent, L.Real(0.6931471805599453), log1p), L.Real(-2));
    }

    // The low 32 bits of the lane, plus ½: exact.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReal LowAndHalf<L, TReal, TWord>(TWord low)
        where L : ILanes<double, TReal, TWord> =>
        L.Minus(L.AsReal(L.Or(L.And(low, L.Word(uint.MaxValue)), L.Word(WholeBits))), L.Real(Whole - 0.5));
}
