using System.Runtime.CompilerServices;

namespace Lae.Randomness;

/// <summary>
/// Random words of 32 bits to float32 uniforms and normals.
/// <code>
/// uniform  u = (k + ½) 2⁻²³,  k the high 23 bits of the word
/// normal   z0 = √(−2 ln u) cos 2πv,  z1 = √(−2 ln u) sin 2πv,  u = (w + ½) 2⁻³²,  v = (w′ + ½) 2⁻³²
/// </code>
/// </summary>
/// <remarks>
/// The logarithm and the sine pair are minimax polynomials in fused multiply-adds. u and 1 − u enter with full relative accuracy, and the turn v is
/// reduced to a quarter in integers, so z is within a few units in the last place everywhere, zeros included. Largest |z|: √(66 ln 2) = 6.764; the normal
/// law has probability 1.4e-11 beyond it. Source: G. E. P. Box, M. E. Muller, "A note on the generation of random normal deviates", 1958.
/// </remarks>
internal static class SingleTransform
{
    private const float TwoPi = 6.2831854820251465f;

    // 2π less its float.
    private const float TwoPiRest = -1.7484555314695172e-07f;

    // The bits of √½: mantissas are taken from [√½, √2).
    private const uint RootHalfBits = 0x3F3504F3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TReal Uniform<L, TReal, TWord>(TWord word)
        where L : ILanes<float, TReal, TWord> =>
        // 1 + k 2⁻²³ less 1 − 2⁻²⁴: exact. With 24 bits the largest uniform would round to 1.
        L.Minus(L.AsReal(L.Or(L.Right(word, 9), L.Word(0x3F800000))), L.Real(1 - 1f / (1 << 24)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Normal<L, TReal, TWord>(TWord radiusWord, TWord angleWord, out TReal z0, out TReal z1)
        where L : ISingleLanes<TReal, TWord>
    {
        TReal radius = L.Sqrt(MinusTwoLog<L, TReal, TWord>(radiusWord));
        TWord signBit = L.Word(0x80000000);

        // Turn v = quarter / 4 + t with |t| ≤ 1/8.
        TWord quarter = L.Plus(angleWord, L.Word(0x20000000));
        TReal t = L.Fma(L.FromInt32(L.Left(angleWord, 2)), L.Real(1f / (1L << 34)), L.Real(1f / (1L << 33)));
        TReal t2 = L.Times(t, t);
        TReal p = L.Fma(t2, L.Real(-75.4456253f), L.Real(81.5937653f));
        p = L.Fma(t2, p, L.Real(-41.341671f));
        TReal sine = L.Fma(t, L.Real(TwoPi), L.Times(t, L.Fma(t2, p, L.Real(TwoPiRest))));
        TReal q = L.Fma(t2, L.Real(59.229248f), L.Real(-85.4432373f));
        q = L.Fma(t2, q, L.Real(64.9393234f));
        q = L.Fma(t2, q, L.Real(-19.7392082f));
        TReal cosine = L.Fma(t2, q, L.Real(1));

        // In an odd quarter sine and cosine change places.
        TWord change = L.And(L.TopBitMask(L.Left(quarter, 1)), L.Xor(L.AsWord(sine), L.AsWord(cosine)));
        TWord cosineSign = L.And(L.Plus(quarter, L.Word(0x40000000)), signBit);
        TWord sineSign = L.And(quarter, signBit);
        z0 = L.Times(radius, L.AsReal(L.Xor(L.Xor(L.AsWord(cosine), change), cosineSign)));
        z1 = L.Times(radius, L.AsReal(L.Xor(L.Xor(L.AsWord(sine), change), sineSign)));
    }

    // −2 ln((w + ½) 2⁻³²).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReal MinusTwoLog<L, TReal, TWord>(TWord word)
        where L : ISingleLanes<TReal, TWord>
    {
        // t = min(u, 1 − u) from the word or its complement, rounded once; then u = t or 1 − t, with what the rounding of 1 − t lost.
        TWord upper = L.TopBitMask(word);
        TReal t = L.Fma(L.FromInt32(L.Xor(word, upper)), L.Real(1f / (1L << 32)), L.Real(1f / (1L << 33)));
        TReal step = L.AsReal(L.Xor(L.AsWord(t), L.And(word, L.Word(0x80000000))));
        TReal origin = L.AsReal(L.And(upper, L.Word(0x3F800000)));
        TReal u = L.Plus(origin, step);
        TReal lost = L.Minus(step, L.Minus(u, origin));

        // u = 2^exponent (1 + f), 1 + f in [√½, √2).
        TWord shifted = L.Plus(L.AsWord(u), L.Word(0x3F800000 - RootHalfBits));
        TReal exponent = L.Minus(L.FromInt32(L.Right(shifted, 23)), L.Real(127));
        TReal mantissa = L.AsReal(L.Plus(L.And(shifted, L.Word(0x007FFFFF)), L.Word(RootHalfBits)));
        TReal f = L.Plus(L.Minus(mantissa, L.Real(1)), lost);

        // Even and odd powers apart (Estrin's scheme): the chain of dependent operations is half as long.
        TReal f2 = L.Times(f, f);
        TReal p01 = L.Fma(f, L.Real(0.500016391f), L.Real(-0.666666627f));
        TReal p23 = L.Fma(f, L.Real(0.332467139f), L.Real(-0.400024533f));
        TReal p45 = L.Fma(f, L.Real(0.263203681f), L.Real(-0.284035265f));
        TReal p67 = L.Fma(f, L.Real(0.152689159f), L.Real(-0.255230933f));
        TReal p = L.Fma(L.Times(f2, f2), L.Fma(f2, p67, p45), L.Fma(f2, p23, p01));
        TReal minusTwoLog1p = L.Fma(f2, L.Fma(f, p, L.Real(1)), L.Times(f, L.Real(-2)));
        return L.Fma(exponent, L.Real(-1.3862943611198906f), minusTwoLog1p);
    }
}
