using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Kernels;

/// <summary>Noise that is drawn for several transitions at once is that of each transition by itself, whatever a kernel asks for and when.</summary>
public sealed class NoiseAheadTests
{
    private const int Asks = 12;

    private delegate NoiseSource Making(NoiseAhead ahead, long step);

    private static Gen<Chains> ChainSets => Gen.OneOf(
        Gen.Choose(1, 9).Select(Chains.Range),
        Gen.Elements<int[]>([5], [7, 3], [2, 0, 1], [4, 9, 8, 100, 6], [11, 12, 13]).Select(ids => Chains.Of(ids)));

    private static Gen<Ask> AskGenerator =>
        from kind in Gen.Elements(DrawKind.Normal, DrawKind.Normal, DrawKind.Uniform, DrawKind.UniformColumns)
        from stream in Gen.Elements(0u, 1u, 2u, uint.MaxValue)
        from columns in Gen.Frequency((5, Gen.Choose(1, 6)), (2, Gen.Choose(7, 40)))
        from dtype in Gen.Elements(DType.Float32, DType.Float64)
        select new Ask(kind, stream, columns, dtype);

    private static Gen<Batch> BatchGenerator =>
        from transitions in Gen.Frequency((2, Gen.Constant(NoiseAhead.MostTransitions)), (3, Gen.Choose(1, NoiseAhead.MostTransitions)))
        from order in Gen.Frequency((4, Gen.Constant(Enumerable.Range(0, transitions).ToArray())), (1, Gen.Shuffle(Enumerable.Range(0, transitions).ToArray()).Select(places => places.ToArray())))
        from wanted in Gen.Choose(0, Asks - 1).ArrayOf().ArrayOf(transitions)
        select new Batch(order, wanted);

    private static Arbitrary<Script> Scripts =>
        (from seed in Gen.Choose(0, 1000)
         from chains in ChainSets
         from first in Gen.Elements(0L, 1L, 15L, (1L << 32) - 5)
         from asks in AskGenerator.ArrayOf(Asks)
         from batches in BatchGenerator.ArrayOf(4)
         select new Script(RandomKey.FromSeed((ulong)seed), chains, first, asks, batches)).ToArbitrary();

    [Fact]
    public void Every_transition_has_the_noise_that_it_has_by_itself_in_any_pattern() => CheckAll(script => IsThatOfEach(script, static (ahead, step) => ahead.Source(step, Workspace.Default)));

    [Fact]
    public void Sources_that_are_derived_draw_what_they_draw_without_it() => CheckAll(script =>
        IsThatOfEach(script, static (ahead, step) => ahead.Source(step, Workspace.Default).Inner(3, 1), static plain => plain.Inner(3, 1))
        && IsThatOfEach(script, static (ahead, step) => ahead.Source(step, Workspace.Default).Part(2), static plain => plain.Part(2))
        && IsThatOfEach(script, static (ahead, step) => ahead.Source(step, Workspace.Default).InTurn(2), static plain => plain.InTurn(2)));

    [Fact]
    public void The_noise_of_the_transition_before_is_rejected() => Assert.ThrowsAny<Exception>(() => CheckAll(script =>
        IsThatOfEach(script, static (ahead, step) => ahead.Source(step, Workspace.Default), plain => plain.Step == script.First ? plain : new NoiseSource(script.Key, plain.Step - 1, script.Chains, Workspace.Default))));

    [Fact]
    public void A_derived_source_that_takes_the_draws_of_its_origin_is_rejected()
    {
        if (KeyedDraws.IsSupported)
        {
            Assert.ThrowsAny<Exception>(() => CheckAll(script =>
                IsThatOfEach(script, static (ahead, step) => ahead.Source(step, Workspace.Default).Part(2) with { Ahead = ahead }, static plain => plain.Part(2))));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 5)]
    [InlineData(3, 2)]
    [InlineData(8, 2)]
    public void A_stream_may_be_asked_for_first_at_any_place_of_a_batch(int chainCount, int columns)
    {
        RandomKey key = RandomKey.FromSeed(3);
        Chains chains = Chains.Range(chainCount);
        for (int place = 0; place < NoiseAhead.MostTransitions; place++)
        {
            NoiseAhead ahead = new(key, chains);
            ahead.Begin(40, NoiseAhead.MostTransitions);
            for (int again = place; again < NoiseAhead.MostTransitions; again++)
            {
                NoiseSource plain = new(key, 40 + again, chains, Workspace.Default);
                for (int time = 0; time < 2; time++)
                {
                    Assert.Equal(plain.Normal(1, columns, DType.Float64).ToArray(), ahead.Source(40 + again, Workspace.Default).Normal(1, columns, DType.Float64).ToArray());
                    Assert.Equal(plain.Normal(1, columns, DType.Float32).ToArray(), ahead.Source(40 + again, Workspace.Default).Normal(1, columns, DType.Float32).ToArray());
                }
            }
        }
    }

    [Fact]
    public void Draws_are_made_ahead_from_the_second_time_on_where_the_processor_has_the_registers()
    {
        NoiseAhead ahead = new(RandomKey.FromSeed(1), Chains.Range(2));
        ahead.Begin(10, 4);
        Assert.False(Taken(step: 10, stream: 0));
        Assert.Equal(KeyedDraws.IsSupported, Taken(step: 10, stream: 0));
        Assert.Equal(KeyedDraws.IsSupported, Taken(step: 13, stream: 0));

        // other batches know the stream
        ahead.Begin(14, 1);
        Assert.Equal(KeyedDraws.IsSupported, Taken(step: 14, stream: 0));
        Assert.False(Taken(step: 13, stream: 0));
        Assert.False(Taken(step: 15, stream: 0));

        // a row that fills registers by itself, and more streams than are kept
        Assert.All((int[])[1, 2], _ => Assert.False(Taken(step: 14, stream: 1, columns: 40)));
        for (uint stream = 1; stream < 8; stream++)
        {
            Assert.False(Taken(step: 14, stream));
            Assert.Equal(KeyedDraws.IsSupported, Taken(step: 14, stream));
        }

        Assert.All((int[])[1, 2], _ => Assert.False(Taken(step: 14, stream: 8)));

        bool Taken(long step, uint stream, int columns = 3) => ahead.TryTake<double, NormalDouble>(step, stream, columns, new double[2 * columns]);
    }

    private static void CheckAll(Func<Script, bool> property) => Check.One(Config.QuickThrowOnFailure.WithReplay(20_261_128, 11).WithMaxTest(100), Prop.ForAll(Scripts, property));

    /// <summary>Runs a script with draws that are made ahead, and asks a source of each transition alone for the same.</summary>
    private static bool IsThatOfEach(Script script, Making making, Func<NoiseSource, NoiseSource>? derived = null)
    {
        NoiseAhead ahead = new(script.Key, script.Chains);
        long first = script.First;
        foreach (Batch batch in script.Batches)
        {
            ahead.Begin(first, batch.Order.Length);
            foreach (int place in batch.Order)
            {
                NoiseSource actual = making(ahead, first + place);
                NoiseSource plain = new(script.Key, first + place, script.Chains, Workspace.Default);
                NoiseSource expected = derived?.Invoke(plain) ?? plain;
                if (!batch.Wanted[place].All(ask => script.Asks[ask].IsAlike(expected, actual)))
                {
                    return false;
                }
            }

            first += batch.Order.Length;
        }

        return true;
    }

    private enum DrawKind
    {
        Normal,
        Uniform,
        UniformColumns,
    }

    private sealed record Ask(DrawKind Kind, uint Stream, int Columns, DType DType)
    {
        public bool IsAlike(NoiseSource expected, NoiseSource actual)
        {
            (Tensor one, Tensor other) = (Of(expected), Of(actual));
            return one.Shape == other.Shape && one.DType == other.DType && one.ToArray().Select(BitConverter.DoubleToInt64Bits).SequenceEqual(other.ToArray().Select(BitConverter.DoubleToInt64Bits));
        }

        private Tensor Of(NoiseSource source) => Kind switch
        {
            DrawKind.Normal => source.Normal(Stream, Columns, DType),
            DrawKind.Uniform => source.Uniform(Stream, DType),
            _ => source.Uniform(Stream, Columns, DType),
        };
    }

    /// <summary>Transitions in the order in which they are made, and by their place what is asked for.</summary>
    private sealed record Batch(int[] Order, int[][] Wanted);

    private sealed record Script(RandomKey Key, Chains Chains, long First, Ask[] Asks, Batch[] Batches);
}
