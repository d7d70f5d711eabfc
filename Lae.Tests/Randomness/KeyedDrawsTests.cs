using System.Numerics;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Lae.Randomness;

namespace Lae.Tests.Randomness;

/// <summary>Draws of several keys at once are those of each key by itself. They are right also where the processor emulates the registers, so no run of the suite leaves this out.</summary>
public sealed class KeyedDrawsTests
{
    private const int Behind = 33;

    private delegate void OfKeys<T>(ReadOnlySpan<RandomKey> keys, uint stream, RowIds rowIds, int columns, Span<T> destination);

    private delegate void OfKey<T>(RandomKey key, uint stream, RowIds rowIds, int columns, Span<T> destination);

    public static TheoryData<string> Kinds => ["uniform float", "uniform double", "normal float", "normal double"];

    private static Arbitrary<Request> Requests =>
        (from count in Gen.Choose(1, 16)
         from keys in Gen.Choose(0, int.MaxValue).Select(seed => RandomKey.FromSeed((ulong)seed)).ArrayOf(count)
         from stream in Gen.Elements(0u, 1u, 2u, uint.MaxValue)
         from first in Gen.Elements(0, 1, 17, int.MaxValue - 8)
         from rows in Gen.Choose(1, 8)
         from isRange in Gen.Elements(true, false)
         from list in Gen.Choose(-50, 50).ArrayOf(rows)
         from columns in Gen.Choose(1, 9)
         select new Request(keys, stream, first, rows, isRange ? [] : list, columns)).ToArbitrary();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_key_has_the_bits_of_its_own_rows_and_nothing_is_written_behind_them(string kind)
    {
        switch (kind)
        {
            case "uniform float": CheckAll<float, UniformSingle>(KeyedDraws.Fill<float, UniformSingle>, RowDraws.Uniform); break;
            case "uniform double": CheckAll<double, UniformDouble>(KeyedDraws.Fill<double, UniformDouble>, RowDraws.Uniform); break;
            case "normal float": CheckAll<float, NormalSingle>(KeyedDraws.Fill<float, NormalSingle>, RowDraws.Normal); break;
            default: CheckAll<double, NormalDouble>(KeyedDraws.Fill<double, NormalDouble>, RowDraws.Normal); break;
        }
    }

    [Fact]
    public void One_key_for_all_is_rejected() => Rejected((keys, stream, rowIds, columns, destination) =>
    {
        RandomKey[] same = new RandomKey[keys.Length];
        Array.Fill(same, keys[0]);
        KeyedDraws.Fill<double, NormalDouble>(same, stream, rowIds, columns, destination);
    });

    [Fact]
    public void A_list_that_is_taken_for_a_range_is_rejected() => Rejected((keys, stream, rowIds, columns, destination) =>
        KeyedDraws.Fill<double, NormalDouble>(keys, stream, new RowIds((int)rowIds[0], rowIds.Count), columns, destination));

    [Fact]
    public void A_register_more_than_the_length_is_rejected() => Rejected((keys, stream, rowIds, columns, destination) =>
    {
        KeyedDraws.Fill<double, NormalDouble>(keys, stream, rowIds, columns, destination);
        destination[KeyedDraws.Length<double, NormalDouble>(keys.Length, rowIds.Count, columns)] = 0;
    });

    private static void Rejected(OfKeys<double> planted) => Assert.ThrowsAny<Exception>(() => CheckAll<double, NormalDouble>(planted, RowDraws.Normal));

    private static void CheckAll<T, TDraw>(OfKeys<T> ofKeys, OfKey<T> ofKey)
        where T : unmanaged, INumber<T>
        where TDraw : struct, IBlockDraw<T> =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_261_128, 7).WithMaxTest(150), Prop.ForAll(Requests, request => HasRowsOfEach<T, TDraw>(ofKeys, ofKey, request)));

    private static bool HasRowsOfEach<T, TDraw>(OfKeys<T> ofKeys, OfKey<T> ofKey, Request request)
        where T : unmanaged, INumber<T>
        where TDraw : struct, IBlockDraw<T>
    {
        RowIds rowIds = request.List.Length == 0 ? new RowIds(request.First, request.Rows) : new RowIds(request.List);
        int columns = request.Columns;
        int stride = KeyedDraws.Stride<T, TDraw>(columns);
        int length = KeyedDraws.Length<T, TDraw>(request.Keys.Length, rowIds.Count, columns);
        T untouched = T.CreateChecked(77);
        T[] all = new T[length + Behind];
        Array.Fill(all, untouched);
        ofKeys(request.Keys, request.Stream, rowIds, columns, all);

        T[] own = new T[rowIds.Count * columns];
        bool same = all.AsSpan(length).IndexOfAnyExcept(untouched) < 0;
        for (int key = 0; key < request.Keys.Length; key++)
        {
            ofKey(request.Keys[key], request.Stream, rowIds, columns, own);
            for (int row = 0; row < rowIds.Count; row++)
            {
                Span<T> drawn = all.AsSpan(((key * rowIds.Count) + row) * stride, columns);
                same &= MemoryMarshal.AsBytes(drawn).SequenceEqual(MemoryMarshal.AsBytes(own.AsSpan(row * columns, columns)));
            }
        }

        return same;
    }

    /// <summary>Rows from a first one on where the list is empty.</summary>
    private sealed record Request(RandomKey[] Keys, uint Stream, int First, int Rows, int[] List, int Columns);
}
