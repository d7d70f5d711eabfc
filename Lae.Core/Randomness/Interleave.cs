using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lae.Randomness;

/// <summary>
/// From words in 64-bit lanes, one block to a lane, to draws in memory, block after block. Interleaving works within 128 bits, so
/// the blocks lie in the lanes in the order <see cref="Order256"/> or <see cref="Order512"/>: low halves of each 128 bits first.
/// </summary>
internal static class Interleave
{
    /// <summary>The block in each lane.</summary>
    public static Vector256<ulong> Order256
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(0UL, 2, 1, 3);
    }

    /// <summary>The block in each lane.</summary>
    public static Vector512<ulong> Order512
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0UL, 4, 1, 5, 2, 6, 3, 7);
    }

    /// <summary>The low words of a and b in turn: a0, b0, a1, b1, ….</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Words(Vector256<ulong> a, Vector256<ulong> b) =>
        ((a & Vector256.Create(0xFFFFFFFFUL)) | (b << 32)).AsUInt32();

    /// <inheritdoc cref="Words(Vector256{ulong}, Vector256{ulong})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Words(Vector512<ulong> a, Vector512<ulong> b) =>
        ((a & Vector512.Create(0xFFFFFFFFUL)) | (b << 32)).AsUInt32();

    /// <summary>Stores four blocks of (even0, odd0, even1, odd1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> even, Vector256<float> odd, ref float destination)
    {
        Vector256<float> low;
        Vector256<float> high;
        if (Avx.IsSupported)
        {
            low = Avx.UnpackLow(even, odd);
            high = Avx.UnpackHigh(even, odd);
        }
        else
        {
            (Vector128<float> low0, Vector128<float> high0) = Pairs(even.GetLower(), odd.GetLower());
            (Vector128<float> low1, Vector128<float> high1) = Pairs(even.GetUpper(), odd.GetUpper());
            low = Vector256.Create(low0, low1);
            high = Vector256.Create(high0, high1);
        }

        low.StoreUnsafe(ref destination);
        high.StoreUnsafe(ref destination, 8);
    }

    /// <summary>Stores four blocks of (even, odd).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<double> even, Vector256<double> odd, ref double destination)
    {
        Vector256<double> low;
        Vector256<double> high;
        if (Avx.IsSupported)
        {
            low = Avx.UnpackLow(even, odd);
            high = Avx.UnpackHigh(even, odd);
        }
        else
        {
            low = Vector256.Create(even[0], odd[0], even[2], odd[2]);
            high = Vector256.Create(even[1], odd[1], even[3], odd[3]);
        }

        low.StoreUnsafe(ref destination);
        high.StoreUnsafe(ref destination, 4);
    }

    /// <summary>Stores eight blocks of (even0, odd0, even1, odd1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> even, Vector512<float> odd, ref float destination)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.UnpackLow(even, odd).StoreUnsafe(ref destination);
            Avx512F.UnpackHigh(even, odd).StoreUnsafe(ref destination, 16);
            return;
        }

        for (int block = 0; block < 4; block++)
        {
            int lane = 4 * block;
            Vector128.Create(even[lane], odd[lane], even[lane + 1], odd[lane + 1]).StoreUnsafe(ref destination, (nuint)lane);
            Vector128.Create(even[lane + 2], odd[lane + 2], even[lane + 3], odd[lane + 3]).StoreUnsafe(ref destination, (nuint)lane + 16);
        }
    }

    /// <summary>Stores eight blocks of (even, odd).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<double> even, Vector512<double> odd, ref double destination)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.UnpackLow(even, odd).StoreUnsafe(ref destination);
            Avx512F.UnpackHigh(even, odd).StoreUnsafe(ref destination, 8);
            return;
        }

        for (int lane = 0; lane < 8; lane += 2)
        {
            Vector128.Create(even[lane], odd[lane]).StoreUnsafe(ref destination, (nuint)lane);
            Vector128.Create(even[lane + 1], odd[lane + 1]).StoreUnsafe(ref destination, (nuint)lane + 8);
        }
    }

    private static (Vector128<float> Low, Vector128<float> High) Pairs(Vector128<float> even, Vector128<float> odd) =>
        (Vector128.Create(even[0], odd[0], even[1], odd[1]), Vector128.Create(even[2], odd[2], even[3], odd[3]));
}
