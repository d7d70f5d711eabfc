using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The register block of a matrix product: C (rows × two registers) = Σ_k a_k b_kᵀ, or added to C, from packed A and B. The accumulators are named one by one,
/// for the compiler keeps only such in registers: 12 of 16 for registers of 128 and 256 bits, 24 of 32 for those of 512.
/// </summary>
internal static unsafe class MicroKernel<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    /// <summary>Whether <see cref="Run"/> can add what it found to C at the end.</summary>
    public static bool AddsAtEnd => TLanes.ProductRows == 12;

    /// <summary>C, with rows <paramref name="ldc"/> apart, starts from its value if <paramref name="resume"/>, else from 0; with <paramref name="addAtEnd"/> the sum is added to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(nint k, T* a, T* b, T* c, nint ldc, bool resume, bool addAtEnd, ref LinesAhead ahead)
    {
        if (TLanes.ProductRows == 12)
        {
            Twelve<Packed>(k, a, b, c, ldc, resume, addAtEnd, ref ahead, null, 0);
        }
        else
        {
            Six(k, a, b, c, ldc, resume);
        }
    }

    /// <summary>Whether <see cref="Run"/> asks for lines between its steps; else whoever calls it does.</summary>
    public static bool FetchesAhead => TLanes.ProductRows == 12;

    /// <summary>Whether there is a <see cref="RunAndPack"/>.</summary>
    public static bool CanPack => TLanes.ProductRows == 12;

    /// <summary>The same as <see cref="Run"/>, from rows of B that lie <paramref name="stride"/> apart at <paramref name="source"/>; they are packed into <paramref name="b"/> on the way, where the units for loads and stores have little else to do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RunAndPack(nint k, T* a, T* b, T* c, nint ldc, bool resume, bool addAtEnd, ref LinesAhead ahead, T* source, nint stride) =>
        Twelve<AsItLies>(k, a, b, c, ldc, resume, addAtEnd, ref ahead, source, stride);

    /// <summary>The same for a block of one register's columns or fewer, of B packed as for <see cref="Run"/>: half of the work.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RunNarrow(nint k, T* a, T* b, T* c, nint ldc, bool resume)
    {
        if (TLanes.ProductRows == 12)
        {
            TwelveNarrow(k, a, b, c, ldc, resume);
        }
        else
        {
            SixNarrow(k, a, b, c, ldc, resume);
        }
    }

    /// <summary>Whether so many rows at the end are done sooner by fours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsForFours(int rows) => (rows + 3) / 4 * 4 < TLanes.ProductRows;

    /// <summary>Rows at the end, rounded up to fours, of A packed as for <see cref="Run"/>.</summary>
    public static void Fours(int rows, nint k, T* a, T* b, T* c, nint ldc, bool resume)
    {
        for (int row = 0; row < rows; row += 4)
        {
            Four(k, a + row, TLanes.ProductRows, b, c + (row * ldc), ldc, resume);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(nint k, T* a, nint aStep, T* b, T* c, nint ldc, bool resume)
    {
        TVector c00 = resume ? TLanes.Load(c) : TLanes.Broadcast(T.Zero);
        TVector c01 = resume ? TLanes.Load(c + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c10 = resume ? TLanes.Load(c + ldc) : TLanes.Broadcast(T.Zero);
        TVector c11 = resume ? TLanes.Load(c + ldc + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c20 = resume ? TLanes.Load(c + (2 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c21 = resume ? TLanes.Load(c + (2 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c30 = resume ? TLanes.Load(c + (3 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c31 = resume ? TLanes.Load(c + (3 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        for (; k > 0; k--)
        {
            TVector b0 = TLanes.Load(b);
            TVector b1 = TLanes.Load(b + TLanes.Count);
            TVector a0 = TLanes.Broadcast(a[0]);
            c00 = TLanes.MultiplyAdd(a0, b0, c00);
            c01 = TLanes.MultiplyAdd(a0, b1, c01);
            TVector a1 = TLanes.Broadcast(a[1]);
            c10 = TLanes.MultiplyAdd(a1, b0, c10);
            c11 = TLanes.MultiplyAdd(a1, b1, c11);
            TVector a2 = TLanes.Broadcast(a[2]);
            c20 = TLanes.MultiplyAdd(a2, b0, c20);
            c21 = TLanes.MultiplyAdd(a2, b1, c21);
            TVector a3 = TLanes.Broadcast(a[3]);
            c30 = TLanes.MultiplyAdd(a3, b0, c30);
            c31 = TLanes.MultiplyAdd(a3, b1, c31);
            a += aStep;
            b += 2 * TLanes.Count;
        }

        TLanes.Store(c00, c);
        TLanes.Store(c01, c + TLanes.Count);
        TLanes.Store(c10, c + ldc);
        TLanes.Store(c11, c + ldc + TLanes.Count);
        TLanes.Store(c20, c + (2 * ldc));
        TLanes.Store(c21, c + (2 * ldc) + TLanes.Count);
        TLanes.Store(c30, c + (3 * ldc));
        TLanes.Store(c31, c + (3 * ldc) + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(nint k, T* a, T* b, T* c, nint ldc, bool resume)
    {
        TVector c00 = resume ? TLanes.Load(c) : TLanes.Broadcast(T.Zero);
        TVector c01 = resume ? TLanes.Load(c + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c10 = resume ? TLanes.Load(c + ldc) : TLanes.Broadcast(T.Zero);
        TVector c11 = resume ? TLanes.Load(c + ldc + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c20 = resume ? TLanes.Load(c + (2 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c21 = resume ? TLanes.Load(c + (2 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c30 = resume ? TLanes.Load(c + (3 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c31 = resume ? TLanes.Load(c + (3 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c40 = resume ? TLanes.Load(c + (4 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c41 = resume ? TLanes.Load(c + (4 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c50 = resume ? TLanes.Load(c + (5 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c51 = resume ? TLanes.Load(c + (5 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        for (; k > 0; k--)
        {
            TVector b0 = TLanes.Load(b);
            TVector b1 = TLanes.Load(b + TLanes.Count);
            TVector a0 = TLanes.Broadcast(a[0]);
            c00 = TLanes.MultiplyAdd(a0, b0, c00);
            c01 = TLanes.MultiplyAdd(a0, b1, c01);
            TVector a1 = TLanes.Broadcast(a[1]);
            c10 = TLanes.MultiplyAdd(a1, b0, c10);
            c11 = TLanes.MultiplyAdd(a1, b1, c11);
            TVector a2 = TLanes.Broadcast(a[2]);
            c20 = TLanes.MultiplyAdd(a2, b0, c20);
            c21 = TLanes.MultiplyAdd(a2, b1, c21);
            TVector a3 = TLanes.Broadcast(a[3]);
            c30 = TLanes.MultiplyAdd(a3, b0, c30);
            c31 = TLanes.MultiplyAdd(a3, b1, c31);
            TVector a4 = TLanes.Broadcast(a[4]);
            c40 = TLanes.MultiplyAdd(a4, b0, c40);
            c41 = TLanes.MultiplyAdd(a4, b1, c41);
            TVector a5 = TLanes.Broadcast(a[5]);
            c50 = TLanes.MultiplyAdd(a5, b0, c50);
            c51 = TLanes.MultiplyAdd(a5, b1, c51);
            a += 6;
            b += 2 * TLanes.Count;
        }

        TLanes.Store(c00, c);
        TLanes.Store(c01, c + TLanes.Count);
        TLanes.Store(c10, c + ldc);
        TLanes.Store(c11, c + ldc + TLanes.Count);
        TLanes.Store(c20, c + (2 * ldc));
        TLanes.Store(c21, c + (2 * ldc) + TLanes.Count);
        TLanes.Store(c30, c + (3 * ldc));
        TLanes.Store(c31, c + (3 * ldc) + TLanes.Count);
        TLanes.Store(c40, c + (4 * ldc));
        TLanes.Store(c41, c + (4 * ldc) + TLanes.Count);
        TLanes.Store(c50, c + (5 * ldc));
        TLanes.Store(c51, c + (5 * ldc) + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Twelve<TRight>(nint k, T* a, T* b, T* c, nint ldc, bool resume, bool addAtEnd, ref LinesAhead ahead, T* source, nint stride)
        where TRight : struct
    {
        TVector c0x0 = resume ? TLanes.Load(c) : TLanes.Broadcast(T.Zero);
        TVector c0x1 = resume ? TLanes.Load(c + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c1x0 = resume ? TLanes.Load(c + ldc) : TLanes.Broadcast(T.Zero);
        TVector c1x1 = resume ? TLanes.Load(c + ldc + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c2x0 = resume ? TLanes.Load(c + (2 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c2x1 = resume ? TLanes.Load(c + (2 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c3x0 = resume ? TLanes.Load(c + (3 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c3x1 = resume ? TLanes.Load(c + (3 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c4x0 = resume ? TLanes.Load(c + (4 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c4x1 = resume ? TLanes.Load(c + (4 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c5x0 = resume ? TLanes.Load(c + (5 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c5x1 = resume ? TLanes.Load(c + (5 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c6x0 = resume ? TLanes.Load(c + (6 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c6x1 = resume ? TLanes.Load(c + (6 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c7x0 = resume ? TLanes.Load(c + (7 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c7x1 = resume ? TLanes.Load(c + (7 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c8x0 = resume ? TLanes.Load(c + (8 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c8x1 = resume ? TLanes.Load(c + (8 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c9x0 = resume ? TLanes.Load(c + (9 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c9x1 = resume ? TLanes.Load(c + (9 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c10x0 = resume ? TLanes.Load(c + (10 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c10x1 = resume ? TLanes.Load(c + (10 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        TVector c11x0 = resume ? TLanes.Load(c + (11 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c11x1 = resume ? TLanes.Load(c + (11 * ldc) + TLanes.Count) : TLanes.Broadcast(T.Zero);
        while (k > 0)
        {
            ahead.Fetch();
            nint steps = Math.Min(k, ahead.Pace);
            k -= steps;
            for (; steps > 0; steps--)
            {
                TVector b0;
                TVector b1;
                if (typeof(TRight) == typeof(AsItLies))
                {
                    b0 = TLanes.Load(source);
                    b1 = TLanes.Load(source + TLanes.Count);
                    TLanes.Store(b0, b);
                    TLanes.Store(b1, b + TLanes.Count);
                    source += stride;
                }
                else
                {
                    b0 = TLanes.Load(b);
                    b1 = TLanes.Load(b + TLanes.Count);
                }

                TVector a0 = TLanes.Broadcast(a[0]);
                c0x0 = TLanes.MultiplyAdd(a0, b0, c0x0);
                c0x1 = TLanes.MultiplyAdd(a0, b1, c0x1);
                TVector a1 = TLanes.Broadcast(a[1]);
                c1x0 = TLanes.MultiplyAdd(a1, b0, c1x0);
                c1x1 = TLanes.MultiplyAdd(a1, b1, c1x1);
                TVector a2 = TLanes.Broadcast(a[2]);
                c2x0 = TLanes.MultiplyAdd(a2, b0, c2x0);
                c2x1 = TLanes.MultiplyAdd(a2, b1, c2x1);
                TVector a3 = TLanes.Broadcast(a[3]);
                c3x0 = TLanes.MultiplyAdd(a3, b0, c3x0);
                c3x1 = TLanes.MultiplyAdd(a3, b1, c3x1);
                TVector a4 = TLanes.Broadcast(a[4]);
                c4x0 = TLanes.MultiplyAdd(a4, b0, c4x0);
                c4x1 = TLanes.MultiplyAdd(a4, b1, c4x1);
                TVector a5 = TLanes.Broadcast(a[5]);
                c5x0 = TLanes.MultiplyAdd(a5, b0, c5x0);
                c5x1 = TLanes.MultiplyAdd(a5, b1, c5x1);
                TVector a6 = TLanes.Broadcast(a[6]);
                c6x0 = TLanes.MultiplyAdd(a6, b0, c6x0);
                c6x1 = TLanes.MultiplyAdd(a6, b1, c6x1);
                TVector a7 = TLanes.Broadcast(a[7]);
                c7x0 = TLanes.MultiplyAdd(a7, b0, c7x0);
                c7x1 = TLanes.MultiplyAdd(a7, b1, c7x1);
                TVector a8 = TLanes.Broadcast(a[8]);
                c8x0 = TLanes.MultiplyAdd(a8, b0, c8x0);
                c8x1 = TLanes.MultiplyAdd(a8, b1, c8x1);
                TVector a9 = TLanes.Broadcast(a[9]);
                c9x0 = TLanes.MultiplyAdd(a9, b0, c9x0);
                c9x1 = TLanes.MultiplyAdd(a9, b1, c9x1);
                TVector a10 = TLanes.Broadcast(a[10]);
                c10x0 = TLanes.MultiplyAdd(a10, b0, c10x0);
                c10x1 = TLanes.MultiplyAdd(a10, b1, c10x1);
                TVector a11 = TLanes.Broadcast(a[11]);
                c11x0 = TLanes.MultiplyAdd(a11, b0, c11x0);
                c11x1 = TLanes.MultiplyAdd(a11, b1, c11x1);
                a += 12;
                b += 2 * TLanes.Count;
            }
        }

        if (addAtEnd)
        {
            c0x0 = TLanes.Add(TLanes.Load(c), c0x0);
            c0x1 = TLanes.Add(TLanes.Load(c + TLanes.Count), c0x1);
            c1x0 = TLanes.Add(TLanes.Load(c + ldc), c1x0);
            c1x1 = TLanes.Add(TLanes.Load(c + ldc + TLanes.Count), c1x1);
            c2x0 = TLanes.Add(TLanes.Load(c + (2 * ldc)), c2x0);
            c2x1 = TLanes.Add(TLanes.Load(c + (2 * ldc) + TLanes.Count), c2x1);
            c3x0 = TLanes.Add(TLanes.Load(c + (3 * ldc)), c3x0);
            c3x1 = TLanes.Add(TLanes.Load(c + (3 * ldc) + TLanes.Count), c3x1);
            c4x0 = TLanes.Add(TLanes.Load(c + (4 * ldc)), c4x0);
            c4x1 = TLanes.Add(TLanes.Load(c + (4 * ldc) + TLanes.Count), c4x1);
            c5x0 = TLanes.Add(TLanes.Load(c + (5 * ldc)), c5x0);
            c5x1 = TLanes.Add(TLanes.Load(c + (5 * ldc) + TLanes.Count), c5x1);
            c6x0 = TLanes.Add(TLanes.Load(c + (6 * ldc)), c6x0);
            c6x1 = TLanes.Add(TLanes.Load(c + (6 * ldc) + TLanes.Count), c6x1);
            c7x0 = TLanes.Add(TLanes.Load(c + (7 * ldc)), c7x0);
            c7x1 = TLanes.Add(TLanes.Load(c + (7 * ldc) + TLanes.Count), c7x1);
            c8x0 = TLanes.Add(TLanes.Load(c + (8 * ldc)), c8x0);
            c8x1 = TLanes.Add(TLanes.Load(c + (8 * ldc) + TLanes.Count), c8x1);
            c9x0 = TLanes.Add(TLanes.Load(c + (9 * ldc)), c9x0);
            c9x1 = TLanes.Add(TLanes.Load(c + (9 * ldc) + TLanes.Count), c9x1);
            c10x0 = TLanes.Add(TLanes.Load(c + (10 * ldc)), c10x0);
            c10x1 = TLanes.Add(TLanes.Load(c + (10 * ldc) + TLanes.Count), c10x1);
            c11x0 = TLanes.Add(TLanes.Load(c + (11 * ldc)), c11x0);
            c11x1 = TLanes.Add(TLanes.Load(c + (11 * ldc) + TLanes.Count), c11x1);
        }

        TLanes.Store(c0x0, c);
        TLanes.Store(c0x1, c + TLanes.Count);
        TLanes.Store(c1x0, c + ldc);
        TLanes.Store(c1x1, c + ldc + TLanes.Count);
        TLanes.Store(c2x0, c + (2 * ldc));
        TLanes.Store(c2x1, c + (2 * ldc) + TLanes.Count);
        TLanes.Store(c3x0, c + (3 * ldc));
        TLanes.Store(c3x1, c + (3 * ldc) + TLanes.Count);
        TLanes.Store(c4x0, c + (4 * ldc));
        TLanes.Store(c4x1, c + (4 * ldc) + TLanes.Count);
        TLanes.Store(c5x0, c + (5 * ldc));
        TLanes.Store(c5x1, c + (5 * ldc) + TLanes.Count);
        TLanes.Store(c6x0, c + (6 * ldc));
        TLanes.Store(c6x1, c + (6 * ldc) + TLanes.Count);
        TLanes.Store(c7x0, c + (7 * ldc));
        TLanes.Store(c7x1, c + (7 * ldc) + TLanes.Count);
        TLanes.Store(c8x0, c + (8 * ldc));
        TLanes.Store(c8x1, c + (8 * ldc) + TLanes.Count);
        TLanes.Store(c9x0, c + (9 * ldc));
        TLanes.Store(c9x1, c + (9 * ldc) + TLanes.Count);
        TLanes.Store(c10x0, c + (10 * ldc));
        TLanes.Store(c10x1, c + (10 * ldc) + TLanes.Count);
        TLanes.Store(c11x0, c + (11 * ldc));
        TLanes.Store(c11x1, c + (11 * ldc) + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwelveNarrow(nint k, T* a, T* b, T* c, nint ldc, bool resume)
    {
        TVector c0 = resume ? TLanes.Load(c) : TLanes.Broadcast(T.Zero);
        TVector c1 = resume ? TLanes.Load(c + ldc) : TLanes.Broadcast(T.Zero);
        TVector c2 = resume ? TLanes.Load(c + (2 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c3 = resume ? TLanes.Load(c + (3 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c4 = resume ? TLanes.Load(c + (4 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c5 = resume ? TLanes.Load(c + (5 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c6 = resume ? TLanes.Load(c + (6 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c7 = resume ? TLanes.Load(c + (7 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c8 = resume ? TLanes.Load(c + (8 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c9 = resume ? TLanes.Load(c + (9 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c10 = resume ? TLanes.Load(c + (10 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c11 = resume ? TLanes.Load(c + (11 * ldc)) : TLanes.Broadcast(T.Zero);
        for (; k > 0; k--)
        {
            TVector b0 = TLanes.Load(b);
            c0 = TLanes.MultiplyAdd(TLanes.Broadcast(a[0]), b0, c0);
            c1 = TLanes.MultiplyAdd(TLanes.Broadcast(a[1]), b0, c1);
            c2 = TLanes.MultiplyAdd(TLanes.Broadcast(a[2]), b0, c2);
            c3 = TLanes.MultiplyAdd(TLanes.Broadcast(a[3]), b0, c3);
            c4 = TLanes.MultiplyAdd(TLanes.Broadcast(a[4]), b0, c4);
            c5 = TLanes.MultiplyAdd(TLanes.Broadcast(a[5]), b0, c5);
            c6 = TLanes.MultiplyAdd(TLanes.Broadcast(a[6]), b0, c6);
            c7 = TLanes.MultiplyAdd(TLanes.Broadcast(a[7]), b0, c7);
            c8 = TLanes.MultiplyAdd(TLanes.Broadcast(a[8]), b0, c8);
            c9 = TLanes.MultiplyAdd(TLanes.Broadcast(a[9]), b0, c9);
            c10 = TLanes.MultiplyAdd(TLanes.Broadcast(a[10]), b0, c10);
            c11 = TLanes.MultiplyAdd(TLanes.Broadcast(a[11]), b0, c11);
            a += 12;
            b += 2 * TLanes.Count;
        }

        TLanes.Store(c0, c);
        TLanes.Store(c1, c + ldc);
        TLanes.Store(c2, c + (2 * ldc));
        TLanes.Store(c3, c + (3 * ldc));
        TLanes.Store(c4, c + (4 * ldc));
        TLanes.Store(c5, c + (5 * ldc));
        TLanes.Store(c6, c + (6 * ldc));
        TLanes.Store(c7, c + (7 * ldc));
        TLanes.Store(c8, c + (8 * ldc));
        TLanes.Store(c9, c + (9 * ldc));
        TLanes.Store(c10, c + (10 * ldc));
        TLanes.Store(c11, c + (11 * ldc));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SixNarrow(nint k, T* a, T* b, T* c, nint ldc, bool resume)
    {
        TVector c0 = resume ? TLanes.Load(c) : TLanes.Broadcast(T.Zero);
        TVector c1 = resume ? TLanes.Load(c + ldc) : TLanes.Broadcast(T.Zero);
        TVector c2 = resume ? TLanes.Load(c + (2 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c3 = resume ? TLanes.Load(c + (3 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c4 = resume ? TLanes.Load(c + (4 * ldc)) : TLanes.Broadcast(T.Zero);
        TVector c5 = resume ? TLanes.Load(c + (5 * ldc)) : TLanes.Broadcast(T.Zero);
        for (; k > 0; k--)
        {
            TVector b0 = TLanes.Load(b);
            c0 = TLanes.MultiplyAdd(TLanes.Broadcast(a[0]), b0, c0);
            c1 = TLanes.MultiplyAdd(TLanes.Broadcast(a[1]), b0, c1);
            c2 = TLanes.MultiplyAdd(TLanes.Broadcast(a[2]), b0, c2);
            c3 = TLanes.MultiplyAdd(TLanes.Broadcast(a[3]), b0, c3);
            c4 = TLanes.MultiplyAdd(TLanes.Broadcast(a[4]), b0, c4);
            c5 = TLanes.MultiplyAdd(TLanes.Broadcast(a[5]), b0, c5);
            a += 6;
            b += 2 * TLanes.Count;
        }

        TLanes.Store(c0, c);
        TLanes.Store(c1, c + ldc);
        TLanes.Store(c2, c + (2 * ldc));
        TLanes.Store(c3, c + (3 * ldc));
        TLanes.Store(c4, c + (4 * ldc));
        TLanes.Store(c5, c + (5 * ldc));
    }

    /// <summary>B is packed.</summary>
    private readonly struct Packed;

    /// <summary>B lies as it came, and is packed on the way.</summary>
    private readonly struct AsItLies;
}
