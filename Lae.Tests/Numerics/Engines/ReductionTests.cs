using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics.Engines;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

public class ReductionTests
{
    [Fact]
    public void Reductions_agree_with_the_reference() => Check.One(Seeded(120), Prop.ForAll(Shapes.ToArbitrary(), s =>
    {
        foreach (IEngine engine in Managed)
        {
            Agrees(s, engine.Float32);
            Agrees(s, engine.Float64);
        }
    }));

    [Theory]
    [InlineData(1, 100_003, 1)]
    [InlineData(3, 9_001, 2)]
    [InlineData(2, 4_097, 9)]
    [InlineData(1, 4_096, 300)]
    public void Long_axes_agree_and_do_not_depend_on_threads(int outer, int length, int inner)
    {
        foreach (Reduction reduction in Enum.GetValues<Reduction>())
        {
            double[] x = Numbers<double>(outer + length, outer * length * inner);
            double[] expected = new double[outer * inner];
            Reference.Float64.Reduce(reduction, outer, length, inner, x, expected);
            double[] first = new double[expected.Length];
            Managed[0].Float64.Reduce(reduction, outer, length, inner, x, first);
            AssertClose<double>(expected, first, 1000, 10, reduction.ToString());
            foreach (IEngine engine in Managed)
            {
                double[] actual = new double[expected.Length];
                engine.Float64.Reduce(reduction, outer, length, inner, x, actual);
                AssertSameBits<double>(first, actual, $"{reduction}, {engine.Threads} threads");
            }
        }
    }

    /// <summary>Column j of a [length, inner] reduction has the bits of the same numbers as a row: the order depends on the length of the axis alone.</summary>
    [Fact]
    public void Rows_and_columns_have_the_same_bits() => Check.One(Seeded(), Prop.ForAll(Shapes.ToArbitrary(), s =>
    {
        foreach (IEngine engine in Managed)
        {
            RowsEqualColumns(s, engine.Float32);
            RowsEqualColumns(s, engine.Float64);
        }
    }));

    /// <summary>The same about the widths at which columns are taken two registers at a time, a register at a time, or in part, and at which another stripe of columns begins; also between other axes.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(130)]
    public void Columns_about_the_width_of_registers_have_the_bits_of_each_by_itself(int about)
    {
        for (int inner = about - 3; inner <= about + 3; inner++)
        {
            for (int length = 1; length <= 40; length++)
            {
                ColumnsAlone(new Shape(1 + (length % 3), length, inner, (100 * inner) + length), Managed[0].Float32);
                ColumnsAlone(new Shape(1 + (length % 3), length, inner, (100 * inner) + length), Managed[0].Float64);
            }
        }
    }

    [Fact]
    public void Special_values_come_through()
    {
        foreach (IEngine engine in Managed)
        {
            foreach (int length in new[] { 1, 3, 8, 19 })
            {
                foreach (int place in new[] { 0, length - 1 })
                {
                    foreach (float special in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                    {
                        Special(engine.Float32, length, place, special);
                        Special(engine.Float64, length, place, (double)special);
                    }
                }
            }
        }
    }

    [Fact]
    public void Sums_of_products_agree_with_the_reference() => Check.One(Seeded(), Prop.ForAll(Shapes.ToArbitrary(), s =>
    {
        foreach (IEngine engine in Managed)
        {
            DotAgrees(s, engine.Float32);
            DotAgrees(s, engine.Float64);
        }
    }));

    [Fact]
    public void Finiteness_sees_every_place()
    {
        foreach (IEngine engine in Managed)
        {
            Assert.True(engine.Float32.AllFinite([]));
            for (int length = 1; length < 70; length++)
            {
                float[] x = Numbers<float>(length, length);
                Assert.True(engine.Float32.AllFinite(x));
                foreach (float special in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                {
                    x[(length * 7) % length] = special;
                    x[length - 1] = special;
                    Assert.False(engine.Float32.AllFinite(x));
                }
            }
        }
    }

    [Fact]
    public void Spoiled_totals_are_rejected()
    {
        Planted<double> off = new(Reference.Float64, Fault.LastElement);
        Shape sample = new(3, 5, 2, 7);
        Assert.ThrowsAny<Exception>(() => Agrees(sample, off));
        Assert.ThrowsAny<Exception>(() => DotAgrees(sample, off));
        Assert.ThrowsAny<Exception>(() => RowsEqualColumns(sample, new Planted<double>(Managed[0].Float64, Fault.LastBit)));
        Assert.ThrowsAny<Exception>(() => ColumnsAlone(sample, new Planted<double>(Managed[0].Float64, Fault.LastBit)));
    }

    private static Gen<Shape> Shapes =>
        from outer in Size(12)
        from length in Size(90)
        from inner in Size(40)
        from seed in Seed
        select new Shape(outer, length, inner, seed);

    private static void Agrees<T>(Shape s, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Numbers<T>(s.Seed, s.Outer * s.Length * s.Inner);
        T[] expected = new T[s.Outer * s.Inner];
        T[] actual = new T[expected.Length];
        foreach (Reduction reduction in Enum.GetValues<Reduction>())
        {
            Of<T>(Reference).Reduce(reduction, s.Outer, s.Length, s.Inner, x, expected);
            primitives.Reduce(reduction, s.Outer, s.Length, s.Inner, x, actual);
            AssertClose<T>(expected, actual, reduction == Reduction.Maximum ? 0 : 8, 10, $"{reduction} of {s}");
        }
    }

    private static void RowsEqualColumns<T>(Shape s, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] rows = Numbers<T>(s.Seed, s.Length * s.Inner);
        T[] columns = new T[rows.Length];
        for (int i = 0; i < s.Inner; i++)
        {
            for (int k = 0; k < s.Length; k++)
            {
                columns[(k * s.Inner) + i] = rows[(i * s.Length) + k];
            }
        }

        T[] ofRows = new T[s.Inner];
        T[] ofColumns = new T[s.Inner];
        T[] alone = new T[1];
        foreach (Reduction reduction in Enum.GetValues<Reduction>())
        {
            primitives.Reduce(reduction, s.Inner, s.Length, 1, rows, ofRows);
            primitives.Reduce(reduction, 1, s.Length, s.Inner, columns, ofColumns);
            AssertSameBits<T>(ofRows, ofColumns, $"{reduction} of {s}");
            for (int i = 0; i < s.Inner; i++)
            {
                primitives.Reduce(reduction, 1, s.Length, 1, rows.AsSpan(i * s.Length, s.Length), alone);
                AssertSameBits<T>(ofRows.AsSpan(i, 1), alone, $"{reduction} of {s}");
            }
        }
    }

    /// <summary>Each total of a middle axis is that of its own numbers, taken as a row.</summary>
    private static void ColumnsAlone<T>(Shape s, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Numbers<T>(s.Seed, s.Outer * s.Length * s.Inner);
        T[] rows = new T[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            (int outer, int k, int column) = (i / s.Inner / s.Length, i / s.Inner % s.Length, i % s.Inner);
            rows[(((outer * s.Inner) + column) * s.Length) + k] = x[i];
        }

        T[] together = new T[s.Outer * s.Inner];
        T[] alone = new T[together.Length];
        foreach (Reduction reduction in Enum.GetValues<Reduction>())
        {
            primitives.Reduce(reduction, s.Outer, s.Length, s.Inner, x, together);
            for (int i = 0; i < alone.Length; i++)
            {
                primitives.Reduce(reduction, 1, s.Length, 1, rows.AsSpan(i * s.Length, s.Length), alone.AsSpan(i, 1));
            }

            AssertSameBits<T>(alone, together, $"{reduction} of {s}");
        }
    }

    private static void Special<T>(IPrimitives<T> primitives, int length, int place, T special)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int inner in new[] { 1, 3 })
        {
            T[] x = Numbers<T>(length, length * inner);
            for (int i = 0; i < inner; i++)
            {
                x[(place * inner) + i] = special;
            }

            T[] expected = new T[inner];
            T[] actual = new T[inner];
            foreach (Reduction reduction in Enum.GetValues<Reduction>())
            {
                Of<T>(Reference).Reduce(reduction, 1, length, inner, x, expected);
                primitives.Reduce(reduction, 1, length, inner, x, actual);
                AssertClose<T>(expected, actual, 8, 1, $"{reduction} with {special}");
            }
        }
    }

    private static void DotAgrees<T>(Shape s, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Numbers<T>(s.Seed, s.Outer * s.Length);
        T[] b = Numbers<T>(s.Seed + 1, a.Length);
        T[] expected = new T[s.Outer];
        T[] actual = new T[s.Outer];
        Of<T>(Reference).DotRows(s.Outer, s.Length, a, b, expected);
        primitives.DotRows(s.Outer, s.Length, a, b, actual);
        AssertClose<T>(expected, actual, 8, 10, s.ToString());
    }

    private sealed record Shape(int Outer, int Length, int Inner, int Seed);
}
