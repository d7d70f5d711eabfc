using System.Numerics;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

/// <summary>
/// The largest error of each vectorised function in units in the last place, over the whole range of its argument: each 1,009th bit pattern of float (in the long tests all 2³²), against double precision of the C library; and for double
/// patterns spread over all exponents, against the C library, whose own error of up to a unit is in the bound. docs/architecture.md states the bounds.
/// </summary>
public class FunctionAccuracyTests
{
    private const uint Stride = 1009;
    private const int Part = 1 << 20;

    public static TheoryData<UnaryOperation, double, double> Bounds => new()
    {
        { UnaryOperation.Exponential, 1.5, 2 },
        { UnaryOperation.Logarithm, 1.5, 2 },
        { UnaryOperation.Tanh, 2.5, 3 },
        { UnaryOperation.Sigmoid, 2.5, 3 },
        { UnaryOperation.Softplus, 2.5, 3 },
        { UnaryOperation.Sine, 1.5, 2 },
        { UnaryOperation.Cosine, 1.5, 2 },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Single_precision_is_as_near_as_stated(UnaryOperation operation, double bound, double _) => CheckSingle(operation, bound, Stride, threads: 1);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Bounds))]
    public void Single_precision_of_every_float_is_as_near_as_stated(UnaryOperation operation, double bound, double _) => CheckSingle(operation, bound, stride: 1, threads: 2);

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Double_precision_is_as_near_as_stated(UnaryOperation operation, double _, double bound)
    {
        // an odd stride that visits every exponent some 490 times, and the near of 1 by a stride of its own
        double[] x = [.. Patterns(0x0000_8421_0842_1085), .. Near()];
        double[] y = new double[x.Length];
        foreach (IEngine engine in Managed.Take(3))
        {
            engine.Float64.Unary(operation, x, y);
            double worst = 0;
            double at = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double error = Error(y[i], Exact(operation, x[i]), static value => Math.BitIncrement(Math.Abs(value)) - Math.Abs(value));
                if (!(error <= worst))
                {
                    (worst, at) = (error, x[i]);
                }
            }

            Assert.True(worst <= bound, $"{operation}({at:R}): error of {worst:F3} units");
        }

        static IEnumerable<double> Patterns(ulong stride)
        {
            for (UInt128 bits = 0; bits <= ulong.MaxValue; bits += stride)
            {
                yield return BitConverter.UInt64BitsToDouble((ulong)bits);
            }
        }

        static IEnumerable<double> Near() => Enumerable.Range(-200_000, 400_001).Select(i => i * 1.73205e-4);
    }

    [Fact]
    public void An_error_of_three_units_is_seen() => Assert.True(Error(MathF.BitIncrement(MathF.BitIncrement(MathF.BitIncrement(1.5f))), 1.5, UnitOfSingle) > 2);

    /// <summary>Bit patterns 0, stride, 2 stride, … of float, in parts that threads take in turn.</summary>
    private static void CheckSingle(UnaryOperation operation, double bound, ulong stride, int threads)
    {
        long parts = (long)(((ulong)uint.MaxValue / stride / Part) + 1);
        (double Error, float At)[] worst = new (double, float)[parts];
        Parallel.For(
            0L, parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => (X: new float[Part], Y: new float[Part], Engine: new ManagedEngine(1)), (part, _, own) =>
            {
                worst[part] = Worst(operation, (ulong)part * Part * stride, stride, own.X, own.Y, own.Engine);
                return own;
            },
            static _ => { });
        (double error, float at) = worst.MaxBy(part => part.Error);
        Assert.True(error <= bound, $"{operation}({at:R}): error of {error:F3} units");
    }

    /// <summary>The largest error in one part, 0 if none is above half a unit, that of a correctly rounded value.</summary>
    private static (double Error, float At) Worst(UnaryOperation operation, ulong first, ulong stride, float[] x, float[] y, ManagedEngine engine)
    {
        int count = 0;
        for (ulong bits = first; count < x.Length && bits <= uint.MaxValue; bits += stride)
        {
            x[count++] = BitConverter.UInt32BitsToSingle((uint)bits);
        }

        engine.Float32.Unary(operation, x.AsSpan(0, count), y.AsSpan(0, count));
        (double Error, float At) worst = (0, x[0]);
        for (int i = 0; i < count; i++)
        {
            double exact = Exact(operation, x[i]);
            if ((float)exact == y[i])
            {
                continue;
            }

            double error = Error(y[i], exact, UnitOfSingle);
            if (!(error <= worst.Error))
            {
                worst = (error, x[i]);
            }
        }

        return worst;
    }

    /// <summary>The distance in units of the exact value's last place; 0 for the same infinity or NaN on both sides, infinite where one alone is special, but for what rounds to an infinity.</summary>
    private static double Error(double actual, double exact, Func<double, double> unit)
    {
        if (actual.Equals(exact))
        {
            return 0;
        }

        if (double.IsNaN(actual) || double.IsNaN(exact) || double.IsInfinity(exact))
        {
            return double.PositiveInfinity;
        }

        return double.IsInfinity(actual)
            ? (float)exact == actual ? 0 : double.PositiveInfinity
            : Math.Abs(actual - exact) / unit(exact);
    }

    private static double UnitOfSingle(double exact)
    {
        float magnitude = MathF.Min(MathF.Abs((float)exact), float.MaxValue);
        return magnitude == float.MaxValue ? (double)magnitude - MathF.BitDecrement(magnitude) : (double)MathF.BitIncrement(magnitude) - magnitude;
    }

    private static double Exact(UnaryOperation operation, double x) => operation switch
    {
        UnaryOperation.Exponential => Math.Exp(x),
        UnaryOperation.Logarithm => Math.Log(x),
        UnaryOperation.Tanh => Math.Tanh(x),
        UnaryOperation.Sigmoid => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x)),
        UnaryOperation.Softplus => Softplus(x),
        UnaryOperation.Sine => Math.Sin(x),
        UnaryOperation.Cosine => Math.Cos(x),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Not one of the functions."),
    };
}
