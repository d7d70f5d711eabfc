namespace Lae.Randomness;

/// <summary>
/// The operations that the transforms of random words are written in, for one lane or many. Every operation is exact or rounded
/// once as IEEE 754 says, so that all widths give the same bits, with hardware support or without.
/// </summary>
/// <typeparam name="TScalar">float or double.</typeparam>
/// <typeparam name="TReal">The lanes as reals.</typeparam>
/// <typeparam name="TWord">The lanes as unsigned words of the same width.</typeparam>
internal interface ILanes<TScalar, TReal, TWord>
{
    static abstract TReal Real(TScalar value);

    static abstract TWord Word(ulong value);

    static abstract TReal AsReal(TWord bits);

    static abstract TWord AsWord(TReal value);

    static abstract TReal Plus(TReal a, TReal b);

    static abstract TReal Minus(TReal a, TReal b);

    static abstract TReal Times(TReal a, TReal b);

    static abstract TReal Over(TReal a, TReal b);

    /// <summary>a · b + c with one rounding.</summary>
    static abstract TReal Fma(TReal a, TReal b, TReal c);

    static abstract TReal Sqrt(TReal value);

    /// <summary>The sum modulo the width of the word.</summary>
    static abstract TWord Plus(TWord a, TWord b);

    static abstract TWord And(TWord a, TWord b);

    static abstract TWord Or(TWord a, TWord b);

    static abstract TWord Xor(TWord a, TWord b);

    static abstract TWord Left(TWord value, int bits);

    /// <summary>Shifts zeros in.</summary>
    static abstract TWord Right(TWord value, int bits);

    /// <summary>All ones where the top bit of the lane is set, else 0.</summary>
    static abstract TWord TopBitMask(TWord value);
}

/// <summary>Lanes of float, with the rounded conversion of signed 32-bit integers.</summary>
internal interface ISingleLanes<TReal, TWord> : ILanes<float, TReal, TWord>
{
    static abstract TReal FromInt32(TWord value);
}
