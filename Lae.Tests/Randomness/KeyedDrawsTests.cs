using FsCheck;
using FsCheck.Fluent;
using Lae.Randomness;

namespace Lae.Tests.Randomness;

public sealed class KeyedDrawsTests
{
    private sealed record Request(ulong Seed, int Keys, uint Stream, int[] RowIds, int Columns);

    private static Arbitrary<Request> Requests =>
        (from seed in Gen.Choose(0, 1000)
         from keys in Gen.Choose(1, 16)
         from stream in Gen.Elements(0u, 1u, uint.MaxValue)
         from first in Gen.Elements(0, 41, int.MaxValue - 8)
         from rows in Gen.Choose(1, 8)
         from isTurned in Gen.Elements(true, false)
         from columns in Gen.Choose(1, 9)
         select new Request((ulong)seed, keys, stream, [.. Enumerable.Range(0, rows).Select(row => first + (isTurned ? rows - row : row))], columns)).ToArbitrary();

    [Fact]
    public void Draws_of_several_keys_are_those_of_each() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Requests, request =>
        {
            SameBits<float, UniformSingle>(request, RowDraws.Uniform);
            SameBits<double, UniformDouble>(request, RowDraws.Uniform);
            SameBits<float, NormalSingle>(request, RowDraws.Normal);
            SameBits<double, NormalDouble>(request, RowDraws.Normal);
        }));

    private delegate void Fill<T>(RandomKey key, uint stream, RowIds rowIds, int columns, Span<T> destination);

    private static void SameBits<T, TDraw>(Request request, Fill<T> one)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        if (!KeyedDraws.IsSupported)
        {
            return; // there is nothing to compare: who draws ahead asks first
        }

        RandomKey[] keys = [.. Enumerable.Range(0, request.Keys).Select(i => RandomKey.FromSeed(request.Seed).FoldIn((ulong)i))];
        int stride = KeyedDraws.Stride<T, TDraw>(request.Columns);
        int length = KeyedDraws.Length<T, TDraw>(keys.Length, request.RowIds.Length, request.Columns);
        T[] all = new T[length + 8];
        KeyedDraws.Fill<T, TDraw>(keys, request.Stream, new RowIds(request.RowIds), request.Columns, all);
        T[] own = new T[request.RowIds.Length * request.Columns];
        for (int key = 0; key < keys.Length; key++)
        {
            one(keys[key], request.Stream, new RowIds(request.RowIds), request.Columns, own);
            for (int row = 0; row < request.RowIds.Length; row++)
            {
                Assert.Equal(
                    own.AsSpan(row * request.Columns, request.Columns).ToArray(),
                    all.AsSpan(((key * request.RowIds.Length) + row) * stride, request.Columns).ToArray());
            }
        }

        Assert.All(all[length..], value => Assert.Equal(default, value));
    }
}
