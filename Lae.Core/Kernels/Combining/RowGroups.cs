using System.Buffers;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>The rows of a state in groups, by what each has drawn. Its memory is rented: dispose it, and use nothing of it afterwards.</summary>
internal sealed class RowGroups : IDisposable
{
    private readonly int[] order;
    private readonly int[] places;
    private readonly int[] ends;
    private readonly int count;

    /// <param name="uniform">[rows], in [0, 1).</param>
    /// <param name="cumulative">Rises; a row is of the first group whose number is above what it has drawn.</param>
    public RowGroups(Tensor uniform, double[] cumulative)
    {
        count = uniform.Count;
        order = ArrayPool<int>.Shared.Rent(count);
        places = ArrayPool<int>.Shared.Rent(count);
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
                    places[row] = next;
                    order[next++] = row;
                }
            }

            ends[group] = next;
        }
    }

    /// <summary>All rows.</summary>
    public int Count => count;

    /// <summary>Where each row is when the groups are put one after another.</summary>
    public ReadOnlySpan<int> Places => places.AsSpan(0, count);

    /// <summary>The rows of a group, rising.</summary>
    public ReadOnlySpan<int> Rows(int group) => order.AsSpan(Start(group), ends[group] - Start(group));

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(order);
        ArrayPool<int>.Shared.Return(places);
        ArrayPool<int>.Shared.Return(ends);
    }

    private int Start(int group) => group == 0 ? 0 : ends[group - 1];
}
