using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using Lae.Numerics.Engines.Reference;

namespace Lae.Tests.Numerics.Engines;

/// <summary>Engines, generated numbers and comparisons that the tests of the managed engine share.</summary>
internal static class EngineSamples
{
    public static readonly ReferenceEngine Reference = new();

    /// <summary>Every register width, which must be right also where the processor emulates it, and several thread counts, among which even the smallest work is divided.</summary>
    public static readonly ManagedEngine[] Managed =
        [new(1, 128), new(1, 256), new(1, 512), new(2, ManagedEngine.WidestRegister, isEager: true), new(3, ManagedEngine.WidestRegister, isEager: true)];

    public static Config Seeded(int runs = 60) => Config.QuickThrowOnFailure.WithMaxTest(runs).WithReplay(20240611, 271828183);

    public static IPrimitives<T> Of<T>(IEngine engine)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? (IPrimitives<T>)engine.Float32 : (IPrimitives<T>)engine.Float64;

    /// <summary>Sizes that meet every border: 0, 1, about a register, about a block.</summary>
    public static Gen<int> Size(int most) =>
        Gen.Frequency((1, Gen.Constant(0)), (2, Gen.Constant(1)), (4, Gen.Choose(0, Math.Min(most, 20))), (5, Gen.Choose(0, most)));

    public static Gen<int> Seed => Gen.Choose(0, int.MaxValue - 1);

    public static T[] Numbers<T>(int seed, int count, double scale = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        System.Random random = new(seed);
        T[] values = new T[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = T.CreateChecked(((2 * random.NextDouble()) - 1) * scale);
        }

        return values;
    }

    /// <summary>Distance in units in the last place; NaN equals NaN.</summary>
    public static double Ulps<T>(T a, T b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (T.IsNaN(a) || T.IsNaN(b))
        {
            return T.IsNaN(a) && T.IsNaN(b) ? 0 : double.PositiveInfinity;
        }

        return Math.Abs((double)(Ordered(a) - Ordered(b)));
    }

    /// <summary>Softplus in double precision, with Kahan's ln(1 + e) = e ln u / (u − 1), u = 1 + e: LogP1 is no more than ln of the rounded sum.</summary>
    public static double Softplus(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        double u = 1 + e;
        return Math.Max(x, 0) + (u == 1 ? e : e * Math.Log(u) / (u - 1));
    }

    public static void AssertSameBits<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = (T.IsNaN(expected[i]) && T.IsNaN(actual[i])) || Bits(expected[i]) == Bits(actual[i]);
            Assert.True(same, $"{what} element {i}: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }

    /// <summary>|expected − actual| ≤ tolerance · machine precision · scale, element by element, special values alike.</summary>
    public static void AssertClose<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, double tolerance, double scale = 1, string what = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            (double e, double a) = (double.CreateChecked(expected[i]), double.CreateChecked(actual[i]));
            bool close = e.Equals(a) || Math.Abs(e - a) <= tolerance * Precision<T>() * (scale + Math.Abs(e));
            Assert.True(close, $"{what} element {i}: expected {e:R}, got {a:R}");
        }
    }

    public static double Precision<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? Math.Pow(2, -23) : Math.Pow(2, -52);

    public static long Bits<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => value switch
        {
            float single => BitConverter.SingleToInt32Bits(single),
            double both => BitConverter.DoubleToInt64Bits(both),
            _ => throw new NotSupportedException(),
        };

    private static Int128 Ordered<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long bits = Bits(value);
        long magnitude = typeof(T) == typeof(float) ? bits & 0x7FFFFFFF : bits & long.MaxValue;
        return bits < 0 ? -(Int128)magnitude : magnitude;
    }
}
