using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics.X86;

namespace Lae.Numerics.Engines.Managed;

/// <summary>A piece of work that is cut into parts beforehand; which thread runs which part never changes a result.</summary>
internal interface IPartitionedWork
{
    /// <summary>Whether it uses the workspace that it is given. Work that does not is given none where it runs as a whole: taking and returning one costs a tenth of a small operation.</summary>
    static virtual bool UsesWorkspace => true;

    /// <summary>Does one part, with a workspace that is this thread's alone for the time of the call.</summary>
    void Run(int part, int parts, ScratchMemory workspace);
}

/// <summary>
/// A persistent pool of background threads. A dispatch allocates nothing: the work is a struct on the caller's stack, handed over by address,
/// and the caller returns only when every part is done. The caller takes parts too, so that a worker that is slow to wake costs nothing but
/// its share. Workers spin briefly, then park. A second caller who finds the pool busy runs its parts inline.
/// </summary>
/// <remarks>The threads know only the shared state, not this object; so when the pool becomes unreachable its finaliser lets them end.</remarks>
internal sealed unsafe class WorkerPool
{
    private readonly Shared shared;
    private readonly bool isEager;
    private readonly Stack<ScratchMemory> spare = new();
    private ScratchMemory? ready = new();
    private int busy;
    private bool started;

    /// <summary>A pool of <paramref name="threads"/> threads, the caller's included; an eager one divides work however small, which tests want.</summary>
    public WorkerPool(int threads, bool isEager = false)
    {
        Threads = threads;
        this.isEager = isEager;
        shared = new Shared(threads <= Environment.ProcessorCount ? Shared.MostPauses : 0);
    }

    ~WorkerPool() => shared.Stop();

    public int Threads { get; }

    /// <summary>Whether the workers were started, which the first divided work does.</summary>
    public bool IsStarted => started;

    /// <summary>How many parts are worth making of <paramref name="amount"/> units of work when one part should have at least <paramref name="grain"/>.</summary>
    public int Parts(long amount, long grain) => Threads == 1 ? 1 : (int)Math.Clamp(isEager ? amount : amount / grain, 1, Threads);

    /// <summary>Takes a workspace for the calling thread; give it back with <see cref="Return"/>.</summary>
    public ScratchMemory Rent()
    {
        ScratchMemory? workspace = Interlocked.Exchange(ref ready, null);
        if (workspace is not null)
        {
            return workspace;
        }

        lock (spare)
        {
            return spare.Count > 0 ? spare.Pop() : new ScratchMemory();
        }
    }

    public void Return(ScratchMemory workspace)
    {
        if (Interlocked.CompareExchange(ref ready, workspace, null) is not null)
        {
            lock (spare)
            {
                spare.Push(workspace);
            }
        }
    }

    /// <summary>Runs all parts and returns when they are done. An exception of a part is thrown here, after the other parts ended.</summary>
    public void Run<TWork>(ref TWork work, int parts)
        where TWork : unmanaged, IPartitionedWork
    {
        if (parts == 1 && !TWork.UsesWorkspace)
        {
            work.Run(0, 1, null!);
            return;
        }

        ScratchMemory workspace = Rent();
        try
        {
            if (parts > 1 && Threads > 1 && Interlocked.CompareExchange(ref busy, 1, 0) == 0)
            {
                try
                {
                    Dispatch(ref work, parts, workspace);
                }
                finally
                {
                    Volatile.Write(ref busy, 0);
                }
            }
            else
            {
                for (int part = 0; part < parts; part++)
                {
                    work.Run(part, parts, workspace);
                }
            }
        }
        finally
        {
            Return(workspace);
        }

        GC.KeepAlive(this);
    }

    private void Dispatch<TWork>(ref TWork work, int parts, ScratchMemory workspace)
        where TWork : unmanaged, IPartitionedWork
    {
        if (!started)
        {
            started = true;
            for (int worker = 1; worker < Threads; worker++)
            {
                new Thread(shared.Work) { IsBackground = true, Name = "Lae engine" }.Start();
            }
        }

        fixed (TWork* address = &work)
        {
            shared.Run(&Invoke<TWork>, address, parts, workspace);
        }
    }

    private static void Invoke<TWork>(void* work, int part, int parts, ScratchMemory workspace)
        where TWork : unmanaged, IPartitionedWork => ((TWork*)work)->Run(part, parts, workspace);

    /// <summary>What the caller and the workers see. A ticket holds the dispatch number (upper 32 bits), the number of parts (16 bits) and the next part to take (16 bits).</summary>
    /// <param name="pauses">How often a thread looks without leaving its processor to others.</param>
    private sealed class Shared(int pauses)
    {
        /// <summary>Some thirty microseconds here, more where a pause is longer: most waits are shorter, and who has left the processor comes back too late.</summary>
        public const int MostPauses = 3000;

        private const int WorkerSpins = 40;
        private const int CallerSpins = 200;

        private readonly object wake = new();
        private readonly object done = new();
        private delegate*<void*, int, int, ScratchMemory, void> function;
        private void* argument;
        private long ticket;
        private int unfinished;
        private int parked;
        private bool waiting;
        private bool stopping;
        private ExceptionDispatchInfo? failure;

        public void Run(delegate*<void*, int, int, ScratchMemory, void> work, void* state, int parts, ScratchMemory workspace)
        {
            function = work;
            argument = state;
            failure = null;
            Volatile.Write(ref unfinished, parts);
            long number = (ticket >> 32) + 1;
            Interlocked.Exchange(ref ticket, (number << 32) | ((long)parts << 16));
            if (Volatile.Read(ref parked) > 0)
            {
                lock (wake)
                {
                    Monitor.PulseAll(wake);
                }
            }

            TakeParts(workspace);
            AwaitWorkers();
            failure?.Throw();
        }

        public void Stop()
        {
            lock (wake)
            {
                Volatile.Write(ref stopping, true);
                Monitor.PulseAll(wake);
            }
        }

        public void Work()
        {
            ScratchMemory workspace = new();
            long seen = 0;
            while (AwaitDispatch(ref seen))
            {
                TakeParts(workspace);
            }
        }

        private void TakeParts(ScratchMemory workspace)
        {
            while (true)
            {
                // Whoever wins the exchange has read the fields of that very dispatch: they change only after all its parts are done,
                // and a finished dispatch has no part left to win.
                long current = Volatile.Read(ref ticket);
                delegate*<void*, int, int, ScratchMemory, void> work = function;
                void* state = argument;
                int parts = (int)((current >> 16) & 0xFFFF);
                int part = (int)(current & 0xFFFF);
                if (part >= parts)
                {
                    return;
                }

                if (Interlocked.CompareExchange(ref ticket, current + 1, current) != current)
                {
                    continue;
                }

                Attempt(work, state, part, parts, workspace);
                if (Interlocked.Decrement(ref unfinished) == 0 && Volatile.Read(ref waiting))
                {
                    lock (done)
                    {
                        Monitor.Pulse(done);
                    }
                }
            }
        }

        private void Attempt(delegate*<void*, int, int, ScratchMemory, void> work, void* state, int part, int parts, ScratchMemory workspace)
        {
#pragma warning disable CA1031 // Whatever a part throws belongs to the caller.
            try
            {
                work(state, part, parts, workspace);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            }
#pragma warning restore CA1031
        }

        private bool AwaitDispatch(ref long seen)
        {
            for (int pause = 0; pause < pauses && Volatile.Read(ref ticket) >> 32 == seen; pause++)
            {
                Pause();
            }

            SpinWait spin = default;
            while (Volatile.Read(ref ticket) >> 32 == seen && !Volatile.Read(ref stopping))
            {
                if (spin.Count < WorkerSpins)
                {
                    spin.SpinOnce(-1);
                    continue;
                }

                lock (wake)
                {
                    Interlocked.Increment(ref parked);
                    while (Volatile.Read(ref ticket) >> 32 == seen && !stopping)
                    {
                        Monitor.Wait(wake);
                    }

                    Interlocked.Decrement(ref parked);
                }
            }

            seen = Volatile.Read(ref ticket) >> 32;
            return !Volatile.Read(ref stopping);
        }

        private void AwaitWorkers()
        {
            for (int pause = 0; pause < pauses && Volatile.Read(ref unfinished) > 0; pause++)
            {
                Pause();
            }

            SpinWait spin = default;
            while (Volatile.Read(ref unfinished) > 0)
            {
                if (spin.Count < CallerSpins)
                {
                    spin.SpinOnce(-1);
                    continue;
                }

                lock (done)
                {
                    Volatile.Write(ref waiting, true);
                    Interlocked.MemoryBarrier();
                    while (Volatile.Read(ref unfinished) > 0)
                    {
                        Monitor.Wait(done);
                    }

                    Volatile.Write(ref waiting, false);
                }
            }
        }

        private static void Pause()
        {
            if (X86Base.IsSupported)
            {
                X86Base.Pause();
            }
            else
            {
                Thread.SpinWait(1);
            }
        }
    }
}
