using FsCheck;
using FsCheck.Fluent;
using Lae.Randomness;

namespace Lae.Tests.Randomness;

public sealed class RowDrawsTests
{
    private delegate void Fill<T>(RandomKey key, uint stream, ReadOnlySpan<int> rowIds, int columns, Span<T> destination, int firstColumn);

    public static TheoryData<string> Kinds => ["uniform float", "uniform double", "normal float", "normal double"];

    private sealed record Request(ulong Seed, uint Stream, int[] RowIds, int Columns, int FirstColumn);

    private static Arbitrary<Request> Requests =>
        (from seed in Gen.Choose(0, 1000)
         from stream in Gen.Elements(0u, 1u, 2u, uint.MaxValue)
         from rowIds in Gen.Choose(-50, 50).Select(i => i == 50 ? int.MaxValue : i).ArrayOf()
         from columns in Gen.OneOf(Gen.Choose(0, 9), Gen.Choose(10, 140), Gen.Choose(14, 70).Select(blocks => 4 * blocks))
         from firstBlock in Gen.Elements(0, 0, 1, 5, 400_000_000)
         select new Request((ulong)seed, stream, rowIds, columns, 4 * firstBlock)).ToArbitrary();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_depends_on_key_id_and_stream_alone(string kind) => Dispatch(
        kind,
        fill => CheckAll(request => RowsAlone(fill, request)),
        fill => CheckAll(request => RowsAlone(fill, request)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void All_widths_give_the_bits_of_the_scalar_form(string kind)
    {
        switch (kind)
        {
            case "uniform float": CheckAll(SameBits<float, UniformSingle>); break;
            case "uniform double": CheckAll(SameBits<double, UniformDouble>); break;
            case "normal float": CheckAll(SameBits<float, NormalSingle>); break;
            default: CheckAll(SameBits<double, NormalDouble>); break;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_can_be_filled_in_pieces_and_lengthened(string kind) => Dispatch(kind, Pieces, Pieces);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Streams_keys_rows_and_columns_differ(string kind) => Dispatch(kind, Differ, Differ);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nothing_is_allocated(string kind) => Dispatch(kind, AllocatesNothing, AllocatesNothing);

    [Fact]
    public void A_range_of_rows_is_the_list_of_its_ids()
    {
        RandomKey key = RandomKey.FromSeed(5);

        // rows that share a group of blocks, that fill one, and that go over its end; few and many
        foreach (int columns in new[] { 1, 2, 3, 4, 5, 8, 13, 24, 28, 31, 60, 63, 64, 65, 100, 131 })
        {
            foreach (int rows in new[] { 1, 2, 3, 16, 17, 40, 100 })
            {
                int[] ids = [.. Enumerable.Range(17, rows)];
                float[] list = new float[rows * columns];
                float[] range = new float[rows * columns];
                double[] listDouble = new double[rows * columns];
                double[] rangeDouble = new double[rows * columns];

                RowDraws.Normal(key, 3, ids, columns, list, 8);
                RowDraws.Normal(key, 3, 17, rows, columns, range, 8);
                Assert.Equal(list, range);
                RowDraws.Uniform(key, 3, ids, columns, list, 8);
                RowDraws.Uniform(key, 3, 17, rows, columns, range, 8);
                Assert.Equal(list, range);
                RowDraws.Normal(key, 3, ids, columns, listDouble, 8);
                RowDraws.Normal(key, 3, 17, rows, columns, rangeDouble, 8);
                Assert.Equal(listDouble, rangeDouble);
                RowDraws.Uniform(key, 3, ids, columns, listDouble, 8);
                RowDraws.Uniform(key, 3, 17, rows, columns, rangeDouble, 8);
                Assert.Equal(listDouble, rangeDouble);
            }
        }
    }

    [Fact]
    public void The_layout_of_the_counter_is_as_documented()
    {
        RandomKey key = RandomKey.FromSeed(6);
        float[] row = new float[8];
        RowDraws.Uniform(key, 11, [-3], 8, row);

        PhiloxBlock block = Philox.Block(key, new PhiloxBlock(1, unchecked((uint)-3), 11, DrawDomain.UniformSingle));
        Assert.Equal(((block.Word2 >> 9) + 0.5f) / (1 << 23), row[6]);
    }

    [Fact]
    public void Arguments_out_of_range_are_named()
    {
        RandomKey key = RandomKey.FromSeed(0);
        float[] six = new float[6];

        Assert.Throws<ArgumentException>("destination", () => RowDraws.Normal(key, 0, 0, 2, 4, six));
        Assert.Throws<ArgumentOutOfRangeException>("columns", () => RowDraws.Normal(key, 0, 0, 2, -3, six));
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => RowDraws.Normal(key, 0, 0, -2, 3, six));
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => RowDraws.Normal(key, 0, int.MaxValue, 2, 3, six));
        Assert.Throws<ArgumentOutOfRangeException>("firstRowId", () => RowDraws.Normal(key, 0, -1, 2, 3, six));
        Assert.Throws<ArgumentOutOfRangeException>("firstColumn", () => RowDraws.Normal(key, 0, 0, 2, 3, six, 2));
        Assert.Throws<ArgumentOutOfRangeException>("firstColumn", () => RowDraws.Normal(key, 0, 0, 2, 3, six, -4));
        Assert.Throws<ArgumentOutOfRangeException>("firstColumn", () => RowDraws.Normal(key, 0, 0, 1, 6, six, int.MaxValue - 3));
        RowDraws.Normal(key, 0, int.MaxValue, 1, 6, six);
    }

    private static void CheckAll(Func<Request, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_261_122, 7).WithMaxTest(150), Prop.ForAll(Requests, property));

    private static void Dispatch(string kind, Action<Fill<float>> single, Action<Fill<double>> other)
    {
        switch (kind)
        {
            case "uniform float": single(RowDraws.Uniform); break;
            case "uniform double": other(RowDraws.Uniform); break;
            case "normal float": single(RowDraws.Normal); break;
            default: other(RowDraws.Normal); break;
        }
    }

    // Any list of rows, with repetitions and in any order, is made of the rows drawn alone.
    private static bool RowsAlone<T>(Fill<T> fill, Request request)
        where T : unmanaged
    {
        RandomKey key = RandomKey.FromSeed(request.Seed);
        T[] all = new T[request.RowIds.Length * request.Columns];
        fill(key, request.Stream, request.RowIds, request.Columns, all, request.FirstColumn);
        T[] alone = new T[request.Columns];
        bool same = true;
        for (int row = 0; row < request.RowIds.Length; row++)
        {
            fill(key, request.Stream, [request.RowIds[row]], request.Columns, alone, request.FirstColumn);
            same &= all.AsSpan(row * request.Columns, request.Columns).SequenceEqual(alone);
        }

        return same;
    }

    private static bool SameBits<T, TDraw>(Request request)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        RandomKey key = RandomKey.FromSeed(request.Seed);
        T[] scalar = new T[request.RowIds.Length * request.Columns];
        T[] wide256 = new T[scalar.Length];
        T[] wide512 = new T[scalar.Length];
        RowIds rowIds = new(request.RowIds);
        ScalarDraws.Fill<T, TDraw>(key, request.Stream, rowIds, request.FirstColumn, request.Columns, scalar);
        WideDraws.Fill<T, TDraw, DrawWidth256>(key, request.Stream, rowIds, request.FirstColumn, request.Columns, wide256);
        WideDraws.Fill<T, TDraw, DrawWidth512>(key, request.Stream, rowIds, request.FirstColumn, request.Columns, wide512);
        return scalar.AsSpan().SequenceEqual(wide256) && scalar.AsSpan().SequenceEqual(wide512);
    }

    private static void Pieces<T>(Fill<T> fill)
        where T : unmanaged
    {
        RandomKey key = RandomKey.FromSeed(9);
        T[] whole = new T[1001];
        T[] pieces = new T[1001];
        fill(key, 2, [4], 1001, whole, 0);
        foreach ((int start, int end) in new[] { (0, 4), (4, 100), (100, 356), (356, 1000), (1000, 1001) })
        {
            fill(key, 2, [4], end - start, pieces.AsSpan(start, end - start), start);
        }

        Assert.Equal(whole, pieces);

        T[] shorter = new T[517];
        fill(key, 2, [4], 517, shorter, 0);
        Assert.Equal(whole.Take(517), shorter);
    }

    private static void Differ<T>(Fill<T> fill)
        where T : unmanaged
    {
        HashSet<T> seen = [];
        T[] values = new T[4 * 8];
        foreach (ulong seed in new ulong[] { 1, 2, 1UL << 32 })
        {
            foreach (uint stream in new uint[] { 0, 1, 1u << 31 })
            {
                fill(RandomKey.FromSeed(seed), stream, [0, 1, -1, 65536], 8, values, 0);
                seen.UnionWith(values);
            }
        }

        // 288 draws of 23 bits: each coincidence by chance has probability under 288²/2/2²³ = 0.005; the seeds are fixed, and one is allowed.
        Assert.InRange(seen.Count, 3 * 3 * 32 - 1, 3 * 3 * 32);
    }

    private static void AllocatesNothing<T>(Fill<T> fill)
        where T : unmanaged
    {
        T[] values = new T[1000];
        int[] rowIds = [3, 1, 2, 9, 8];
        fill(RandomKey.FromSeed(1), 0, rowIds, 200, values, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        fill(RandomKey.FromSeed(1), 0, rowIds, 200, values, 0);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
