using Lae.Randomness;

namespace Lae.Tests.Randomness;

public sealed class PhiloxTests
{
    // Known answers published with Random123 (file kat_vectors, philox4x32 with 10 rounds).
    [Theory]
    [InlineData(0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Gives_the_published_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3)
    {
        RandomKey key = RandomKey.FromValue(k0 | ((ulong)k1 << 32));

        Assert.Equal(new PhiloxBlock(w0, w1, w2, w3), Philox.Block(key, new PhiloxBlock(c0, c1, c2, c3)));
    }

    [Fact]
    public void One_flipped_bit_of_counter_or_key_flips_half_of_the_block()
    {
        const int Trials = 2000;
        for (int bit = 0; bit < 192; bit++)
        {
            long flipped = 0;
            for (uint trial = 0; trial < Trials; trial++)
            {
                uint[] words = [trial, 2, 3, 4, 5, 6];
                PhiloxBlock before = Block(words);
                words[bit / 32] ^= 1u << (bit % 32);
                PhiloxBlock after = Block(words);
                flipped += uint.PopCount(before.Word0 ^ after.Word0) + uint.PopCount(before.Word1 ^ after.Word1)
                    + uint.PopCount(before.Word2 ^ after.Word2) + uint.PopCount(before.Word3 ^ after.Word3);
            }

            // 128 fair coins a trial; 192 bounds of 7 standard errors are crossed by chance with probability 5e-10.
            Assert.InRange(flipped - 64.0 * Trials, -7 * Math.Sqrt(32.0 * Trials), 7 * Math.Sqrt(32.0 * Trials));
        }

        static PhiloxBlock Block(uint[] words) =>
            Philox.Block(RandomKey.FromValue(words[4] | ((ulong)words[5] << 32)), new PhiloxBlock(words[0], words[1], words[2], words[3]));
    }
}
