using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lae.Numerics.Engines.Managed;

/// <summary>How the operands of a product are brought into the order in which the register blocks read them.</summary>
internal static unsafe partial class PackedProduct<T, TVector, TLanes>
{
    /// <summary>
    /// Packs <paramref name="count"/> lines of <paramref name="k"/> elements into panels of <paramref name="width"/> lines, within a panel step by step; missing lines are 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(int width, int count, int k, T* source, nint lineStride, nint stepStride, T* packed)
    {
        int first = 0;
        if (lineStride == 1)
        {
            // Step by step through all whole panels, so that memory is read in long runs.
            first = count / width * width;
            nint panel = (nint)width * k;
            for (nint step = 0; step < k; step++)
            {
                T* from = source + (step * stepStride);
                T* to = packed + (step * width);
                for (nint line = 0; line < first; line += width)
                {
                    CopyLines(width, from + line, to);
                    to += panel;
                }
            }
        }

        for (; first < count; first += width)
        {
            int lines = Math.Min(width, count - first);
            T* from = source + (first * lineStride);
            T* panel = packed + ((nint)first * k);
            if (lines < width)
            {
                new Span<T>(panel, width * k).Clear();
            }

            if (lineStride == 1)
            {
                for (nint step = 0; step < k; step++)
                {
                    for (nint line = 0; line < lines; line++)
                    {
                        panel[(step * width) + line] = from[(step * stepStride) + line];
                    }
                }
            }
            else
            {
                PackAcross(width, lines, k, from, lineStride, stepStride, panel);
            }
        }
    }

    /// <summary>As many neighbours as a panel has lines: two registers of B, or 12 or 6 rows of A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLines(nint width, T* from, T* to)
    {
        nint line = 0;
        for (; line <= width - TLanes.Count; line += TLanes.Count)
        {
            TLanes.Store(TLanes.Load(from + line), to + line);
        }

        nint side = 16 / sizeof(T);
        for (; line <= width - side; line += side)
        {
            Vector128.Store(Vector128.Load(from + line), to + line);
        }

        for (; line < width; line++)
        {
            to[line] = from[line];
        }
    }

    /// <summary>Packs lines that run along memory: a transposition, of 16 bytes of two or of one square's lines at a time where the processor can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackAcross(int width, int lines, int k, T* from, nint lineStride, nint stepStride, T* packed)
    {
        nint line = 0;
        nint side = 16 / sizeof(T);
        if (stepStride == 1 && Avx.IsSupported)
        {
            for (; line <= lines - (2 * side); line += 2 * side)
            {
                PackStrip(2 * side, side, width, k, from + (line * lineStride), lineStride, packed + line);
            }
        }

        if (stepStride == 1 && Sse2.IsSupported)
        {
            for (; line <= lines - side; line += side)
            {
                PackStrip(side, side, width, k, from + (line * lineStride), lineStride, packed + line);
            }
        }

        for (; line < lines; line++)
        {
            T* values = from + (line * lineStride);
            T* to = packed + line;
            for (nint step = 0; step < k; step++)
            {
                *to = values[step * stepStride];
                to += width;
            }
        }
    }

    /// <summary>As many lines as a square or a pair of squares has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackStrip(nint lines, nint side, nint width, nint k, T* values, nint lineStride, T* to)
    {
        nint step = 0;
        for (; step <= k - side; step += side)
        {
            if (lines == side)
            {
                TransposeSquare(values + step, lineStride, to, width);
            }
            else
            {
                TransposePair(values + step, lineStride, to, width);
            }

            to += side * width;
        }

        for (; step < k; step++, to += width)
        {
            for (nint i = 0; i < lines; i++)
            {
                to[i] = values[(i * lineStride) + step];
            }
        }
    }

    /// <summary>Two squares whose lines follow on each other, in the two halves of registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposePair(T* from, nint fromStride, T* to, nint toStride)
    {
        if (typeof(T) == typeof(float))
        {
            Vector256<float> a = Pair((float*)from, 4 * fromStride);
            Vector256<float> b = Pair((float*)(from + fromStride), 4 * fromStride);
            Vector256<float> c = Pair((float*)(from + (2 * fromStride)), 4 * fromStride);
            Vector256<float> d = Pair((float*)(from + (3 * fromStride)), 4 * fromStride);
            Vector256<double> lowLeft = Avx.UnpackLow(a, b).AsDouble();
            Vector256<double> lowRight = Avx.UnpackLow(c, d).AsDouble();
            Vector256<double> highLeft = Avx.UnpackHigh(a, b).AsDouble();
            Vector256<double> highRight = Avx.UnpackHigh(c, d).AsDouble();
            Avx.UnpackLow(lowLeft, lowRight).Store((double*)to);
            Avx.UnpackHigh(lowLeft, lowRight).Store((double*)(to + toStride));
            Avx.UnpackLow(highLeft, highRight).Store((double*)(to + (2 * toStride)));
            Avx.UnpackHigh(highLeft, highRight).Store((double*)(to + (3 * toStride)));
        }
        else
        {
            Vector256<double> a = Pair((double*)from, 2 * fromStride);
            Vector256<double> b = Pair((double*)(from + fromStride), 2 * fromStride);
            Avx.UnpackLow(a, b).Store((double*)to);
            Avx.UnpackHigh(a, b).Store((double*)(to + toStride));
        }

        static Vector256<TNumber> Pair<TNumber>(TNumber* lower, nint distance)
            where TNumber : unmanaged => Vector256.Create(Vector128.Load(lower), Vector128.Load(lower + distance));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeSquare(T* from, nint fromStride, T* to, nint toStride)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<float> a = Vector128.Load((float*)from);
            Vector128<float> b = Vector128.Load((float*)(from + fromStride));
            Vector128<float> c = Vector128.Load((float*)(from + (2 * fromStride)));
            Vector128<float> d = Vector128.Load((float*)(from + (3 * fromStride)));
            Vector128<float> lowLeft = Sse.UnpackLow(a, b);
            Vector128<float> lowRight = Sse.UnpackLow(c, d);
            Vector128<float> highLeft = Sse.UnpackHigh(a, b);
            Vector128<float> highRight = Sse.UnpackHigh(c, d);
            Sse.MoveLowToHigh(lowLeft, lowRight).Store((float*)to);
            Sse.MoveHighToLow(lowRight, lowLeft).Store((float*)(to + toStride));
            Sse.MoveLowToHigh(highLeft, highRight).Store((float*)(to + (2 * toStride)));
            Sse.MoveHighToLow(highRight, highLeft).Store((float*)(to + (3 * toStride)));
        }
        else
        {
            Vector128<double> a = Vector128.Load((double*)from);
            Vector128<double> b = Vector128.Load((double*)(from + fromStride));
            Sse2.UnpackLow(a, b).Store((double*)to);
            Sse2.UnpackHigh(a, b).Store((double*)(to + toStride));
        }
    }

    /// <summary>The cache lines of a block of B, which is multiplied in so many tiles after so many steps over k in each.</summary>
    private static LinesAhead LinesAheadOf(Strided b, int step, int column, int steps, int width, int tiles, int stepsOfTile)
    {
        bool alongRows = b.ColumnStride == 1;
        (int run, int runs, nint stride) = alongRows ? (width, steps, b.RowStride) : (steps, width, b.ColumnStride);
        return new LinesAhead((byte*)b.At(step, column), run * sizeof(T), runs, stride * sizeof(T), tiles, stepsOfTile);
    }
}
