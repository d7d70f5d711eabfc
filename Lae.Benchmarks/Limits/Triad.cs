using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lae.Numerics.Engines.Managed;

namespace Lae.Benchmarks.Limits;

/// <summary>How many bytes a thread can move in a second: a = b + s c over three arrays (J. D. McCalpin's STREAM), two of which are read and one written; what a cache reads in order to write is not counted.</summary>
internal static class Triad
{
    private const nuint Line = 64;
    private const int Rounds = 30;
    private const double Round = 0.003;

    /// <summary>Bytes a second: the fastest of some rounds.</summary>
    /// <param name="bytes">Of the three arrays together.</param>
    public static unsafe double Rate<T, TVector, TLanes>(long bytes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : unmanaged
        where TLanes : struct, ILanes<T, TVector>
    {
        nint count = (nint)(bytes / 3 / sizeof(T) / (4 * TLanes.Count)) * 4 * TLanes.Count;
        T* a = Fill<T>(count);
        T* b = Fill<T>(count);
        T* c = Fill<T>(count);
        try
        {
            int turns = 1;
            double seconds = Time<T, TVector, TLanes>(a, b, c, count, turns);
            while (seconds < Round)
            {
                turns *= 2;
                seconds = Time<T, TVector, TLanes>(a, b, c, count, turns);
            }

            double fastest = double.PositiveInfinity;
            for (int round = 0; round < Rounds; round++)
            {
                fastest = Math.Min(fastest, Time<T, TVector, TLanes>(a, b, c, count, turns));
            }

            return 3.0 * sizeof(T) * count * turns / fastest;
        }
        finally
        {
            NativeMemory.AlignedFree(a);
            NativeMemory.AlignedFree(b);
            NativeMemory.AlignedFree(c);
        }
    }

    private static unsafe T* Fill<T>(nint count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* memory = (T*)NativeMemory.AlignedAlloc((nuint)count * (nuint)sizeof(T), Line);
        for (nint i = 0; i < count; i++)
        {
            memory[i] = T.One;
        }

        return memory;
    }

    private static unsafe double Time<T, TVector, TLanes>(T* a, T* b, T* c, nint count, int turns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : unmanaged
        where TLanes : struct, ILanes<T, TVector>
    {
        long began = Stopwatch.GetTimestamp();
        for (int turn = 0; turn < turns; turn++)
        {
            Run<T, TVector, TLanes>(a, b, c, count);
        }

        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Run<T, TVector, TLanes>(T* a, T* b, T* c, nint count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : unmanaged
        where TLanes : struct, ILanes<T, TVector>
    {
        TVector scale = TLanes.Broadcast(T.One);
        int lanes = TLanes.Count;
        for (nint i = 0; i < count; i += 4 * lanes)
        {
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(c + i), scale, TLanes.Load(b + i)), a + i);
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(c + i + lanes), scale, TLanes.Load(b + i + lanes)), a + i + lanes);
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(c + i + (2 * lanes)), scale, TLanes.Load(b + i + (2 * lanes))), a + i + (2 * lanes));
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(c + i + (3 * lanes)), scale, TLanes.Load(b + i + (3 * lanes))), a + i + (3 * lanes));
        }
    }
}
