using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lae.Randomness;

/// <summary>A block to two float64 uniforms: words 0 and 1 (high, low) give the first, words 2 and 3 the second.</summary>
internal readonly struct UniformDouble : IBlockDraw<double>
{
    public static int Columns => 2;

    public static uint Domain => DrawDomain.UniformDouble;

    public static void Scalar(PhiloxBlock block, Span<double> destination)
    {
        destination[0] = DoubleTransform.Uniform<DoubleLane, double, ulong>(block.Word0, block.Word1);
        destination[1] = DoubleTransform.Uniform<DoubleLane, double, ulong>(block.Word2, block.Word3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wide256(Vector256<ulong> w0, Vector256<ulong> w1, Vector256<ulong> w2, Vector256<ulong> w3, ref double destination)
    {
        Vector256<double> even = DoubleTransform.Uniform<DoubleLanes256, Vector256<double>, Vector256<ulong>>(w0, w1);
        Vector256<double> odd = DoubleTransform.Uniform<DoubleLanes256, Vector256<double>, Vector256<ulong>>(w2, w3);
        Interleave.Store(even, odd, ref destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wide512(Vector512<ulong> w0, Vector512<ulong> w1, Vector512<ulong> w2, Vector512<ulong> w3, ref double destination)
    {
        Vector512<double> even = DoubleTransform.Uniform<DoubleLanes512, Vector512<double>, Vector512<ulong>>(w0, w1);
        Vector512<double> odd = DoubleTransform.Uniform<DoubleLanes512, Vector512<double>, Vector512<ulong>>(w2, w3);
        Interleave.Store(even, odd, ref destination);
    }
}

/// <summary>A block to two float64 normals: words 0 and 1 (high, low) are the radius, words 2 and 3 the angle.</summary>
internal readonly struct NormalDouble : IBlockDraw<double>
{
    public static int Columns => 2;

    public static uint Domain => DrawDomain.NormalDouble;

    public static void Scalar(PhiloxBlock block, Span<double> destination) =>
        DoubleTransform.Normal<DoubleLane, double, ulong>(
            block.Word0, block.Word1, block.Word2, block.Word3, out destination[0], out destination[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wide256(Vector256<ulong> w0, Vector256<ulong> w1, Vector256<ulong> w2, Vector256<ulong> w3, ref double destination)
    {
        DoubleTransform.Normal<DoubleLanes256, Vector256<double>, Vector256<ulong>>(
            w0, w1, w2, w3, out Vector256<double> even, out Vector256<double> odd);
        Interleave.Store(even, odd, ref destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wide512(Vector512<ulong> w0, Vector512<ulong> w1, Vector512<ulong> w2, Vector512<ulong> w3, ref double destination)
    {
        DoubleTransform.Normal<DoubleLanes512, Vector512<double>, Vector512<ulong>>(
            w0, w1, w2, w3, out Vector512<double> even, out Vector512<double> odd);
        Interleave.Store(even, odd, ref destination);
    }
}
