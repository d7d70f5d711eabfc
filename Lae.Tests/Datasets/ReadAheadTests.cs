using Lae.Datasets;

namespace Lae.Tests.Datasets;

/// <summary>Reading ahead changes when rows are read, and nothing else.</summary>
public sealed class ReadAheadTests
{
    private static readonly int[] Order = [3, 8, 0, 5, 1, 9, 2];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(1000)]
    public void Batches_are_the_rows_of_the_order_wherever_they_begin(int valuesAtOnce)
    {
        using ReadAhead batches = new(new Numbered(), valuesAtOnce);
        int[] other = [7, 7];
        Require(batches, Order, 0, 2);
        Require(batches, Order, 2, 2);
        Require(batches, Order, 4, 2);
        Require(batches, other, 0, 2);
        Require(batches, Order, 6, 1);
        Require(batches, Order, 1, 4);
        Require(batches, Order, 5, 2);
    }

    [Fact]
    public void Rows_are_read_once_and_in_portions_of_whole_batches()
    {
        Numbered source = new();
        using ReadAhead batches = new(source, valuesAtOnce: 9);
        for (int first = 0; first < Order.Length; first += 2)
        {
            Require(batches, Order, first, Math.Min(2, Order.Length - first));
        }

        Assert.Equal([4, 3], source.Asked);
    }

    [Fact]
    public void A_row_that_cannot_be_read_fails_its_portion_and_not_the_one_before()
    {
        using ReadAhead batches = new(new Numbered(), valuesAtOnce: 2);
        int[] order = [1, -1, 3];
        Require(batches, order, 0, 1);
        Assert.Throws<InvalidDataException>(() => batches.Take(new ArraySegment<int>(order, 1, 1)));
        Require(batches, order, 2, 1);
    }

    [Fact]
    public void A_failure_ahead_that_nobody_waits_for_is_no_failure()
    {
        ReadAhead batches = new(new Numbered(), valuesAtOnce: 2);
        Require(batches, [1, -1], 0, 1);
        batches.Dispose();
    }

    private static void Require(ReadAhead batches, int[] order, int first, int count) =>
        Assert.Equal(order.Skip(first).Take(count).SelectMany(row => (float[])[row, row + 0.5f]), batches.Take(new ArraySegment<int>(order, first, count)).ToArray());

    private sealed class Numbered : IRowSource
    {
        public List<int> Asked { get; } = [];

        public int Rows => 10;

        public int Columns => 2;

        public void Gather(ReadOnlySpan<int> rows, Span<float> destination)
        {
            Asked.Add(rows.Length);
            for (int i = 0; i < rows.Length; i++)
            {
                destination[2 * i] = rows[i] >= 0 ? rows[i] : throw new InvalidDataException();
                destination[(2 * i) + 1] = rows[i] + 0.5f;
            }
        }
    }
}
