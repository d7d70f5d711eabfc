using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The last columns of a product, four or fewer, in single precision and registers of 512 bits, from A and B packed as for <see cref="MicroKernel{T,TVector,TLanes}"/>. A register holds four rows of them, so that 12 rows cost three
/// multiply-adds where a register for each row would cost 12; the chain of an element is the same.
/// </summary>
internal static unsafe class FourColumns
{
    /// <summary>Columns.</summary>
    public const int Width = 4;

    /// <summary>Rows at a time: fewer registers would wait for each other.</summary>
    public const int MostRows = 4 * Tile;

    private const int Tile = 12;

    /// <summary>Whether the processor has the registers.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    /// <summary>C, [rows, 4] without gaps and rounded up to blocks of 12 rows, starts from its value if <paramref name="resume"/>, else from 0.</summary>
    /// <param name="rows">Rows, at most <see cref="MostRows"/>.</param>
    /// <param name="k">Steps.</param>
    /// <param name="a">Blocks of 12 rows, each [k, 12].</param>
    /// <param name="b">[k], <paramref name="bStride"/> apart.</param>
    /// <param name="bStride">Numbers from one step of B to the next.</param>
    /// <param name="c">C.</param>
    /// <param name="resume">Whether C is added to.</param>
    public static void Run(int rows, nint k, float* a, float* b, nint bStride, float* c, bool resume)
    {
        if (!resume)
        {
            new Span<float>(c, (rows + Tile - 1) / Tile * Tile * Width).Clear();
        }

        if (rows > 3 * Tile)
        {
            FourTiles(k, a, b, bStride, c);
            return;
        }

        for (int row = 0; row < rows; row += Tile)
        {
            OneTile(k, a + (row * k), b, bStride, c + (row * Width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourTiles(nint k, float* a, float* b, nint bStride, float* c)
    {
        Vector512<int> rowOfLane = RowOfLane();
        nint tile = Tile * k;
        Vector512<float> c0 = Vector512.Load(c), c1 = Vector512.Load(c + 16), c2 = Vector512.Load(c + 32);
        Vector512<float> c3 = Vector512.Load(c + 48), c4 = Vector512.Load(c + 64), c5 = Vector512.Load(c + 80);
        Vector512<float> c6 = Vector512.Load(c + 96), c7 = Vector512.Load(c + 112), c8 = Vector512.Load(c + 128);
        Vector512<float> c9 = Vector512.Load(c + 144), c10 = Vector512.Load(c + 160), c11 = Vector512.Load(c + 176);
        for (; k > 0; k--)
        {
            Vector512<float> right = Avx512F.BroadcastVector128ToVector512(b);
            float* left = a;
            c0 = Vector512.FusedMultiplyAdd(Rows(left, rowOfLane), right, c0);
            c1 = Vector512.FusedMultiplyAdd(Rows(left + 4, rowOfLane), right, c1);
            c2 = Vector512.FusedMultiplyAdd(Rows(left + 8, rowOfLane), right, c2);
            left += tile;
            c3 = Vector512.FusedMultiplyAdd(Rows(left, rowOfLane), right, c3);
            c4 = Vector512.FusedMultiplyAdd(Rows(left + 4, rowOfLane), right, c4);
            c5 = Vector512.FusedMultiplyAdd(Rows(left + 8, rowOfLane), right, c5);
            left += tile;
            c6 = Vector512.FusedMultiplyAdd(Rows(left, rowOfLane), right, c6);
            c7 = Vector512.FusedMultiplyAdd(Rows(left + 4, rowOfLane), right, c7);
            c8 = Vector512.FusedMultiplyAdd(Rows(left + 8, rowOfLane), right, c8);
            left += tile;
            c9 = Vector512.FusedMultiplyAdd(Rows(left, rowOfLane), right, c9);
            c10 = Vector512.FusedMultiplyAdd(Rows(left + 4, rowOfLane), right, c10);
            c11 = Vector512.FusedMultiplyAdd(Rows(left + 8, rowOfLane), right, c11);
            a += Tile;
            b += bStride;
        }

        c0.Store(c);
        c1.Store(c + 16);
        c2.Store(c + 32);
        c3.Store(c + 48);
        c4.Store(c + 64);
        c5.Store(c + 80);
        c6.Store(c + 96);
        c7.Store(c + 112);
        c8.Store(c + 128);
        c9.Store(c + 144);
        c10.Store(c + 160);
        c11.Store(c + 176);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneTile(nint k, float* a, float* b, nint bStride, float* c)
    {
        Vector512<int> rowOfLane = RowOfLane();
        Vector512<float> c0 = Vector512.Load(c), c1 = Vector512.Load(c + 16), c2 = Vector512.Load(c + 32);
        for (; k > 0; k--)
        {
            Vector512<float> right = Avx512F.BroadcastVector128ToVector512(b);
            c0 = Vector512.FusedMultiplyAdd(Rows(a, rowOfLane), right, c0);
            c1 = Vector512.FusedMultiplyAdd(Rows(a + 4, rowOfLane), right, c1);
            c2 = Vector512.FusedMultiplyAdd(Rows(a + 8, rowOfLane), right, c2);
            a += Tile;
            b += bStride;
        }

        c0.Store(c);
        c1.Store(c + 16);
        c2.Store(c + 32);
    }

    private static Vector512<int> RowOfLane() => Vector512.Create(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);

    /// <summary>Four numbers, each in four neighbouring lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Rows(float* four, Vector512<int> rowOfLane) => Avx512F.PermuteVar4x32(Avx512F.BroadcastVector128ToVector512(four), rowOfLane);
}
