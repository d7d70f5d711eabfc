using Lae.Randomness;

namespace Lae.Kernels;

/// <summary>
/// Which chains run together, each by its number. A chain's draws depend on its number alone, so chains can be added, dropped and
/// put in another order without changing the others.
/// </summary>
public sealed class Chains
{
    private readonly ReadOnlyMemory<int> ids;
    private readonly bool isRange;

    private Chains(ReadOnlyMemory<int> ids)
    {
        this.ids = ids;
        isRange = true;
        ReadOnlySpan<int> numbers = ids.Span;
        for (int i = 1; i < numbers.Length; i++)
        {
            isRange &= numbers[i] == numbers[0] + i;
        }
    }

    /// <summary>How many.</summary>
    public int Count => ids.Length;

    /// <summary>The number of each row's chain.</summary>
    public ReadOnlySpan<int> Ids => ids.Span;

    /// <summary>Chains numbered from 0.</summary>
    /// <param name="count">1 or more.</param>
    /// <returns>Chains 0 to count − 1.</returns>
    public static Chains Range(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new Chains(Enumerable.Range(0, count).ToArray());
    }

    /// <summary>Chains by their numbers.</summary>
    /// <param name="ids">Distinct numbers, 0 or more, at least one.</param>
    /// <returns>Those chains, a row each in this order.</returns>
    public static Chains Of(params IEnumerable<int> ids)
    {
        int[] copy = [.. ids];
        if (copy.Length == 0 || copy.Any(id => id < 0) || copy.Distinct().Count() != copy.Length)
        {
            throw new ArgumentException($"Chain numbers must be distinct and 0 or more: {string.Join(", ", copy)}.", nameof(ids));
        }

        return new Chains(copy);
    }

    /// <summary>The numbers as rows to draw for: a range where they follow each other, which is sooner done.</summary>
    internal RowIds Rows => isRange ? new RowIds(Ids[0], ids.Length) : new RowIds(Ids);

    /// <summary>Rows of chains of which one may be there several times, as where a law repeats a row.</summary>
    internal static Chains WithRepeats(int[] ids) => new(ids);

    /// <summary>Some of the rows of other chains, in memory that is lent for as long as these are used.</summary>
    internal static Chains Lent(ReadOnlyMemory<int> ids) => new(ids);
}
