using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lae.Randomness;

/// <summary>A block to four float32 uniforms, word by word.</summary>
internal readonly struct UniformSingle : IBlockDraw<float>
{
    public static int Columns => 4;

    public static uint Domain => DrawDomain.UniformSingle;

    public static void Scalar(PhiloxBlock block, Span<float> destination)
    {
        destination[0] = SingleTransform.Uniform<SingleLane, float, uint>(block.Word0);
        destination[1] = SingleTransform.Uniform<SingleLane, float, uint>(block.Word1);
        destination[2] = SingleTransform.Uniform<SingleLane, float, uint>(block.Word2);
        destination[3] = SingleTransform.Uniform<SingleLane, float, uint>(block.Word3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wide256(Vector256<ulong> w0, Vector256<ulong> w1, Vector256<ulong> w2, Vector256<ulong> w3, ref float destination)
    {
        Vector256<float> even = SingleTransform.Uniform<SingleLanes256, Vector256<float>, Vector256<uint>>(Interleave.Words(w0, w2));
        Vector256<float> odd = SingleTransform.Uniform<SingleLanes256, Vector256<float>, Vector256<uint>>(Interleave.Words(w1, w3));
        Interleave.Store(even, odd, ref destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wide512(Vector512<ulong> w0, Vector512<ulong> w1, Vector512<ulong> w2, Vector512<ulong> w3, ref float destination)
    {
        Vector512<float> even = SingleTransform.Uniform<SingleLanes512, Vector512<float>, Vector512<uint>>(Interleave.Words(w0, w2));
        Vector512<float> odd = SingleTransform.Uniform<SingleLanes512, Vector512<float>, Vector512<uint>>(Interleave.Words(w1, w3));
        Interleave.Store(even, odd, ref destination);
    }
}

/// <summary>A block to four float32 normals: words 0 and 1 are radius and angle of the first pair, words 2 and 3 of the second.</summary>
internal readonly struct NormalSingle : IBlockDraw<float>
{
    public static int Columns => 4;

    public static uint Domain => DrawDomain.NormalSingle;

    public static void Scalar(PhiloxBlock block, Span<float> destination)
    {
        SingleTransform.Normal<SingleLane, float, uint>(block.Word0, block.Word1, out destination[0], out destination[1]);
        SingleTransform.Normal<SingleLane, float, uint>(block.Word2, block.Word3, out destination[2], out destination[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wide256(Vector256<ulong> w0, Vector256<ulong> w1, Vector256<ulong> w2, Vector256<ulong> w3, ref float destination)
    {
        SingleTransform.Normal<SingleLanes256, Vector256<float>, Vector256<uint>>(
            Interleave.Words(w0, w2), Interleave.Words(w1, w3), out Vector256<float> even, out Vector256<float> odd);
        Interleave.Store(even, odd, ref destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wide512(Vector512<ulong> w0, Vector512<ulong> w1, Vector512<ulong> w2, Vector512<ulong> w3, ref float destination)
    {
        SingleTransform.Normal<SingleLanes512, Vector512<float>, Vector512<uint>>(
            Interleave.Words(w0, w2), Interleave.Words(w1, w3), out Vector512<float> even, out Vector512<float> odd);
        Interleave.Store(even, odd, ref destination);
    }
}
