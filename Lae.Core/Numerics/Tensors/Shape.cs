using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lae.Numerics;

/// <summary>The extents of a tensor: a value of up to six axes, held inline. The default value is the scalar.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The greatest number of axes.</summary>
    public const int MaximumRank = 6;

    private readonly Extents extents;
    private readonly byte rank;
    private readonly int count;

    /// <summary>A shape with the given extents.</summary>
    /// <param name="sizes">Extents, each 0 or more; at most six; the product of those above 0 at most 2³¹ − 1. None: a scalar.</param>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length > MaximumRank)
        {
            throw new ArgumentOutOfRangeException(nameof(sizes), sizes.Length, $"A shape has at most {MaximumRank} axes.");
        }

        // without the empty axes, so that no product of some of the extents overflows either
        long product = 1;
        bool empty = false;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(sizes[axis], nameof(sizes));
            empty |= sizes[axis] == 0;
            product *= Math.Max(sizes[axis], 1);
            if (product > int.MaxValue)
            {
                throw new ArgumentOutOfRangeException(nameof(sizes), product, "A tensor has at most 2147483647 elements.");
            }

            extents[axis] = sizes[axis];
        }

        rank = (byte)sizes.Length;
        count = empty ? 0 : (int)product;
    }

    /// <summary>The shape of a vector; the shortest way to what every transition makes several times.</summary>
    /// <param name="size">Its extent, 0 or more.</param>
    public Shape(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        extents[0] = size;
        rank = 1;
        count = size;
    }

    /// <summary>The shape of a matrix.</summary>
    /// <param name="rows">Rows, 0 or more.</param>
    /// <param name="columns">Columns, 0 or more; the product is at most 2³¹ − 1.</param>
    public Shape(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        long product = (long)rows * columns;
        if (product > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(columns), product, "A tensor has at most 2147483647 elements.");
        }

        extents[0] = rows;
        extents[1] = columns;
        rank = 2;
        count = (int)product;
    }

    /// <summary>The shape of a scalar: no axes, one element.</summary>
    public static Shape Scalar => new(ReadOnlySpan<int>.Empty);

    /// <summary>Number of axes, 0 to 6.</summary>
    public int Rank => rank;

    /// <summary>Number of elements.</summary>
    public int Count => rank == 0 ? 1 : count;

    /// <summary>The extent of an axis; negative axes count from the end (−1 is the last).</summary>
    /// <param name="axis">An axis in [−rank, rank).</param>
    public int this[int axis] => extents[Axis(axis)];

    /// <summary>Equality of extents.</summary>
    /// <param name="left">One shape.</param>
    /// <param name="right">Another.</param>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Inequality of extents.</summary>
    /// <param name="left">One shape.</param>
    /// <param name="right">Another.</param>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The axis counted from the front.</summary>
    /// <param name="axis">An axis in [−rank, rank).</param>
    /// <returns>The same axis in [0, rank).</returns>
    public int Axis(int axis)
    {
        int resolved = axis < 0 ? axis + rank : axis;
        return (uint)resolved < rank
            ? resolved
            : throw new ArgumentOutOfRangeException(nameof(axis), axis, $"The shape {this} has {rank} axes.");
    }

    /// <summary>This shape with another extent at one axis.</summary>
    /// <param name="axis">An axis in [−rank, rank).</param>
    /// <param name="size">The new extent, 0 or more.</param>
    /// <returns>The new shape.</returns>
    public Shape With(int axis, int size)
    {
        Span<int> sizes = stackalloc int[rank];
        CopyTo(sizes);
        sizes[Axis(axis)] = size;
        return new Shape(sizes);
    }

    /// <summary>This shape without one axis.</summary>
    /// <param name="axis">An axis in [−rank, rank).</param>
    /// <returns>The new shape.</returns>
    public Shape Without(int axis)
    {
        int removed = Axis(axis);
        Span<int> sizes = stackalloc int[rank - 1];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = extents[i < removed ? i : i + 1];
        }

        return new Shape(sizes);
    }

    /// <summary>The product of the extents of axes [first, last).</summary>
    /// <param name="first">The first axis, in [0, last].</param>
    /// <param name="last">One past the last axis, in [first, rank].</param>
    /// <returns>The product; 1 for an empty range.</returns>
    public int Extent(int first, int last)
    {
        if ((uint)last > rank)
        {
            throw new ArgumentOutOfRangeException(nameof(last), last, $"The shape {this} has {rank} axes.");
        }

        if ((uint)first > (uint)last)
        {
            throw new ArgumentOutOfRangeException(nameof(first), first, $"Must be in [0, {last}].");
        }

        int product = 1;
        for (int axis = first; axis < last; axis++)
        {
            product *= extents[axis];
        }

        return product;
    }

    /// <summary>Writes the extents into a span.</summary>
    /// <param name="destination">At least rank elements.</param>
    public void CopyTo(Span<int> destination)
    {
        for (int axis = 0; axis < rank; axis++)
        {
            destination[axis] = extents[axis];
        }
    }

    /// <summary>The extents as an array.</summary>
    /// <returns>A new array of rank elements.</returns>
    public int[] ToArray()
    {
        int[] sizes = new int[rank];
        CopyTo(sizes);
        return sizes;
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Same(in this, in other);

    /// <summary>Equality of extents, without a copy of either.</summary>
    internal static bool Same(ref readonly Shape a, ref readonly Shape b)
    {
        // beyond the rank all extents are 0
        ReadOnlySpan<long> left = MemoryMarshal.Cast<int, long>((ReadOnlySpan<int>)a.extents);
        ReadOnlySpan<long> right = MemoryMarshal.Cast<int, long>((ReadOnlySpan<int>)b.extents);
        return a.rank == b.rank && ((left[0] ^ right[0]) | (left[1] ^ right[1]) | (left[2] ^ right[2])) == 0;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(rank, Count, rank > 0 ? extents[0] : 0);

    /// <summary>The extents in brackets, as [100, 8].</summary>
    /// <returns>Text.</returns>
    public override string ToString() => $"[{string.Join(", ", ToArray())}]";

    [InlineArray(MaximumRank)]
    private struct Extents
    {
        private int first;
    }
}
