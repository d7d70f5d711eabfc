using System.Runtime.CompilerServices;
using Lae.Numerics.Engines.Managed;
using static Lae.Tests.Numerics.Engines.EngineSamples;

namespace Lae.Tests.Numerics.Engines;

public unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Every_part_runs_once(int threads)
    {
        WorkerPool pool = new(threads);
        int* runs = stackalloc int[9];
        for (int round = 0; round < 3000; round++)
        {
            int parts = 1 + (round % 9);
            new Span<int>(runs, 9).Clear();
            CountingWork work = new() { Runs = runs, Weight = round % 50 == 0 ? 20_000 : 10 };
            pool.Run(ref work, parts);
            for (int part = 0; part < 9; part++)
            {
                Assert.Equal(part < parts ? 1 : 0, Volatile.Read(ref runs[part]));
            }

            if (round % 500 == 0)
            {
                // Long enough for the workers to park.
                Thread.Sleep(2);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_exception_reaches_the_caller_and_the_pool_goes_on(int failingPart)
    {
        WorkerPool pool = new(3);
        int* runs = stackalloc int[9];
        for (int round = 0; round < 20; round++)
        {
            new Span<int>(runs, 9).Clear();
            CountingWork failing = new() { Runs = runs, FailingPart = failingPart + 1 };
            InvalidOperationException? thrown = null;
            try
            {
                pool.Run(ref failing, 3);
            }
            catch (InvalidOperationException exception)
            {
                thrown = exception;
            }

            Assert.Equal("part failed", thrown?.Message);
            CountingWork good = new() { Runs = runs };
            pool.Run(ref good, 3);
        }
    }

    [Fact]
    public void One_thread_starts_no_worker()
    {
        WorkerPool pool = new(1);
        int* runs = stackalloc int[9];
        CountingWork work = new() { Runs = runs };
        pool.Run(ref work, 9);
        Assert.False(pool.IsStarted);
        Assert.Equal(1, pool.Parts(long.MaxValue, 1));
    }

    [Fact]
    public void The_workers_do_not_keep_a_forgotten_pool_alive()
    {
        WeakReference pool = Forgotten();
        for (int i = 0; i < 10 && pool.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(pool.IsAlive);
    }

    [Fact]
    public void Callers_at_once_do_not_disturb_each_other()
    {
        const int Size = 90;
        ManagedEngine engine = new(2);
        float[] a = Numbers<float>(1, Size * Size);
        float[] x = Numbers<float>(2, 150_000);
        float[] product = new float[a.Length];
        float[] total = new float[1];
        Managed[0].Float32.MatrixProduct(new(Size, Size, Size, false, true, false), a, a, product);
        Managed[0].Float32.Reduce(Lae.Numerics.Engines.Reduction.LogSumExp, 1, x.Length, 1, x, total);
        Thread[] callers = new Thread[4];
        int failures = 0;
        for (int i = 0; i < callers.Length; i++)
        {
            callers[i] = new Thread(() =>
            {
                float[] c = new float[a.Length];
                float[] t = new float[1];
                for (int round = 0; round < 40; round++)
                {
                    engine.Float32.MatrixProduct(new(Size, Size, Size, false, true, false), a, a, c);
                    engine.Float32.Reduce(Lae.Numerics.Engines.Reduction.LogSumExp, 1, x.Length, 1, x, t);
                    if (!c.AsSpan().SequenceEqual(product) || t[0] != total[0])
                    {
                        Interlocked.Increment(ref failures);
                    }
                }
            });
            callers[i].Start();
        }

        foreach (Thread caller in callers)
        {
            caller.Join();
        }

        Assert.Equal(0, failures);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void Thread_counts_beyond_the_range_are_refused(int threads) =>
        Assert.Equal("threads", Assert.Throws<ArgumentOutOfRangeException>(() => new ManagedEngine(threads)).ParamName);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forgotten()
    {
        WorkerPool pool = new(3);
        int* runs = stackalloc int[9];
        CountingWork work = new() { Runs = runs };
        pool.Run(ref work, 9);
        Assert.True(pool.IsStarted);
        return new WeakReference(pool);
    }

    private struct CountingWork : IPartitionedWork
    {
        public int* Runs;
        public int Weight;
        public int FailingPart;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            Interlocked.Increment(ref Runs[part]);
            Thread.SpinWait(Weight);
            if (part == FailingPart - 1)
            {
                throw new InvalidOperationException("part failed");
            }
        }
    }
}
