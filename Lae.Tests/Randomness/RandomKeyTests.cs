using System.Collections.Immutable;
using Lae.Randomness;

namespace Lae.Tests.Randomness;

public sealed class RandomKeyTests
{
    private const int Many = 100_000;

    [Theory]
    [InlineData(0UL)]
    [InlineData((1UL << 32) - 5)]
    [InlineData(ulong.MaxValue - 3)]
    public void Many_keys_at_once_are_those_of_one_at_a_time(ulong first)
    {
        RandomKey key = RandomKey.FromSeed(9);
        for (int count = 0; count <= 20; count++)
        {
            RandomKey[] keys = new RandomKey[count];
            key.FoldInRange(first, keys);
            Assert.Equal(Enumerable.Range(0, count).Select(i => key.FoldIn(unchecked(first + (ulong)i))), keys);
        }
    }

    [Fact]
    public void Derived_keys_of_all_kinds_and_the_words_of_draws_are_distinct()
    {
        RandomKey key = RandomKey.FromSeed(1);
        HashSet<ulong> seen = [key.Value];
        ImmutableArray<RandomKey> split = key.Split(Many);
        for (int i = 0; i < Many; i++)
        {
            Assert.True(seen.Add(split[i].Value));
            Assert.True(seen.Add(key.FoldIn((ulong)i).Value));
            Assert.True(seen.Add(key.FoldIn(((ulong)i + 1) << 32).Value));
            Assert.True(seen.Add(RandomKey.FromSeed((ulong)i + 2).Value));
            for (uint domain = DrawDomain.UniformSingle; domain <= DrawDomain.Permutation; domain++)
            {
                PhiloxBlock block = Philox.Block(key, (uint)i, 0, 0, domain);
                Assert.True(seen.Add(block.Word0 | ((ulong)block.Word1 << 32)));
            }
        }
    }

    [Fact]
    public void A_fold_into_the_high_half_of_the_number_counts()
    {
        RandomKey key = RandomKey.FromSeed(1);

        Assert.NotEqual(key.FoldIn(7), key.FoldIn(7 | (1UL << 32)));
        Assert.NotEqual(RandomKey.FromSeed(7), RandomKey.FromSeed(7 | (1UL << 32)));
        Assert.NotEqual(key.FoldIn(1).FoldIn(2), key.FoldIn(2).FoldIn(1));
    }

    [Fact]
    public void A_longer_split_begins_with_a_shorter_one()
    {
        RandomKey key = RandomKey.FromSeed(3);

        Assert.Equal(key.Split(5).ToArray(), key.Split(9)[..5].ToArray());
        Assert.Empty(key.Split(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => key.Split(-1));
    }

    [Fact]
    public void Neighbouring_seeds_give_unrelated_keys()
    {
        long flipped = 0;
        for (ulong seed = 0; seed < Many; seed++)
        {
            flipped += (long)ulong.PopCount(RandomKey.FromSeed(seed).Value ^ RandomKey.FromSeed(seed + 1).Value);
        }

        Assert.InRange(flipped - 32.0 * Many, -6 * Math.Sqrt(16.0 * Many), 6 * Math.Sqrt(16.0 * Many));
    }

    [Fact]
    public void The_value_gives_the_key_back()
    {
        RandomKey key = RandomKey.FromSeed(42).FoldIn(3);

        Assert.Equal(key, RandomKey.FromValue(key.Value));
        Assert.Equal("RandomKey(0x0000000000000ABC)", RandomKey.FromValue(0xABC).ToString());
    }

    // A checkpoint of another version must mean the same draws: these values are frozen.
    [Fact]
    public void Keys_and_draws_are_frozen()
    {
        RandomKey key = RandomKey.FromSeed(0);
        float[] normals = new float[3];
        double[] wideNormals = new double[2];
        double[] uniforms = new double[2];
        RowDraws.Normal(key, 0, 0, 1, 3, normals);
        RowDraws.Normal(key, 0, 0, 1, 2, wideNormals);
        RowDraws.Uniform(key, 0, 0, 1, 2, uniforms);

        Assert.Equal("1348E23F2DCE73E5 BCC331FB0177128E F71AF8AB5B2FF8CB", $"{key.Value:X16} {key.FoldIn(1).Value:X16} {key.Split(1)[0].Value:X16}");
        Assert.Equal("BF4A2C8A BFAF0A09 3E995083", string.Join(' ', normals.Select(z => BitConverter.SingleToUInt32Bits(z).ToString("X8"))));
        Assert.Equal("3FFED9B3E4A02CDF BFE7489B16CA4747", string.Join(' ', wideNormals.Select(z => BitConverter.DoubleToUInt64Bits(z).ToString("X16"))));
        Assert.Equal("3FE31B3F3C0FFD1B 3FC743E3FD5D33F4", string.Join(' ', uniforms.Select(u => BitConverter.DoubleToUInt64Bits(u).ToString("X16"))));
        Assert.Equal("5 2 1 4 0 6 7 3", string.Join(' ', Permutation.Of(key, 8)));
    }
}
