using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics.Engines;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

public class MovementTests
{
    [Fact]
    public void Strided_copies_equal_the_reference() => Check.One(Seeded(200), Prop.ForAll(Copies.ToArbitrary(), c =>
    {
        foreach (IEngine engine in Managed)
        {
            CopyAgrees(c, engine.Float32);
            CopyAgrees(c, engine.Float64);
        }
    }));

    [Theory]
    [InlineData(300, 401)]
    [InlineData(1000, 33)]
    public void A_large_transposition_is_shared_without_a_trace(int rows, int columns)
    {
        float[] x = Numbers<float>(1, rows * columns);
        StridedCopyPlan plan = new([columns, rows], 0, [1, columns], 0, [rows, 1]);
        float[] expected = new float[x.Length];
        Reference.Float32.CopyStrided(plan, x, expected);
        foreach (IEngine engine in Managed)
        {
            float[] actual = new float[x.Length];
            engine.Float32.CopyStrided(plan, x, actual);
            AssertSameBits<float>(expected, actual);
        }
    }

    [Fact]
    public void A_copy_beyond_its_spans_is_refused() => Assert.All(Managed, engine =>
    {
        Assert.Throws<ArgumentException>(() => engine.Float32.CopyStrided(new([3], 1, [1], 0, [1]), new float[3], new float[3]));
        Assert.Throws<ArgumentException>(() => engine.Float32.CopyStrided(new([3], 0, [1], 0, [-1]), new float[3], new float[3]));
    });

    [Fact]
    public void Gathered_and_scattered_rows_equal_the_reference() => Check.One(
        Seeded(),
        Prop.ForAll(Size(60).ToArbitrary(), Size(90).ToArbitrary(), Seed.ToArbitrary(), (count, columns, seed) =>
        {
            foreach (IEngine engine in Managed)
            {
                RowsAgree(count, columns, seed, engine.Float32);
                RowsAgree(count, columns, seed, engine.Float64);
            }
        }));

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void A_row_that_does_not_exist_is_refused(int index) => Assert.All(Managed, engine =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Float32.GatherRows(2, [index], new float[6], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Float32.ScatterAddRows(2, [index], new float[2], new float[6]));
    });

    [Fact]
    public void Spoiled_copies_are_rejected()
    {
        Planted<float> spoiled = new(Reference.Float32, Fault.LastBit);
        Assert.ThrowsAny<Exception>(() => CopyAgrees(new CopyCase([2, 3], [0, 1], 0, 1), spoiled));
        Assert.ThrowsAny<Exception>(() => RowsAgree(3, 4, 1, spoiled));
    }

    private static Gen<CopyCase> Copies =>
        from rank in Gen.Choose(0, 6)
        from sizes in Gen.Choose(0, 5).ArrayOf(rank)
        from order in Gen.Shuffle(Enumerable.Range(0, rank).ToArray())
        from kind in Gen.Choose(0, 3)
        from seed in Seed
        select new CopyCase(sizes, order, kind, seed);

    private static void CopyAgrees<T>(CopyCase c, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rank = c.Sizes.Length;
        int[] from = new int[rank];
        int[] to = new int[rank];
        int total = 1;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            to[axis] = total;
            total *= c.Sizes[axis];
        }

        // The source's axes lie in another order; kinds also repeat an axis, turn one round, or leave gaps.
        int step = c.Kind == 3 ? 2 : 1;
        int extent = step;
        int offset = c.Kind == 3 ? 1 : 0;
        foreach (int axis in c.Order.Reverse())
        {
            from[axis] = extent;
            extent *= Math.Max(1, c.Sizes[axis]);
        }

        if (rank > 0 && c.Kind == 1)
        {
            from[c.Order[0]] = 0;
        }
        else if (rank > 0 && c.Kind == 2 && c.Sizes[c.Order[0]] > 0)
        {
            offset = (c.Sizes[c.Order[0]] - 1) * from[c.Order[0]];
            from[c.Order[0]] *= -1;
        }

        StridedCopyPlan plan = new(c.Sizes, offset, from, 2, to);
        T[] source = Numbers<T>(c.Seed, extent + 1);
        T[] expected = new T[total + 3];
        T[] actual = new T[total + 3];
        Of<T>(Reference).CopyStrided(plan, source, expected);
        primitives.CopyStrided(plan, source, actual);
        AssertSameBits<T>(expected, actual, string.Join(',', c.Sizes));
    }

    private static void RowsAgree<T>(int count, int columns, int seed, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Rows = 11;
        System.Random random = new(seed);
        int[] indices = [.. Enumerable.Range(0, count).Select(_ => random.Next(Rows))];
        T[] table = Numbers<T>(seed, Rows * columns);
        T[] values = Numbers<T>(seed + 1, count * columns);
        T[] expected = new T[count * columns];
        T[] actual = new T[count * columns];
        Of<T>(Reference).GatherRows(columns, indices, table, expected);
        primitives.GatherRows(columns, indices, table, actual);
        AssertSameBits<T>(expected, actual, "gathered");
        T[] expectedSum = [.. table];
        T[] actualSum = [.. table];
        Of<T>(Reference).ScatterAddRows(columns, indices, values, expectedSum);
        primitives.ScatterAddRows(columns, indices, values, actualSum);
        AssertSameBits<T>(expectedSum, actualSum, "scattered");
    }

    private sealed record CopyCase(int[] Sizes, int[] Order, int Kind, int Seed);
}
