using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Lae.Benchmarks.Limits;

/// <summary>One vector instruction: what <see cref="RegisterLoop"/> does over and over.</summary>
internal interface IRegisterOperation<TVector>
{
    /// <summary>The next value of an accumulator; b and c stay in registers.</summary>
    static abstract TVector Apply(TVector a, TVector b, TVector c);
}

/// <summary>How many instructions of a kind a thread can do in a second where neither memory nor latency is in the way: twelve accumulators, which do not wait for each other, in registers.</summary>
internal static class RegisterLoop
{
    private const int Accumulators = 12;
    private const int Rounds = 60;
    private const double Round = 0.002;

    /// <summary>Instructions a second: the fastest of some rounds.</summary>
    public static double Rate<TVector, TOperation>(TVector a, TVector b, TVector c)
        where TOperation : struct, IRegisterOperation<TVector>
    {
        long turns = Turns<TVector, TOperation>(a, b, c);
        return Enumerable.Range(0, Rounds).Max(_ => Accumulators * turns / Time(() => Run<TVector, TOperation>(a, b, c, turns, new TVector[Accumulators])));
    }

    /// <summary>Instructions a second of so many threads at once, together.</summary>
    public static double Rate<TVector, TOperation>(TVector a, TVector b, TVector c, int threads)
        where TOperation : struct, IRegisterOperation<TVector>
    {
        long turns = Turns<TVector, TOperation>(a, b, c);
        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            // from the first beginning to the last end, as the threads saw them: who only waits for them may wake up too late to see either
            int arrived = 0;
            long[] began = new long[threads];
            long[] ended = new long[threads];
            Thread[] all = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() =>
            {
                TVector[] end = new TVector[Accumulators];
                Interlocked.Increment(ref arrived);
                while (Volatile.Read(ref arrived) < threads)
                {
                    // nobody sleeps, so that all begin at once
                }

                began[thread] = Stopwatch.GetTimestamp();
                Run<TVector, TOperation>(a, b, c, turns, end);
                ended[thread] = Stopwatch.GetTimestamp();
            }))];
            Array.ForEach(all, thread => thread.Start());
            Array.ForEach(all, thread => thread.Join());
            best = Math.Max(best, threads * Accumulators * turns / Stopwatch.GetElapsedTime(began.Min(), ended.Max()).TotalSeconds);
        }

        return best;
    }

    private static long Turns<TVector, TOperation>(TVector a, TVector b, TVector c)
        where TOperation : struct, IRegisterOperation<TVector>
    {
        long turns = 1000;
        double seconds = Time(() => Run<TVector, TOperation>(a, b, c, turns, new TVector[Accumulators]));
        while (seconds < Round)
        {
            turns *= 2;
            seconds = Time(() => Run<TVector, TOperation>(a, b, c, turns, new TVector[Accumulators]));
        }

        return turns;
    }

    private static double Time(Action work)
    {
        long began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    // Every accumulator is written down at the end, so that none of them can be left out.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Run<TVector, TOperation>(TVector a, TVector b, TVector c, long turns, TVector[] end)
        where TOperation : struct, IRegisterOperation<TVector>
    {
        TVector a0 = a, a1 = a, a2 = a, a3 = a, a4 = a, a5 = a, a6 = a, a7 = a, a8 = a, a9 = a, a10 = a, a11 = a;
        for (long turn = 0; turn < turns; turn++)
        {
            a0 = TOperation.Apply(a0, b, c);
            a1 = TOperation.Apply(a1, b, c);
            a2 = TOperation.Apply(a2, b, c);
            a3 = TOperation.Apply(a3, b, c);
            a4 = TOperation.Apply(a4, b, c);
            a5 = TOperation.Apply(a5, b, c);
            a6 = TOperation.Apply(a6, b, c);
            a7 = TOperation.Apply(a7, b, c);
            a8 = TOperation.Apply(a8, b, c);
            a9 = TOperation.Apply(a9, b, c);
            a10 = TOperation.Apply(a10, b, c);
            a11 = TOperation.Apply(a11, b, c);
        }

        end[0] = a0;
        end[1] = a1;
        end[2] = a2;
        end[3] = a3;
        end[4] = a4;
        end[5] = a5;
        end[6] = a6;
        end[7] = a7;
        end[8] = a8;
        end[9] = a9;
        end[10] = a10;
        end[11] = a11;
    }
}
