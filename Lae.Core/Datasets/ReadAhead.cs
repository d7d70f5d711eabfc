namespace Lae.Datasets;

/// <summary>Batches of a row source, the next of which is read on a thread of its own while the last one is used: a step need not wait for the disk. What is read is the same as without it.</summary>
/// <param name="rows">The source; one thread at a time reads it.</param>
internal sealed class ReadAhead(IRowSource rows) : IDisposable
{
    private float[] ready = [];
    private float[] spare = [];
    private (int[] Rows, Task Reading)? ahead;

    /// <summary>The rows of a batch, and begins to read the next.</summary>
    /// <param name="chosen">The numbers of its rows; a batch that was named as the next one has been read or is being read.</param>
    /// <param name="next">Those of the next batch; null if nobody knows.</param>
    /// <returns>[chosen.Length, columns], valid until the next call.</returns>
    public ReadOnlySpan<float> Take(int[] chosen, int[]? next)
    {
        (int[] Rows, Task Reading)? begun = ahead;
        ahead = null;
        begun?.Reading.GetAwaiter().GetResult();
        if (begun is { } done && done.Rows.AsSpan().SequenceEqual(chosen))
        {
            (ready, spare) = (spare, ready);
        }
        else
        {
            Read(chosen, ref ready);
        }

        if (next is not null)
        {
            ahead = (next, Task.Run(() => Read(next, ref spare)));
        }

        return ready.AsSpan(0, chosen.Length * rows.Columns);
    }

    /// <summary>Waits for a read under way, whose outcome nobody needs any more.</summary>
    public void Dispose()
    {
        if (ahead is { } begun)
        {
            Task.WaitAny(begun.Reading);
        }
    }

    private void Read(int[] chosen, ref float[] buffer)
    {
        int values = checked(chosen.Length * rows.Columns);
        buffer = buffer.Length < values ? new float[values] : buffer;
        rows.Gather(chosen, buffer.AsSpan(0, values));
    }
}
