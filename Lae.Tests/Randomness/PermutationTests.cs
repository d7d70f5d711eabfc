using FsCheck;
using FsCheck.Fluent;
using Lae.Randomness;

namespace Lae.Tests.Randomness;

public sealed class PermutationTests
{
    private const int Trials = 48_000;

    [Fact]
    public void Every_element_comes_once()
    {
        Prop.ForAll(Gen.Choose(0, 300).ToArbitrary(), count => Permutation.Of(RandomKey.FromSeed((ulong)count), count).Order().SequenceEqual(Enumerable.Range(0, count)))
            .Check(Config.QuickThrowOnFailure.WithReplay(20_261_122, 7));
    }

    [Fact]
    public void A_choice_is_the_beginning_of_the_permutation()
    {
        Arbitrary<(int Count, int From)> cases = (from size in Gen.Choose(0, 400) from count in Gen.Choose(0, size) select (count, size)).ToArbitrary();
        Prop.ForAll(cases, c => Permutation.Choose(RandomKey.FromSeed(8), c.Count, c.From).SequenceEqual(Permutation.Of(RandomKey.FromSeed(8), c.From).Take(c.Count)))
            .Check(Config.QuickThrowOnFailure.WithReplay(20_261_122, 7).WithMaxTest(500));
    }

    [Fact]
    public void A_choice_from_very_many_costs_little_and_is_distinct()
    {
        int[] chosen = Permutation.Choose(RandomKey.FromSeed(4), 1000, int.MaxValue);

        Assert.Equal(1000, chosen.Distinct().Count());
        Assert.All(chosen, i => Assert.InRange(i, 0, int.MaxValue - 1));
        Assert.Equal(chosen[..10], Permutation.Choose(RandomKey.FromSeed(4), 10, int.MaxValue));
    }

    [Fact]
    public void All_orders_of_four_are_equally_likely() => Assert.Empty(OrderFailures(i => Permutation.Of(RandomKey.FromSeed(6).FoldIn((ulong)i), 4)));

    [Fact]
    public void Exchanging_with_any_place_instead_of_a_later_one_is_rejected() => Assert.NotEmpty(OrderFailures(trial =>
    {
        int[] order = [0, 1, 2, 3];
        int[] places = new int[4];
        Permutation.Integers(RandomKey.FromSeed(6).FoldIn((ulong)trial), 4, places);
        for (int i = 0; i < 4; i++)
        {
            (order[i], order[places[i]]) = (order[places[i]], order[i]);
        }

        return order;
    }));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Integers_are_uniform_below_the_bound(int bound)
    {
        int[] values = new int[100_000];
        Permutation.Integers(RandomKey.FromSeed(12), bound, values);
        List<string> failures = [];
        Assert.All(values, i => Assert.InRange(i, 0, bound - 1));
        if (bound > 1)
        {
            DrawLaws.ChiSquare(failures, "cells", values, bound, values.Length);
        }

        Assert.Empty(failures);
    }

    // 2³² words on 3·2²⁹ values are 8/3 words to a value: without rejection the remainders by 3 get 3, 3 and 2 words of 8.
    [Fact]
    public void Integers_are_unbiased_where_the_bound_is_near_the_range_of_a_word()
    {
        const int Bound = 3 << 29;
        int[] values = new int[300_000];
        Permutation.Integers(RandomKey.FromSeed(13), Bound, values);
        List<string> failures = [];
        DrawLaws.ChiSquare(failures, "remainders", values.Select(i => i % 3), 3, values.Length);
        DrawLaws.ChiSquare(failures, "thirds", values.Select(i => i >> 29), 3, values.Length);
        Assert.Empty(failures);

        List<string> withoutRejection = [];
        DrawLaws.ChiSquare(withoutRejection, "remainders", Enumerable.Range(0, values.Length).Select(i =>
            (int)(((ulong)Philox.Block(RandomKey.FromSeed(13), new PhiloxBlock((uint)i, 0, 0, 0)).Word0 * Bound) >> 32) % 3), 3, values.Length);
        Assert.NotEmpty(withoutRejection);
    }

    [Fact]
    public void An_integer_depends_on_its_index_alone()
    {
        int[] all = new int[100];
        int[] some = new int[37];
        Permutation.Integers(RandomKey.FromSeed(1), 3 << 29, all);
        Permutation.Integers(RandomKey.FromSeed(1), 3 << 29, some);

        Assert.Equal(all[..37], some);
    }

    [Fact]
    public void Arguments_out_of_range_are_named()
    {
        RandomKey key = RandomKey.FromSeed(0);

        Assert.Throws<ArgumentOutOfRangeException>("count", () => Permutation.Of(key, -1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => Permutation.Choose(key, 5, 4));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => Permutation.Choose(key, -1, 4));
        Assert.Throws<ArgumentOutOfRangeException>("from", () => Permutation.Choose(key, 0, -1));
        Assert.Throws<ArgumentException>("destination", () => Permutation.Choose(key, 4, new int[5]));
        Assert.Throws<ArgumentOutOfRangeException>("bound", () => Permutation.Integers(key, 0, new int[5]));
    }

    private static List<string> OrderFailures(Func<int, int[]> draw)
    {
        List<string> failures = [];
        IEnumerable<int> codes = Enumerable.Range(0, Trials).Select(trial =>
        {
            int[] order = draw(trial);
            int code = 0;
            for (int i = 0; i < 4; i++)
            {
                code = code * (4 - i) + order.Skip(i + 1).Count(later => later < order[i]);
            }

            return code;
        });
        DrawLaws.ChiSquare(failures, "orders", codes, 24, Trials);
        return failures;
    }
}
