using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Kernels;

/// <summary>Noise that is drawn for several transitions at once has the bits of noise drawn for one, whatever is asked for and when; on a processor without the registers for it the same holds, since it then is drawn for one.</summary>
public sealed class NoiseAheadTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20261128);

    /// <summary>What a transition asks for.</summary>
    private sealed record Ask(bool IsNormal, uint Stream, int Columns, DType DType);

    /// <summary>Transitions that begin together, and what each asks for.</summary>
    private sealed record Plan(int[] Chains, long Step, Ask[][][] Blocks);

    private static Arbitrary<Plan> Plans =>
        (from ids in Gen.OneOf(
            from first in Gen.Choose(0, 90)
            from count in Gen.Choose(1, 6)
            select Enumerable.Range(first, count).ToArray(),
            Gen.Shuffle(Enumerable.Range(0, 40).ToArray()).Select(all => all[..(1 + (all[0] % 5))]))
         from step in Gen.Elements(0L, 3L, 1L << 33)
         from asked in Asks.ArrayOf(10)
         from blocks in (from transitions in Gen.Choose(1, NoiseAhead.MostTransitions)
                         from asks in Gen.SubListOf(asked).Select(list => list.ToArray()).ArrayOf(transitions)
                         select asks).ArrayOf(3)
         select new Plan(ids, step, blocks)).ToArbitrary();

    private static Gen<Ask> Asks =>
        from isNormal in Gen.Elements(true, false)
        from stream in Gen.Elements(0u, 1u, 7u)
        from columns in Gen.Choose(1, 18)
        from dtype in Gen.Elements(DType.Float32, DType.Float64)
        select new Ask(isNormal, stream, columns, dtype);

    [Fact]
    public void Noise_drawn_ahead_has_the_bits_of_noise_drawn_for_one_transition() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Plans, plan => Agrees(plan, Key)));

    [Fact]
    public void Noise_of_another_key_is_rejected() =>
        Assert.ThrowsAny<Exception>(() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Plans, plan => Agrees(plan, Key.FoldIn(1)))));

    [Fact]
    public void A_stream_that_is_first_asked_for_in_the_middle_is_drawn_to_the_end()
    {
        Ask[] often = [new(true, 0, 5, DType.Float64)];
        Ask[][] later = [.. Enumerable.Range(0, NoiseAhead.MostTransitions).Select(i => i < 3 ? (Ask[])[] : often)];
        Agrees(new Plan([4], 16, [later, later, later]), Key);
    }

    [Fact]
    public void Sources_made_of_one_that_draws_ahead_draw_for_themselves()
    {
        Chains chains = Chains.Range(2);
        NoiseAhead ahead = new(Key, chains);
        for (int block = 0; block < 2; block++)
        {
            ahead.Begin(8 * block, 8);
            for (int i = 0; i < 8; i++)
            {
                NoiseSource source = ahead.Source((8 * block) + i, Workspace.Default);
                NoiseSource plain = new(Key, (8 * block) + i, chains, Workspace.Default);
                Same(source, plain);
                Same(source.Part(1), plain.Part(1));
                Same(source.Inner(3, 2), plain.Inner(3, 2));
                Same(source.InTurn(2), plain.InTurn(2));
            }
        }

        static void Same(NoiseSource source, NoiseSource plain) =>
            Assert.Equal(plain.Normal(0, 3, DType.Float64).ToArray(), source.Normal(0, 3, DType.Float64).ToArray());
    }

    private static void Agrees(Plan plan, RandomKey key)
    {
        Chains chains = Chains.Of(plan.Chains);
        NoiseAhead ahead = new(Key, chains);
        long step = plan.Step;
        foreach (Ask[][] block in plan.Blocks)
        {
            ahead.Begin(step, block.Length);
            foreach (Ask[] asks in block)
            {
                NoiseSource source = ahead.Source(step, Workspace.Default);
                NoiseSource plain = new(key, step, chains, Workspace.Default);
                foreach (Ask ask in asks)
                {
                    Assert.Equal(Drawn(plain, ask), Drawn(source, ask));
                }

                step++;
            }
        }
    }

    private static double[] Drawn(NoiseSource source, Ask ask) =>
        (ask.IsNormal ? source.Normal(ask.Stream, ask.Columns, ask.DType) : source.Uniform(ask.Stream, ask.Columns, ask.DType)).ToArray();
}
