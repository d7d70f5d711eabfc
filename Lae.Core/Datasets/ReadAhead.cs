namespace Lae.Datasets;

/// <summary>
/// Batches of a row source in a known order. Many batches are read at once, which lets a source take rows that lie near each other in one read, and the next of them on a thread of their own while these are used: a step need not wait for the disk.
/// What is read is the same as batch by batch.
/// </summary>
/// <param name="rows">The source; one thread at a time reads it.</param>
/// <param name="valuesAtOnce">About so many numbers are read at once, in whole batches and at least one of them.</param>
internal sealed class ReadAhead(IRowSource rows, int valuesAtOnce = ReadAhead.ValuesAtOnce) : IDisposable
{
    /// <summary>4 MB, of which two are held: 65,536 rows of 16 columns, 1,337 of MNIST.</summary>
    private const int ValuesAtOnce = 1 << 20;

    private Window current = Window.None;
    private Window next = Window.None;
    private Task? reading;

    /// <summary>The rows of a batch.</summary>
    /// <param name="batch">Their numbers, 1 or more: a part of the order of an epoch, whose array is the same for every batch of it and not changed.</param>
    /// <returns>[batch.Count, columns], valid until the next call.</returns>
    public ReadOnlySpan<float> Take(ArraySegment<int> batch)
    {
        (int[] order, int first, int count) = (batch.Array!, batch.Offset, batch.Count);
        if (!current.Holds(order, first, count))
        {
            Wait();
            if (next.Holds(order, first, count))
            {
                (current, next) = (next, Window.None with { Values = current.Values });
            }
            else
            {
                current = Read(current.Values, order, first, count);
            }

            Begin(order, current.First + current.Count, count);
        }

        return current.Values.AsSpan((first - current.First) * rows.Columns, count * rows.Columns);
    }

    /// <summary>Waits for a read under way, whose outcome nobody needs any more.</summary>
    public void Dispose()
    {
        if (reading is { } begun)
        {
            Task.WaitAny(begun);
        }
    }

    private void Wait()
    {
        Task? begun = reading;
        reading = null;
        begun?.GetAwaiter().GetResult();
    }

    private void Begin(int[] order, int first, int batch)
    {
        if (first < order.Length)
        {
            float[] values = next.Values;
            reading = Task.Run(() => next = Read(values, order, first, Math.Min(batch, order.Length - first)));
        }
    }

    /// <summary>As many batches as are read at once; the last rows of an epoch may be less than one.</summary>
    private Window Read(float[] values, int[] order, int first, int batch)
    {
        int wanted = Math.Max(1, valuesAtOnce / Math.Max(1, batch * rows.Columns)) * batch;
        int count = Math.Min(wanted, order.Length - first);
        int length = checked(count * rows.Columns);
        values = values.Length < length ? new float[length] : values;
        rows.Gather(order.AsSpan(first, count), values.AsSpan(0, length));
        return new Window(order, first, count, values);
    }

    /// <summary>Rows first … first + count of an order.</summary>
    private sealed record Window(int[] Order, int First, int Count, float[] Values)
    {
        public static readonly Window None = new([], 0, 0, []);

        public bool Holds(int[] order, int first, int count) => ReferenceEquals(Order, order) && first >= First && first + count <= First + Count;
    }
}
