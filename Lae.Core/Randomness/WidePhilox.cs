using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lae.Randomness;

/// <summary>The ten round keys of a key, as <see cref="WidePhilox"/> reads them.</summary>
[InlineArray(2 * Philox.Rounds)]
internal struct RoundKeys
{
    private ulong first;

    public static void Expand(RandomKey key, out RoundKeys keys)
    {
        keys = default;
        uint k0 = (uint)key.Value;
        uint k1 = (uint)(key.Value >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            keys[2 * round] = k0;
            keys[2 * round + 1] = k1;
            k0 += Philox.Weyl0;
            k1 += Philox.Weyl1;
        }
    }
}

/// <summary>
/// Philox4x32-10 of many counters at once, a counter to each 64-bit lane: a 32 by 32 product then lies where the next round reads it,
/// without a shuffle. The bits of a lane above 32 are noise, going in and coming out, since only low halves are multiplied.
/// </summary>
internal static class WidePhilox
{
    /// <summary>Replaces two sets of four counters by their blocks; two, so that the latency of the products is hidden.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blocks(
        ref readonly RoundKeys keys,
        ref Vector256<ulong> a0, ref Vector256<ulong> a1, ref Vector256<ulong> a2, ref Vector256<ulong> a3,
        ref Vector256<ulong> b0, ref Vector256<ulong> b1, ref Vector256<ulong> b2, ref Vector256<ulong> b3)
    {
        Vector256<ulong> multiplier0 = Vector256.Create((ulong)Philox.Multiplier0);
        Vector256<ulong> multiplier1 = Vector256.Create((ulong)Philox.Multiplier1);
        Vector256<ulong> x0 = a0, x1 = a1, x2 = a2, x3 = a3;
        Vector256<ulong> y0 = b0, y1 = b1, y2 = b2, y3 = b3;
        ref ulong key = ref Unsafe.As<RoundKeys, ulong>(ref Unsafe.AsRef(in keys));
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector256<ulong> k0 = Vector256.Create(Unsafe.Add(ref key, 2 * round));
            Vector256<ulong> k1 = Vector256.Create(Unsafe.Add(ref key, 2 * round + 1));
            Vector256<ulong> p0 = LowProduct(x0, multiplier0);
            Vector256<ulong> p1 = LowProduct(x2, multiplier1);
            Vector256<ulong> q0 = LowProduct(y0, multiplier0);
            Vector256<ulong> q1 = LowProduct(y2, multiplier1);
            x0 = (p1 >>> 32) ^ (x1 ^ k0);
            x1 = p1;
            x2 = (p0 >>> 32) ^ (x3 ^ k1);
            x3 = p0;
            y0 = (q1 >>> 32) ^ (y1 ^ k0);
            y1 = q1;
            y2 = (q0 >>> 32) ^ (y3 ^ k1);
            y3 = q0;
        }

        (a0, a1, a2, a3) = (x0, x1, x2, x3);
        (b0, b1, b2, b3) = (y0, y1, y2, y3);
    }

    /// <summary>Replaces two sets of eight counters by their blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blocks(
        ref readonly RoundKeys keys,
        ref Vector512<ulong> a0, ref Vector512<ulong> a1, ref Vector512<ulong> a2, ref Vector512<ulong> a3,
        ref Vector512<ulong> b0, ref Vector512<ulong> b1, ref Vector512<ulong> b2, ref Vector512<ulong> b3)
    {
        Vector512<ulong> multiplier0 = Vector512.Create((ulong)Philox.Multiplier0);
        Vector512<ulong> multiplier1 = Vector512.Create((ulong)Philox.Multiplier1);
        Vector512<ulong> x0 = a0, x1 = a1, x2 = a2, x3 = a3;
        Vector512<ulong> y0 = b0, y1 = b1, y2 = b2, y3 = b3;
        ref ulong key = ref Unsafe.As<RoundKeys, ulong>(ref Unsafe.AsRef(in keys));
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector512<ulong> k0 = Vector512.Create(Unsafe.Add(ref key, 2 * round));
            Vector512<ulong> k1 = Vector512.Create(Unsafe.Add(ref key, 2 * round + 1));
            Vector512<ulong> p0 = LowProduct(x0, multiplier0);
            Vector512<ulong> p1 = LowProduct(x2, multiplier1);
            Vector512<ulong> q0 = LowProduct(y0, multiplier0);
            Vector512<ulong> q1 = LowProduct(y2, multiplier1);
            x0 = (p1 >>> 32) ^ (x1 ^ k0);
            x1 = p1;
            x2 = (p0 >>> 32) ^ (x3 ^ k1);
            x3 = p0;
            y0 = (q1 >>> 32) ^ (y1 ^ k0);
            y1 = q1;
            y2 = (q0 >>> 32) ^ (y3 ^ k1);
            y3 = q0;
        }

        (a0, a1, a2, a3) = (x0, x1, x2, x3);
        (b0, b1, b2, b3) = (y0, y1, y2, y3);
    }

    /// <summary>Replaces eight counters by their blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blocks(ref readonly RoundKeys keys, ref Vector512<ulong> a0, ref Vector512<ulong> a1, ref Vector512<ulong> a2, ref Vector512<ulong> a3)
    {
        Vector512<ulong> multiplier0 = Vector512.Create((ulong)Philox.Multiplier0);
        Vector512<ulong> multiplier1 = Vector512.Create((ulong)Philox.Multiplier1);
        ref ulong key = ref Unsafe.As<RoundKeys, ulong>(ref Unsafe.AsRef(in keys));
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector512<ulong> p0 = LowProduct(a0, multiplier0);
            Vector512<ulong> p1 = LowProduct(a2, multiplier1);
            (a0, a1) = ((p1 >>> 32) ^ (a1 ^ Vector512.Create(Unsafe.Add(ref key, 2 * round))), p1);
            (a2, a3) = ((p0 >>> 32) ^ (a3 ^ Vector512.Create(Unsafe.Add(ref key, (2 * round) + 1))), p0);
        }
    }

    /// <summary>Replaces eight counters by the blocks of a key each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blocks(Vector512<ulong> keys, ref Vector512<ulong> a0, ref Vector512<ulong> a1, ref Vector512<ulong> a2, ref Vector512<ulong> a3)
    {
        Vector512<ulong> multiplier0 = Vector512.Create((ulong)Philox.Multiplier0);
        Vector512<ulong> multiplier1 = Vector512.Create((ulong)Philox.Multiplier1);
        Vector512<ulong> k0 = keys;
        Vector512<ulong> k1 = keys >>> 32;
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector512<ulong> p0 = LowProduct(a0, multiplier0);
            Vector512<ulong> p1 = LowProduct(a2, multiplier1);
            (a0, a1) = ((p1 >>> 32) ^ (a1 ^ k0), p1);
            (a2, a3) = ((p0 >>> 32) ^ (a3 ^ k1), p0);
            k0 += Vector512.Create((ulong)Philox.Weyl0);
            k1 += Vector512.Create((ulong)Philox.Weyl1);
        }
    }

    /// <summary>Replaces four sets of eight counters by their blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourBlocks(
        ref readonly RoundKeys keys,
        ref Vector512<ulong> a0, ref Vector512<ulong> a1, ref Vector512<ulong> a2, ref Vector512<ulong> a3,
        ref Vector512<ulong> b0, ref Vector512<ulong> b1, ref Vector512<ulong> b2, ref Vector512<ulong> b3,
        ref Vector512<ulong> c0, ref Vector512<ulong> c1, ref Vector512<ulong> c2, ref Vector512<ulong> c3,
        ref Vector512<ulong> d0, ref Vector512<ulong> d1, ref Vector512<ulong> d2, ref Vector512<ulong> d3)
    {
        Vector512<ulong> multiplier0 = Vector512.Create((ulong)Philox.Multiplier0);
        Vector512<ulong> multiplier1 = Vector512.Create((ulong)Philox.Multiplier1);
        Vector512<ulong> x0 = a0, x1 = a1, x2 = a2, x3 = a3;
        Vector512<ulong> y0 = b0, y1 = b1, y2 = b2, y3 = b3;
        Vector512<ulong> z0 = c0, z1 = c1, z2 = c2, z3 = c3;
        Vector512<ulong> w0 = d0, w1 = d1, w2 = d2, w3 = d3;
        ref ulong key = ref Unsafe.As<RoundKeys, ulong>(ref Unsafe.AsRef(in keys));
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector512<ulong> k0 = Vector512.Create(Unsafe.Add(ref key, 2 * round));
            Vector512<ulong> k1 = Vector512.Create(Unsafe.Add(ref key, (2 * round) + 1));
            Vector512<ulong> xp = LowProduct(x0, multiplier0);
            Vector512<ulong> xq = LowProduct(x2, multiplier1);
            x0 = (xq >>> 32) ^ (x1 ^ k0);
            x1 = xq;
            x2 = (xp >>> 32) ^ (x3 ^ k1);
            x3 = xp;
            Vector512<ulong> yp = LowProduct(y0, multiplier0);
            Vector512<ulong> yq = LowProduct(y2, multiplier1);
            y0 = (yq >>> 32) ^ (y1 ^ k0);
            y1 = yq;
            y2 = (yp >>> 32) ^ (y3 ^ k1);
            y3 = yp;
            Vector512<ulong> zp = LowProduct(z0, multiplier0);
            Vector512<ulong> zq = LowProduct(z2, multiplier1);
            z0 = (zq >>> 32) ^ (z1 ^ k0);
            z1 = zq;
            z2 = (zp >>> 32) ^ (z3 ^ k1);
            z3 = zp;
            Vector512<ulong> wp = LowProduct(w0, multiplier0);
            Vector512<ulong> wq = LowProduct(w2, multiplier1);
            w0 = (wq >>> 32) ^ (w1 ^ k0);
            w1 = wq;
            w2 = (wp >>> 32) ^ (w3 ^ k1);
            w3 = wp;
        }

        (a0, a1, a2, a3) = (x0, x1, x2, x3);
        (b0, b1, b2, b3) = (y0, y1, y2, y3);
        (c0, c1, c2, c3) = (z0, z1, z2, z3);
        (d0, d1, d2, d3) = (w0, w1, w2, w3);
    }

    // The 64-bit product of the low halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> LowProduct(Vector256<ulong> a, Vector256<ulong> b) =>
        Avx2.IsSupported ? Avx2.Multiply(a.AsUInt32(), b.AsUInt32()) : (a & Vector256.Create(0xFFFFFFFFUL)) * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> LowProduct(Vector512<ulong> a, Vector512<ulong> b) =>
        Avx512F.IsSupported ? Avx512F.Multiply(a.AsUInt32(), b.AsUInt32()) : (a & Vector512.Create(0xFFFFFFFFUL)) * b;
}
