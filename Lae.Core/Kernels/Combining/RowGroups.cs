using System.Buffers;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>The rows of a state in groups, by what each has drawn. Its memory is rented: dispose it, and use nothing of it afterwards.</summary>
internal readonly ref struct RowGroups : IDisposable
{
    private readonly int[] order;
    private readonly int[] numbers;
    private readonly int[] ends;
    private readonly int count;

    /// <param name="uniform">[rows], in [0, 1).</param>
    /// <param name="cumulative">Rises; a row is of the first group whose number is above what it has drawn.</param>
    public RowGroups(Tensor uniform, double[] cumulative)
    {
        count = uniform.Count;
        order = ArrayPool<int>.Shared.Rent(count);
        numbers = ArrayPool<int>.Shared.Rent(count);
        ends = ArrayPool<int>.Shared.Rent(cumulative.Length);
        int next = 0;
        for (int group = 0; group < cumulative.Length; group++)
        {
            double low = group == 0 ? double.NegativeInfinity : cumulative[group - 1];
            for (int row = 0; row < count; row++)
            {
                double u = uniform.ElementAt(row);
                if (u >= low && u < cumulative[group])
                {
                    order[next++] = row;
                }
            }

            ends[group] = next;
        }
    }

    /// <summary>All rows.</summary>
    public int Count => count;

    /// <summary>The rows of a group, rising.</summary>
    public ReadOnlySpan<int> Rows(int group) => order.AsSpan(Start(group), ends[group] - Start(group));

    /// <summary>The chains of a group, to draw for; their numbers are in the memory of these groups.</summary>
    /// <param name="group">The group.</param>
    /// <param name="all">The chains of all rows.</param>
    public Chains ChainsOf(int group, Chains all)
    {
        ReadOnlySpan<int> rows = Rows(group);
        Memory<int> own = numbers.AsMemory(Start(group), rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            own.Span[i] = all.Ids[rows[i]];
        }

        return Chains.Lent(own);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(order);
        ArrayPool<int>.Shared.Return(numbers);
        ArrayPool<int>.Shared.Return(ends);
    }

    private int Start(int group) => group == 0 ? 0 : ends[group - 1];
}
