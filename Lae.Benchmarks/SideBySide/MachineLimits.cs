using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lae.Benchmarks.SideBySide;

/// <summary>What one thread of this machine can do at most, measured: the best of several tries.</summary>
internal static class MachineLimits
{
    private const int Tries = 7;

    /// <summary>Additions and multiplications of float32 a second, by chains of fused multiply-adds that do not wait for each other.</summary>
    public static double FusedMultiplyAdds()
    {
        const int repeats = 20_000_000;
        return Vector512.IsHardwareAccelerated
            ? Best(() => Chains512(repeats), 2.0 * repeats * 16 * Vector512<float>.Count)
            : Best(() => Chains256(repeats), 2.0 * repeats * 16 * Vector256<float>.Count);
    }

    /// <summary>Integer operations on the widest registers a second, an addition and an exclusive or in turn.</summary>
    public static double VectorOperations()
    {
        const int repeats = 20_000_000;
        return Vector512.IsHardwareAccelerated ? Best(() => Integers512(repeats), 2.0 * repeats * 8) : Best(() => Integers256(repeats), 2.0 * repeats * 8);
    }

    /// <summary>Bytes moved a second by y = x + s z over arrays of so many floats, two read and one written.</summary>
    public static double Triad(int count)
    {
        float[] x = ProductShape.Matrix(count);
        float[] z = ProductShape.Matrix(count);
        float[] y = new float[count];
        int repeats = Math.Max(1, 100_000_000 / count);
        return Best(
            () =>
            {
                for (int i = 0; i < repeats; i++)
                {
                    Triad(x, z, y);
                }

                return y[0];
            },
            12.0 * count * repeats);
    }

    private static double Best(Func<float> work, double operations)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < Tries; i++)
        {
            long began = Stopwatch.GetTimestamp();
            GC.KeepAlive(work());
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        return operations / best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Triad(float[] x, float[] z, float[] y)
    {
        Vector<float> scale = new(0.5f);
        for (int i = 0; i <= y.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(x, i) + (scale * new Vector<float>(z, i))).CopyTo(y, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains512(int repeats)
    {
        Vector512<float> f = Vector512.Create(0.999999f);
        Vector512<float> a0 = f, a1 = f, a2 = f, a3 = f, a4 = f, a5 = f, a6 = f, a7 = f, a8 = f, a9 = f, a10 = f, a11 = f, a12 = f, a13 = f, a14 = f, a15 = f;
        for (int i = 0; i < repeats; i++)
        {
            a0 = Vector512.FusedMultiplyAdd(a0, f, f);
            a1 = Vector512.FusedMultiplyAdd(a1, f, f);
            a2 = Vector512.FusedMultiplyAdd(a2, f, f);
            a3 = Vector512.FusedMultiplyAdd(a3, f, f);
            a4 = Vector512.FusedMultiplyAdd(a4, f, f);
            a5 = Vector512.FusedMultiplyAdd(a5, f, f);
            a6 = Vector512.FusedMultiplyAdd(a6, f, f);
            a7 = Vector512.FusedMultiplyAdd(a7, f, f);
            a8 = Vector512.FusedMultiplyAdd(a8, f, f);
            a9 = Vector512.FusedMultiplyAdd(a9, f, f);
            a10 = Vector512.FusedMultiplyAdd(a10, f, f);
            a11 = Vector512.FusedMultiplyAdd(a11, f, f);
            a12 = Vector512.FusedMultiplyAdd(a12, f, f);
            a13 = Vector512.FusedMultiplyAdd(a13, f, f);
            a14 = Vector512.FusedMultiplyAdd(a14, f, f);
            a15 = Vector512.FusedMultiplyAdd(a15, f, f);
        }

        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11 + a12 + a13 + a14 + a15);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains256(int repeats)
    {
        Vector256<float> f = Vector256.Create(0.999999f);
        Vector256<float> a0 = f, a1 = f, a2 = f, a3 = f, a4 = f, a5 = f, a6 = f, a7 = f, a8 = f, a9 = f, a10 = f, a11 = f;
        Vector256<float> a12 = f, a13 = f, a14 = f;
        for (int i = 0; i < repeats; i++)
        {
            a0 = Vector256.FusedMultiplyAdd(a0, f, f);
            a1 = Vector256.FusedMultiplyAdd(a1, f, f);
            a2 = Vector256.FusedMultiplyAdd(a2, f, f);
            a3 = Vector256.FusedMultiplyAdd(a3, f, f);
            a4 = Vector256.FusedMultiplyAdd(a4, f, f);
            a5 = Vector256.FusedMultiplyAdd(a5, f, f);
            a6 = Vector256.FusedMultiplyAdd(a6, f, f);
            a7 = Vector256.FusedMultiplyAdd(a7, f, f);
            a8 = Vector256.FusedMultiplyAdd(a8, f, f);
            a9 = Vector256.FusedMultiplyAdd(a9, f, f);
            a10 = Vector256.FusedMultiplyAdd(a10, f, f);
            a11 = Vector256.FusedMultiplyAdd(a11, f, f);
            a12 = Vector256.FusedMultiplyAdd(a12, f, f);
            a13 = Vector256.FusedMultiplyAdd(a13, f, f);
            a14 = Vector256.FusedMultiplyAdd(a14, f, f);
            a0 = Vector256.FusedMultiplyAdd(a0, f, f);
        }

        return Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11 + a12 + a13 + a14);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Integers512(int repeats)
    {
        Vector512<uint> f = Vector512.Create(0x9E3779B9u);
        Vector512<uint> a0 = f, a1 = f, a2 = f, a3 = f, a4 = f, a5 = f, a6 = f, a7 = f;
        for (int i = 0; i < repeats; i++)
        {
            a0 = (a0 + f) ^ a1;
            a1 = (a1 + f) ^ a2;
            a2 = (a2 + f) ^ a3;
            a3 = (a3 + f) ^ a4;
            a4 = (a4 + f) ^ a5;
            a5 = (a5 + f) ^ a6;
            a6 = (a6 + f) ^ a7;
            a7 = (a7 + f) ^ a0;
        }

        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Integers256(int repeats)
    {
        Vector256<uint> f = Vector256.Create(0x9E3779B9u);
        Vector256<uint> a0 = f, a1 = f, a2 = f, a3 = f, a4 = f, a5 = f, a6 = f, a7 = f;
        for (int i = 0; i < repeats; i++)
        {
            a0 = (a0 + f) ^ a1;
            a1 = (a1 + f) ^ a2;
            a2 = (a2 + f) ^ a3;
            a3 = (a3 + f) ^ a4;
            a4 = (a4 + f) ^ a5;
            a5 = (a5 + f) ^ a6;
            a6 = (a6 + f) ^ a7;
            a7 = (a7 + f) ^ a0;
        }

        return Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7);
    }
}
