using Lae.Datasets;

namespace Lae.Tests.Datasets;

/// <summary>Reading ahead changes when rows are read, and nothing else.</summary>
public sealed class ReadAheadTests
{
    [Fact]
    public void Batches_are_those_asked_for_whether_they_were_foretold_or_not()
    {
        using ReadAhead batches = new(new Numbered());
        Assert.Equal([2, 2.5f, 0, 0.5f], batches.Take([2, 0], [1]).ToArray());
        Assert.Equal([1, 1.5f], batches.Take([1], [5, 6, 7]).ToArray());
        Assert.Equal([4, 4.5f, 3, 3.5f], batches.Take([4, 3], null).ToArray());
        Assert.Equal([7, 7.5f], batches.Take([7], [7]).ToArray());
    }

    [Fact]
    public void A_row_that_cannot_be_read_fails_the_batch_that_has_it_and_not_the_one_before()
    {
        using ReadAhead batches = new(new Numbered());
        Assert.Equal([1, 1.5f], batches.Take([1], [-1]).ToArray());
        Assert.Throws<InvalidDataException>(() => batches.Take([-1], null));
        Assert.Equal([3, 3.5f], batches.Take([3], null).ToArray());
    }

    [Fact]
    public void A_failure_ahead_that_nobody_waits_for_is_no_failure()
    {
        ReadAhead batches = new(new Numbered());
        batches.Take([1], [-1]);
        batches.Dispose();
    }

    private sealed class Numbered : IRowSource
    {
        public int Rows => 10;

        public int Columns => 2;

        public void Gather(ReadOnlySpan<int> rows, Span<float> destination)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                destination[2 * i] = rows[i] >= 0 ? rows[i] : throw new InvalidDataException();
                destination[(2 * i) + 1] = rows[i] + 0.5f;
            }
        }
    }
}
