using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics.Engines;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

public class MatrixProductTests
{
    [Fact]
    public void Float32_has_the_bits_of_the_reference() => Check.One(Seeded(150), Prop.ForAll(Cases.ToArbitrary(), c => AgreesOnAll<float>(c)));

    [Fact]
    public void Float64_has_the_bits_of_the_reference() => Check.One(Seeded(150), Prop.ForAll(Cases.ToArbitrary(), c => AgreesOnAll<double>(c)));

    [Theory]
    [InlineData(1, 70, 900)]
    [InlineData(5, 33, 1300)]
    [InlineData(40, 3, 800)]
    [InlineData(61, 140, 411)]
    [InlineData(330, 17, 400)]
    [InlineData(100, 300, 700)]
    [InlineData(52, 100, 300)]
    [InlineData(97, 36, 500)]
    public void Deep_products_cross_blocks_of_every_axis(int m, int n, int k)
    {
        foreach (bool transposeA in new[] { false, true })
        {
            foreach (bool transposeB in new[] { false, true })
            {
                foreach (bool addAtEnd in new[] { false, true })
                {
                    Case sample = new(new MatrixProductPlan(m, n, k, transposeA, transposeB, transposeA && !addAtEnd, addAtEnd), 17);
                    AgreesOnAll<float>(sample);
                    AgreesOnAll<double>(sample);
                }
            }
        }
    }

    [Fact]
    public void A_row_does_not_depend_on_the_number_of_rows()
    {
        const int Rows = 41;
        const int Depth = 67;
        const int Columns = 50;
        float[] a = Numbers<float>(1, Rows * Depth);
        float[] b = Numbers<float>(2, Depth * Columns);
        foreach (IEngine engine in Managed)
        {
            float[] all = new float[Rows * Columns];
            engine.Float32.MatrixProduct(new(Rows, Columns, Depth, false, false, false), a, b, all);
            foreach (int rows in new[] { 1, 2, 5, 13 })
            {
                float[] some = new float[rows * Columns];
                engine.Float32.MatrixProduct(new(rows, Columns, Depth, false, false, false), a.AsSpan(7 * Depth, rows * Depth), b, some);
                AssertSameBits<float>(all.AsSpan(7 * Columns, rows * Columns), some);
            }
        }
    }

    [Fact]
    public void A_chain_in_another_order_is_rejected() =>
        Assert.ThrowsAny<Exception>(() => Check.One(Seeded(), Prop.ForAll(
            Cases.ToArbitrary(), c => Agrees(c, new Planted<float>(Reference.Float32, Fault.LastBit)))));

    private static Gen<Case> Cases =>
        from m in Size(70)
        from n in Size(70)
        from k in Size(70)
        from transposeA in Gen.Elements(true, false)
        from transposeB in Gen.Elements(true, false)
        from onto in Gen.Choose(0, 2)
        from seed in Seed
        select new Case(new MatrixProductPlan(m, n, k, transposeA, transposeB, onto == 1, onto == 2), seed);

    private static void AgreesOnAll<T>(Case sample)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Agrees(sample, [.. Managed.Select(e => Of<T>(e))]);
    }

    private static void Agrees<T>(Case sample, params IPrimitives<T>[] all)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixProductPlan plan = sample.Plan;
        T[] a = Numbers<T>(sample.Seed, plan.M * plan.K);
        T[] b = Numbers<T>(sample.Seed + 1, plan.K * plan.N);
        T[] start = Numbers<T>(sample.Seed / 2, plan.M * plan.N);
        T[] expected = [.. start];
        Of<T>(Reference).MatrixProduct(plan, a, b, expected);
        foreach (IPrimitives<T> primitives in all)
        {
            T[] actual = [.. start];
            primitives.MatrixProduct(plan, a, b, actual);
            AssertSameBits<T>(expected, actual, plan.ToString());
        }
    }

    private sealed record Case(MatrixProductPlan Plan, int Seed);
}
