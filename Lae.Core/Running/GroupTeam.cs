namespace Lae.Running;

/// <summary>Threads that do a piece of work together, the caller's included, as often as asked. What the work throws is its own concern: it must not throw.</summary>
internal sealed class GroupTeam : IDisposable
{
    private readonly Barrier barrier;
    private readonly Thread[] followers;
    private Action<int>? work;

    /// <param name="members">Threads, the caller's included; 2 or more.</param>
    public GroupTeam(int members)
    {
        barrier = new Barrier(members);
        followers = [.. Enumerable.Range(1, members - 1).Select(member => new Thread(() => Follow(member)) { IsBackground = true, Name = "Lae chains" })];
        foreach (Thread follower in followers)
        {
            follower.Start();
        }
    }

    /// <summary>Calls the work once for each member, and returns when all are done.</summary>
    /// <param name="task">Takes the number of the member, from 0, which is the caller.</param>
    public void Run(Action<int> task)
    {
        work = task;
        barrier.SignalAndWait();
        task(0);
        barrier.SignalAndWait();
    }

    /// <summary>Lets the threads end.</summary>
    public void Dispose()
    {
        work = null;
        barrier.SignalAndWait();
        foreach (Thread follower in followers)
        {
            follower.Join();
        }

        barrier.Dispose();
    }

    private void Follow(int member)
    {
        barrier.SignalAndWait();
        while (work is { } task)
        {
            task(member);
            barrier.SignalAndWait();
            barrier.SignalAndWait();
        }
    }
}
