using System.Numerics;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

/// <summary>The fused acceptance ratio of Langevin proposals: bit for bit its composition of the engine's own primitives, close to the reference engine's, and the formula written out.</summary>
public sealed class LangevinRatioTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(3, 8)]
    [InlineData(100, 17)]
    [InlineData(2, 4096)]
    [InlineData(2, 4097)]
    [InlineData(2, 5000)]
    [InlineData(3, 49_155)]
    [InlineData(700, 100)]
    [InlineData(0, 3)]
    public void It_is_its_composition(int rows, int columns)
    {
        foreach (ManagedEngine engine in Managed)
        {
            IsItsComposition(rows, columns, engine.Float64);
            IsItsComposition(rows, columns, engine.Float32);
        }
    }

    [Fact]
    public void One_row_is_the_formula_written_out()
    {
        foreach (IPrimitives<double> primitives in Managed.Select(engine => engine.Float64).Append(Reference.Float64))
        {
            double[] ratio = new double[1];
            primitives.LangevinRatio(
                2,
                new LangevinRatioFactors<double>(0.5, -0.25, 0.125),
                new LangevinEnd<double> { Position = [1, 2], LogDensity = [3], Gradient = [4, -1], Preconditioned = [8, -3] },
                new LangevinEnd<double> { Position = [2, 0], LogDensity = [7], Gradient = [-2, 5], Preconditioned = [-4, 15] },
                ratio);
            // β (7 − 3) − (β/2) (1·2 + (−2)·4) + (h β/4) ((32 + 3) − (8 + 75))
            Assert.Equal(2 + (0.25 * 6) - (0.125 * 48), ratio[0], 1e-15);
        }
    }

    [Fact]
    public void A_number_that_is_none_spoils_its_row_alone()
    {
        foreach (ManagedEngine engine in Managed)
        {
            double[] x = [1, 2, 3, 4];
            double[] spoiled = [1, 2, double.NaN, 4];
            double[] ratio = new double[2];
            engine.Float64.LangevinRatio(
                2,
                new LangevinRatioFactors<double>(1, -0.5, 0.1),
                new LangevinEnd<double> { Position = x, LogDensity = [1, 2], Gradient = x, Preconditioned = x },
                new LangevinEnd<double> { Position = x, LogDensity = [2, 2], Gradient = spoiled, Preconditioned = x },
                ratio);
            Assert.Equal(1, ratio[0]);
            Assert.True(double.IsNaN(ratio[1]));
        }
    }

    [Fact]
    public void Spans_of_other_lengths_are_refused() => Assert.Throws<ArgumentException>(() => Managed[0].Float64.LangevinRatio(
        2,
        new LangevinRatioFactors<double>(1, -0.5, 0.1),
        new LangevinEnd<double> { Position = [1, 2], LogDensity = [1], Gradient = [1, 2], Preconditioned = [1, 2] },
        new LangevinEnd<double> { Position = [1, 2], LogDensity = [1], Gradient = [1], Preconditioned = [1, 2] },
        new double[1]));

    private static void IsItsComposition<T>(int rows, int columns, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = rows * columns;
        LangevinRatioFactors<T> factors = new(T.CreateChecked(0.7), T.CreateChecked(-0.35), T.CreateChecked(0.03));
        LangevinEnd<T> from = End(1);
        LangevinEnd<T> to = End(5);
        T[] expected = new T[rows];
        T[] near = new T[rows];
        T[] actual = new T[rows];
        ComposedLangevinRatio.Evaluate(primitives, columns, factors, from, to, expected);
        Of<T>(Reference).LangevinRatio(columns, factors, from, to, near);
        primitives.LangevinRatio(columns, factors, from, to, actual);
        AssertSameBits<T>(expected, actual);
        AssertClose<T>(near, actual, 8, columns + 1, "ratio");

        LangevinEnd<T> End(int seed) => new()
        {
            Position = Numbers<T>(seed, count),
            LogDensity = Numbers<T>(seed + 1, rows),
            Gradient = Numbers<T>(seed + 2, count),
            Preconditioned = Numbers<T>(seed + 3, count),
        };
    }
}
