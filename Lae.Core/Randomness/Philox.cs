using System.Runtime.CompilerServices;

namespace Lae.Randomness;

/// <summary>
/// Philox4x32-10, a counter-based generator: a keyed bijection of 128-bit counters.
/// <code>
/// repeat 10 times:  (hi0, lo0) = M0 · c0,  (hi1, lo1) = M1 · c2
///                   c ← (hi1 ⊕ c1 ⊕ k0, lo1, hi0 ⊕ c3 ⊕ k1, lo0)
///                   k ← (k0 + W0, k1 + W1)
/// </code>
/// </summary>
/// <remarks>
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
/// </remarks>
public static class Philox
{
    internal const int Rounds = 10;
    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9;
    internal const uint Weyl1 = 0xBB67AE85;

    /// <summary>The block of 128 random bits that the key gives to a counter.</summary>
    /// <param name="key">The key; its low 32 bits are key word 0, its high 32 bits key word 1.</param>
    /// <param name="counter">The counter; every value is allowed.</param>
    public static PhiloxBlock Block(RandomKey key, PhiloxBlock counter)
    {
        uint k0 = (uint)key.Value;
        uint k1 = (uint)(key.Value >> 32);
        (uint c0, uint c1, uint c2, uint c3) = counter;
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
            c3 = (uint)product0;
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return new PhiloxBlock(c0, c1, c2, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static PhiloxBlock Block(RandomKey key, uint word0, uint word1, uint word2, uint domain) =>
        Block(key, new PhiloxBlock(word0, word1, word2, domain));
}
