using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics.Engines;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

public class NormalizationTests
{
    [Fact]
    public void Layer_normalisation_agrees_with_the_reference() => Check.One(
        Seeded(),
        Prop.ForAll(Size(20).ToArbitrary(), Size(90).ToArbitrary(), Seed.ToArbitrary(), (rows, columns, seed) =>
        {
            foreach (IEngine engine in Managed)
            {
                Agrees(rows, columns, seed, engine.Float32);
                Agrees(rows, columns, seed, engine.Float64);
            }
        }));

    [Fact]
    public void A_row_does_not_depend_on_threads_or_on_the_other_rows()
    {
        const int Rows = 300;
        const int Columns = 131;
        float[] x = Numbers<float>(3, Rows * Columns);
        float[] gradient = Numbers<float>(4, Rows * Columns);
        float[][] expected = Both(Rows, Columns, x, gradient, Managed[0].Float32);
        foreach (IEngine engine in Managed)
        {
            float[][] all = Both(Rows, Columns, x, gradient, engine.Float32);
            AssertSameBits<float>(expected[0], all[0]);
            AssertSameBits<float>(expected[2], all[2]);
            float[][] one = Both(1, Columns, x[(7 * Columns)..(8 * Columns)], gradient[(7 * Columns)..(8 * Columns)], engine.Float32);
            AssertSameBits<float>(expected[0].AsSpan(7 * Columns, Columns), one[0]);
            AssertSameBits<float>(expected[2].AsSpan(7 * Columns, Columns), one[2]);
        }
    }

    [Fact]
    public void Spoiled_rows_are_rejected() =>
        Assert.ThrowsAny<Exception>(() => Agrees(3, 5, 1, new Planted<float>(Reference.Float32, Fault.LastElement)));

    private static void Agrees<T>(int rows, int columns, int seed, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Numbers<T>(seed, rows * columns);
        T[] gradient = Numbers<T>(seed + 1, rows * columns);
        T[][] expected = Both(rows, columns, x, gradient, Of<T>(Reference));
        T[][] actual = Both(rows, columns, x, gradient, primitives);

        // A row of nearly equal numbers is divided by √epsilon, which magnifies the rounding of the mean by 3.
        for (int i = 0; i < expected.Length; i++)
        {
            AssertClose<T>(expected[i], actual[i], 30, 5, $"result {i} for {rows} × {columns},");
        }
    }

    private static T[][] Both<T>(int rows, int columns, T[] x, T[] gradient, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] y = new T[x.Length];
        T[] inverseDeviation = new T[rows];
        T[] xGradient = new T[x.Length];
        primitives.LayerNormalize(rows, columns, T.CreateChecked(0.1), x, y, inverseDeviation);
        primitives.LayerNormalizeGradient(rows, columns, y, inverseDeviation, gradient, xGradient);
        return [y, inverseDeviation, xGradient];
    }
}
