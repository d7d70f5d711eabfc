using System.Buffers;
using System.Numerics;

namespace Lae.Randomness;

/// <summary>
/// Random integers, permutations and choices without replacement, each a function of the key alone.
/// <code>
/// integer below b   ⌊w b / 2³²⌋ for a 32-bit word w, drawn again where the low half of w b is under 2³² mod b: exactly uniform
/// permutation       Fisher and Yates: for i = 0 … n − 1 exchange places i and i + (an integer below n − i)
/// choice of m       the first m places of that permutation
/// </code>
/// </summary>
/// <remarks>
/// Counter: (i / 4, attempt, 0, domain), word i mod 4. Every permutation is equally likely as far as a key of 64 bits reaches (from 21
/// elements on there are more permutations than keys). Source of the integers: D. Lemire, "Fast random integer generation in an interval", 2019.
/// </remarks>
public static class Permutation
{
    /// <summary>A uniformly random order of 0 … count − 1.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">The number of elements, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static int[] Of(RandomKey key, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        IntegerSource source = new(key, DrawDomain.Permutation);
        for (int i = 0; i < count; i++)
        {
            int j = i + source.Below(i, count - i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>
    /// Distinct integers from 0 … from − 1 in uniformly random order: the first <paramref name="count"/> elements of <see cref="Of"/>(key, from),
    /// at a cost that grows with count, not with from.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many, 0 … from.</param>
    /// <param name="from">The number to choose from, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static int[] Choose(RandomKey key, int count, int from)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, from);
        int[] chosen = new int[count];
        Choose(key, from, chosen);
        return chosen;
    }

    /// <summary>As <see cref="Choose(RandomKey, int, int)"/>, into a given place.</summary>
    /// <param name="key">The key.</param>
    /// <param name="from">The number to choose from, ≥ 0.</param>
    /// <param name="destination">Filled; at most <paramref name="from"/> elements.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="from"/> is negative.</exception>
    /// <exception cref="ArgumentException">The destination is longer than <paramref name="from"/>.</exception>
    public static void Choose(RandomKey key, int from, Span<int> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        if (destination.Length > from)
        {
            throw new ArgumentException($"Cannot choose {destination.Length} distinct integers from {from}.", nameof(destination));
        }

        // Where much is chosen, the whole order is not larger than the table below.
        if (2L * destination.Length >= from)
        {
            Of(key, from).AsSpan(0, destination.Length).CopyTo(destination);
            return;
        }

        // The order as an open table of the places that an exchange has changed; place i is not looked at again after step i.
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(2L * destination.Length + 1, 1 << 30));
        int[] places = ArrayPool<int>.Shared.Rent(size);
        int[] elements = ArrayPool<int>.Shared.Rent(size);
        places.AsSpan(0, size).Fill(-1);
        IntegerSource source = new(key, DrawDomain.Permutation);
        for (int i = 0; i < destination.Length; i++)
        {
            int j = i + source.Below(i, from - i);
            int slotI = Slot(places, size, i);
            int elementI = places[slotI] < 0 ? i : elements[slotI];
            int slotJ = Slot(places, size, j);
            destination[i] = places[slotJ] < 0 ? j : elements[slotJ];
            places[slotJ] = j;
            elements[slotJ] = elementI;
        }

        ArrayPool<int>.Shared.Return(places);
        ArrayPool<int>.Shared.Return(elements);
    }

    /// <summary>Independent integers, uniform on 0 … bound − 1; element i depends on (key, bound, i) alone.</summary>
    /// <param name="key">The key.</param>
    /// <param name="bound">The bound, ≥ 1.</param>
    /// <param name="destination">Filled.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public static void Integers(RandomKey key, int bound, Span<int> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        IntegerSource source = new(key, DrawDomain.Integers);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = source.Below(i, bound);
        }
    }

    // The slot of a place in the open table, or the free slot where it belongs.
    private static int Slot(int[] places, int size, int place)
    {
        int slot = (int)((uint)place * 0x9E3779B9u) & (size - 1);
        while (places[slot] >= 0 && places[slot] != place)
        {
            slot = (slot + 1) & (size - 1);
        }

        return slot;
    }

    private ref struct IntegerSource(RandomKey key, uint domain)
    {
        private PhiloxBlock block;
        private int blockIndex = -1;

        // An integer below the bound, a function of (key, domain, index, bound).
        public int Below(int index, int bound)
        {
            if (index >> 2 != blockIndex)
            {
                blockIndex = index >> 2;
                block = Philox.Block(key, (uint)blockIndex, 0, 0, domain);
            }

            ulong product = (ulong)Word(block, index) * (uint)bound;
            if ((uint)product < (uint)bound)
            {
                uint rejected = (0u - (uint)bound) % (uint)bound;
                for (uint attempt = 1; (uint)product < rejected; attempt++)
                {
                    product = (ulong)Word(Philox.Block(key, (uint)blockIndex, attempt, 0, domain), index) * (uint)bound;
                }
            }

            return (int)(product >> 32);
        }

        private static uint Word(PhiloxBlock block, int index) => (index & 3) switch
        {
            0 => block.Word0,
            1 => block.Word1,
            2 => block.Word2,
            _ => block.Word3,
        };
    }
}
