using System.Numerics;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

/// <summary>
/// The largest error of each vectorised function in units in the last place, over the whole range of its argument: each 1,009th bit pattern of float, against double precision of the C library; and for double
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
    public void Single_precision_is_as_near_as_stated(UnaryOperation operation, double bound, double _) => CheckSingle(operation, bound);

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

    private static void CheckSingle(UnaryOperation operation, double bound)
    {
        float[] x = new float[Part];
        float[] y = new float[Part];
        ManagedEngine engine = new(1);
        double worst = 0;
        float at = 0;
        ulong bits = 0;
        while (bits <= uint.MaxValue)
        {
            int count = 0;
            for (; count < Part && bits <= uint.MaxValue; bits += Stride)
            {
                x[count++] = BitConverter.UInt32BitsToSingle((uint)bits);
            }

            engine.Float32.Unary(operation, x.AsSpan(0, count), y.AsSpan(0, count));
            for (int i = 0; i < count; i++)
            {
                double error = Error(y[i], Exact(operation, x[i]), UnitOfSingle);
                if (!(error <= worst))
                {
                    (worst, at) = (error, x[i]);
                }
            }
        }

        Assert.True(worst <= bound, $"{operation}({at:R}): error of {worst:F3} units");
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
