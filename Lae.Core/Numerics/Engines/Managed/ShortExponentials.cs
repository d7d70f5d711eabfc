namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The table and the polynomial of <see cref="VectorFunctions{T,TVector,TLanes}.NormalDecayOf"/> in double: with x = (n ln 2)/16 + r, |r| ≤ (ln 2)/32,
/// <code>
///     eˣ = 2^{n/16} eʳ,    eʳ ≈ 1 + r + c2 r² + … + c6 r⁶
/// </code>
/// with (eʳ − 1 − r) / r² taken through five Chebyshev nodes, which leaves a relative 2.9e-17. Entry j of the table is the bit pattern of 2^{j/16} less j · 2⁴⁸, so that adding n · 2⁴⁸ to entry n mod 16 makes
/// the bit pattern of 2^{n/16}.
/// </summary>
internal static class ShortExponentials
{
    public const int Shift = 48;
    public const double PerLogarithm = 23.083120654223414;
    public const double LogarithmOfRoot = 0.04332169878499658;
    public const double C6 = 0.0013889034348876907;
    public const double C5 = 0.008333449701475412;
    public const double C4 = 0.041666666664960446;
    public const double C3 = 0.16666666665301685;
    public const double C2 = 0.5;

    public static ReadOnlySpan<double> Roots =>
    [
        1.0, 0.9908868912137069, 0.9827538663326288, 0.9756443173783458, 0.9696035575013605, 0.964678906036742, 0.9609197773255048, 0.9583777734684463,
        0.9571067811865476, 0.9571630729697497, 0.9586054127039704, 0.9614951659746271, 0.9658964152537145, 0.9718760801866497, 0.9795040432046712, 0.9888532806985737,
    ];
}
