using System.Numerics;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

/// <summary>What a hidden layer does to its products in one pass: bit for bit its composition of the engine's own primitives, and close to the reference engine's.</summary>
public sealed class RectifiedNormalizationTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(5, 16)]
    [InlineData(4, 333)]
    [InlineData(101, 1024)]
    [InlineData(2, 10_003)]
    [InlineData(4096, 3)]
    [InlineData(4099, 17)]
    public void It_is_its_composition(int rows, int columns)
    {
        foreach (ManagedEngine engine in Managed)
        {
            IsItsComposition(rows, columns, engine.Float64);
            IsItsComposition(rows, columns, engine.Float32);
        }
    }

    [Fact]
    public void A_number_that_is_none_spoils_its_row_alone()
    {
        foreach (ManagedEngine engine in Managed)
        {
            double[] y = new double[40];
            double[] x = Numbers<double>(1, 40);
            x[3] = double.NaN;
            double[] ones = [.. Enumerable.Repeat(1.0, 20)];
            engine.Float64.RectifiedNormalization(2, 20, 1e-5, x, new double[20], ones, ones, new double[40], new double[2], y);
            Assert.All(y[..20], value => Assert.True(double.IsNaN(value)));
            Assert.All(y[20..], value => Assert.True(double.IsFinite(value)));
        }
    }

    [Fact]
    public void Spans_of_other_lengths_are_refused()
    {
        IPrimitives<double> primitives = Managed[0].Float64;
        double[] two = new double[2];
        double[] four = new double[4];
        Assert.Throws<ArgumentException>(() => primitives.RectifiedNormalization(2, 2, 1e-5, four, two, two, new double[1], four, two, four));
        Assert.Throws<ArgumentException>(() => primitives.RectifiedNormalization(2, 2, 1e-5, four, two, two, two, two, two, four));
        Assert.Throws<ArgumentException>(() => primitives.RectifiedNormalizationGradient(2, 2, two, four, two, four, two, four));
        Assert.Throws<ArgumentException>(() => primitives.RectifiedNormalizationGradient(2, 2, two, four, two, four, four, two));
        Assert.Throws<ArgumentException>(() => primitives.RectifiedNormalizationSums(2, 2, 1, four, four, four, two, two, two, two));
        Assert.Throws<ArgumentException>(() => primitives.RectifiedNormalizationSums(2, 2, 1, four, four, four, four, two, four, two));
    }

    private static void IsItsComposition<T>(int rows, int columns, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = rows * columns;
        T epsilon = T.CreateChecked(1e-5);
        (T[] x, T[] gradient) = (Numbers<T>(1, count, 3), Numbers<T>(2, count));
        (T[] bias, T[] scale, T[] shift) = (Numbers<T>(3, columns), Numbers<T>(4, columns), Numbers<T>(5, columns));
        T[][] Outputs() => [new T[count], new T[rows], new T[count], new T[count], new T[columns], new T[columns], new T[columns]];
        (T[][] expected, T[][] near, T[][] actual) = (Outputs(), Outputs(), Outputs());
        T factor = T.CreateChecked(-0.013);
        ComposedRectifiedNormalization.Evaluate(primitives, rows, columns, epsilon, x, bias, scale, shift, expected[0], expected[1], expected[2]);
        ComposedRectifiedNormalization.Gradient(primitives, rows, columns, scale, expected[0], expected[1], expected[2], gradient, expected[3]);
        ComposedRectifiedNormalization.Sums(primitives, rows, columns, factor, expected[0], expected[2], gradient, expected[3], expected[4], expected[5], expected[6]);
        Of<T>(Reference).RectifiedNormalization(rows, columns, epsilon, x, bias, scale, shift, near[0], near[1], near[2]);
        primitives.RectifiedNormalization(rows, columns, epsilon, x, bias, scale, shift, actual[0], actual[1], actual[2]);
        primitives.RectifiedNormalizationGradient(rows, columns, scale, actual[0], actual[1], actual[2], gradient, actual[3]);
        primitives.RectifiedNormalizationSums(rows, columns, factor, actual[0], actual[2], gradient, actual[3], actual[4], actual[5], actual[6]);
        for (int i = 0; i < expected.Length; i++)
        {
            AssertSameBits<T>(expected[i], actual[i]);
        }

        for (int i = 0; i < count; i++)
        {
            Assert.Equal(double.CreateChecked(near[2][i]), double.CreateChecked(actual[2][i]), columns == 1 ? 1e-2 : 1e-4);
        }
    }
}
