using Lae.Randomness;

namespace Lae.Tests.Randomness;

/// <summary>The normals against Box and Muller through <see cref="Math"/>, over the whole range of radius and angle.</summary>
public sealed class NormalAccuracyTests
{
    private const double TwoTo64 = 18446744073709551616.0;

    // Words that are dense, or near 0, 2^k and 2³² − 1, where a logarithm or a reduction of the angle goes wrong.
    private static IEnumerable<(uint Radius, uint Angle)> Words()
    {
        RandomKey key = RandomKey.FromSeed(2);
        for (uint i = 0; i < 400_000; i++)
        {
            PhiloxBlock block = Philox.Block(key, new PhiloxBlock(i, 0, 0, 0));
            int radiusShift = (int)(block.Word2 & 31);
            int angleShift = (int)((block.Word2 >> 5) & 31);
            uint radius = (block.Word3 & 1) == 0 ? block.Word0 >> radiusShift : ~(block.Word0 >> radiusShift);
            uint angle = ((block.Word3 >> 1) & 7) << 29;
            angle = (block.Word3 & 16) == 0 ? angle + (block.Word1 >> angleShift) : angle - (block.Word1 >> angleShift);
            yield return (radius, angle);
        }

        foreach (uint corner in new uint[] { 0, 1, 0x1FFFFFFF, 0x20000000, 0x3FFFFFFF, 0x40000000, 0x7FFFFFFF, 0x80000000, 0xB504F332, 0xB504F333, 0xB504F334, 0xFFFFFFFE, 0xFFFFFFFF })
        {
            yield return (corner, 0x12345678);
            yield return (0x12345678, corner);
        }
    }

    [Fact]
    public void Float_normals_are_within_3_units_in_the_last_place()
    {
        double worst = 0;
        foreach ((uint radius, uint angle) in Words())
        {
            SingleTransform.Normal<SingleLane, float, uint>(radius, angle, out float z0, out float z1);
            (double exact0, double exact1) = BoxMuller(radius, 0x80000000, angle, 0x80000000);
            worst = Math.Max(worst, Math.Abs(z0 - exact0) / UnitSingle(exact0));
            worst = Math.Max(worst, Math.Abs(z1 - exact1) / UnitSingle(exact1));
        }

        Assert.InRange(worst, 0.5, 3.5);
    }

    [Fact]
    public void Double_normals_are_within_a_relative_1e_15()
    {
        double worst = 0;
        foreach ((uint radius, uint angle) in Words())
        {
            uint low = radius * 0x9E3779B9;
            DoubleTransform.Normal<DoubleLane, double, ulong>(radius, low, angle, low, out double z0, out double z1);
            (double exact0, double exact1) = BoxMuller(radius, low, angle, low);
            worst = Math.Max(worst, Math.Max(Math.Abs(z0 / exact0 - 1), Math.Abs(z1 / exact1 - 1)));
        }

        Assert.InRange(worst, 1e-16, 1e-15);
    }

    [Fact]
    public void The_tail_reaches_as_far_as_documented()
    {
        SingleTransform.Normal<SingleLane, float, uint>(0, 0, out float single, out _);
        DoubleTransform.Normal<DoubleLane, double, ulong>(0, 0, 0, 0, out double wide, out _);

        Assert.Equal(Math.Sqrt(66 * Math.Log(2)), single, 1e-5);
        Assert.Equal(Math.Sqrt(130 * Math.Log(2)), wide, 1e-13);
    }

    [Fact]
    public void The_ends_of_the_uniforms_are_inside_the_open_interval_and_mirror_each_other()
    {
        Assert.Equal(1f / (1 << 24), SingleTransform.Uniform<SingleLane, float, uint>(0));
        Assert.Equal(1 - 1f / (1 << 24), SingleTransform.Uniform<SingleLane, float, uint>(uint.MaxValue));
        Assert.True(SingleTransform.Uniform<SingleLane, float, uint>(uint.MaxValue) < 1);
        Assert.Equal(1.0 / (1L << 53), DoubleTransform.Uniform<DoubleLane, double, ulong>(0, 0));
        Assert.Equal(1 - 1.0 / (1L << 53), DoubleTransform.Uniform<DoubleLane, double, ulong>(uint.MaxValue, uint.MaxValue));
        Assert.True(DoubleTransform.Uniform<DoubleLane, double, ulong>(uint.MaxValue, uint.MaxValue) < 1);
    }

    // The middle of the cell of the words, with the logarithm of 1 − u where u is the larger part and the angle reduced in integers.
    private static (double Z0, double Z1) BoxMuller(uint radiusHigh, uint radiusLow, uint angleHigh, uint angleLow)
    {
        ulong w = ((ulong)radiusHigh << 32) | radiusLow;
        double log = w < 1UL << 63 ? Math.Log((w + 0.5) / TwoTo64) : LogOneMinus((~w + 0.5) / TwoTo64);
        double r = Math.Sqrt(-2 * log);
        ulong v = ((ulong)angleHigh << 32) | angleLow;
        ulong quarter = (v + (1UL << 61)) >> 62;
        double x = 2 * Math.PI * (((long)(v - (quarter << 62)) + 0.5) / TwoTo64);
        (double sine, double cosine) = Math.SinCos(x);
        (double c, double s) = quarter switch { 0 => (cosine, sine), 1 => (-sine, cosine), 2 => (-cosine, -sine), _ => (sine, -cosine) };
        return (r * c, r * s);
    }

    // ln(1 − x) for small x: the rounding of 1 − x is divided out (W. Kahan).
    private static double LogOneMinus(double x)
    {
        double y = 1 - x;
        return y == 1 ? -x : Math.Log(y) * (x / (1 - y));
    }

    private static double UnitSingle(double value)
    {
        float magnitude = (float)Math.Abs(value);
        return (double)MathF.BitIncrement(magnitude) - magnitude;
    }
}
