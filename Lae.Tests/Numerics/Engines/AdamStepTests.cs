using System.Numerics;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

/// <summary>The fused step of Adam: bit for bit its composition of the engine's own primitives, and close to the reference engine's. The algorithm itself is in <see cref="Optimizers.AdamTests"/>.</summary>
public sealed class AdamStepTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(333)]
    [InlineData(100_003)]
    public void It_is_its_composition(int count)
    {
        foreach (ManagedEngine engine in Managed)
        {
            IsItsComposition(count, engine.Float64);
            IsItsComposition(count, engine.Float32);
        }
    }

    [Fact]
    public void A_number_that_is_none_spoils_its_element_alone()
    {
        foreach (ManagedEngine engine in Managed)
        {
            double[] theta = new double[2];
            engine.Float64.AdamStep(new AdamFactors<double>(0.9, 0.1, 0.99, 0.01, 2, 1e-8, 0.1, 0.75), [double.NaN, 1], [1, 1], [0, 0], [0, 0], theta, new double[2], new double[2]);
            Assert.True(double.IsNaN(theta[0]));
            Assert.Equal(0.75 - (0.1 * 0.1 / ((2 * 0.1) + 1e-8)), theta[1], 1e-15);
        }
    }

    [Fact]
    public void Spans_of_other_lengths_are_refused() => Assert.Throws<ArgumentException>(() => Managed[0].Float64.AdamStep(
        new AdamFactors<double>(0.9, 0.1, 0.99, 0.01, 2, 1e-8, 0.1, 1), [1, 1], [1, 1], [0], [0, 0], new double[2], new double[2], new double[2]));

    private static void IsItsComposition<T>(int count, IPrimitives<T> primitives)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AdamFactors<T> factors = new(
            T.CreateChecked(0.9), T.CreateChecked(0.1), T.CreateChecked(0.97), T.CreateChecked(0.03), T.CreateChecked(3.1), T.CreateChecked(0.01), T.CreateChecked(0.2), T.CreateChecked(0.9));
        T[] gradient = Numbers<T>(1, count);
        T[] parameter = Numbers<T>(2, count);
        T[] first = Numbers<T>(3, count);
        T[] second = [.. Numbers<T>(4, count).Select(T.Abs)];
        T[][] expected = [new T[count], new T[count], new T[count]];
        T[][] near = [new T[count], new T[count], new T[count]];
        T[][] actual = [new T[count], new T[count], new T[count]];
        ComposedAdam.Step(primitives, factors, gradient, parameter, first, second, expected[0], expected[1], expected[2]);
        Of<T>(Reference).AdamStep(factors, gradient, parameter, first, second, near[0], near[1], near[2]);
        primitives.AdamStep(factors, gradient, parameter, first, second, actual[0], actual[1], actual[2]);
        for (int i = 0; i < 3; i++)
        {
            AssertSameBits<T>(expected[i], actual[i]);
            AssertClose<T>(near[i], actual[i], 8, 4, "moments");
        }
    }
}
