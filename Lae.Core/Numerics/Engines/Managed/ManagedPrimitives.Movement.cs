using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>Copies between layouts, gathers and scatters.</summary>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes>
{
    private const int MostAxes = 6;

    public void CopyStrided(StridedCopyPlan plan, ReadOnlySpan<T> source, Span<T> destination)
    {
        if (plan.Sizes.Count > MostAxes)
        {
            throw new ArgumentException($"A copy has at most {MostAxes} axes, not {plan.Sizes.Count}.", nameof(plan));
        }

        CopyWork work = default;
        bool isEmpty = false;
        long total = 1;
        for (int axis = 0; axis < plan.Sizes.Count; axis++)
        {
            int size = plan.Sizes[axis];
            isEmpty |= size == 0;
            total *= size;
            work.Append(size, plan.SourceStrides[axis], plan.DestinationStrides[axis]);
        }

        if (isEmpty)
        {
            return;
        }

        work.RequireWithin(plan.SourceOffset, source.Length, plan.DestinationOffset, destination.Length);
        work.PutWriteOrder();
        fixed (T* from = source, to = destination)
        {
            work.Source = from + plan.SourceOffset;
            work.Destination = to + plan.DestinationOffset;
            pool.Run(ref work, work.Divisible(pool.Parts(total, StreamGrain)));
        }
    }

    public void GatherRows(int columns, ReadOnlySpan<int> indices, ReadOnlySpan<T> x, Span<T> y)
    {
        Require(y.Length == (long)indices.Length * columns);
        RequireRows(columns, indices, x.Length);
        fixed (int* indexAddress = indices)
        fixed (T* xAddress = x, yAddress = y)
        {
            GatherWork work = new() { Columns = columns, Rows = indices.Length, Indices = indexAddress, X = xAddress, Y = yAddress };
            pool.Run(ref work, PartsOfWholeRows(indices.Length, columns, StreamGrain));
        }
    }

    public void ScatterAddRows(int columns, ReadOnlySpan<int> indices, ReadOnlySpan<T> x, Span<T> y)
    {
        Require(x.Length == (long)indices.Length * columns);
        RequireRows(columns, indices, y.Length);
        fixed (int* indexAddress = indices)
        fixed (T* xAddress = x, yAddress = y)
        {
            // Threads share the columns: rows of y may be hit more than once, and in order.
            ScatterWork work = new() { Columns = columns, Rows = indices.Length, Indices = indexAddress, X = xAddress, Y = yAddress };
            pool.Run(ref work, Math.Max(1, Math.Min(columns / 32, pool.Parts((long)indices.Length * columns, StreamGrain))));
        }
    }

    private static void RequireRows(int columns, ReadOnlySpan<int> indices, int length)
    {
        foreach (int index in indices)
        {
            if (index < 0 || (index + 1L) * columns > length)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), index, "A row index lies outside the rows that there are.");
            }
        }
    }

    private struct GatherWork : IPartitionedWork
    {
        public nint Columns;
        public nint Rows;
        public int* Indices;
        public T* X;
        public T* Y;

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint row, nint last) = Split(Rows, part, parts);
            for (; row < last; row++)
            {
                Copy(X + (Indices[row] * Columns), Y + (row * Columns), Columns);
            }
        }
    }

    private struct ScatterWork : IPartitionedWork
    {
        public nint Columns;
        public nint Rows;
        public int* Indices;
        public T* X;
        public T* Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            (nint first, nint last) = Stretch(Columns, part, parts);
            for (nint row = 0; row < Rows; row++)
            {
                T* x = X + (row * Columns);
                T* y = Y + (Indices[row] * Columns);
                nint i = first;
                for (; i <= last - TLanes.Count; i += TLanes.Count)
                {
                    TLanes.Store(TLanes.Add(TLanes.Load(y + i), TLanes.Load(x + i)), y + i);
                }

                for (; i < last; i++)
                {
                    y[i] += x[i];
                }
            }
        }
    }

    /// <summary>A strided copy whose axes are joined where they can be; the last axis is the fastest in the destination.</summary>
    private struct CopyWork : IPartitionedWork
    {
        private const int Tile = 16;

        public T* Source;
        public T* Destination;
        private int rank;
        private fixed long sizes[MostAxes];
        private fixed long from[MostAxes];
        private fixed long to[MostAxes];

        public void Append(int size, int sourceStride, int destinationStride)
        {
            if (size != 1)
            {
                sizes[rank] = size;
                from[rank] = sourceStride;
                to[rank] = destinationStride;
                rank++;
            }
        }

        public readonly void RequireWithin(long sourceOffset, long sourceLength, long destinationOffset, long destinationLength)
        {
            (long lowSource, long highSource) = (sourceOffset, sourceOffset);
            (long lowDestination, long highDestination) = (destinationOffset, destinationOffset);
            for (int axis = 0; axis < rank; axis++)
            {
                long reach = (sizes[axis] - 1) * from[axis];
                lowSource += Math.Min(0, reach);
                highSource += Math.Max(0, reach);
                reach = (sizes[axis] - 1) * to[axis];
                lowDestination += Math.Min(0, reach);
                highDestination += Math.Max(0, reach);
            }

            Require(lowSource >= 0 && highSource < sourceLength && lowDestination >= 0 && highDestination < destinationLength);
        }

        /// <summary>Sorts the axes by falling destination stride and joins neighbours that are one run in both layouts.</summary>
        public void PutWriteOrder()
        {
            for (int axis = 1; axis < rank; axis++)
            {
                for (int i = axis; i > 0 && Math.Abs(to[i - 1]) < Math.Abs(to[i]); i--)
                {
                    (sizes[i - 1], sizes[i]) = (sizes[i], sizes[i - 1]);
                    (from[i - 1], from[i]) = (from[i], from[i - 1]);
                    (to[i - 1], to[i]) = (to[i], to[i - 1]);
                }
            }

            int kept = 0;
            for (int axis = 1; axis < rank; axis++)
            {
                if (from[kept] == from[axis] * sizes[axis] && to[kept] == to[axis] * sizes[axis])
                {
                    sizes[kept] *= sizes[axis];
                    from[kept] = from[axis];
                    to[kept] = to[axis];
                    continue;
                }

                kept++;
                sizes[kept] = sizes[axis];
                from[kept] = from[axis];
                to[kept] = to[axis];
            }

            rank = rank == 0 ? 0 : kept + 1;
        }

        public readonly int Divisible(int parts) => rank == 0 ? 1 : (int)Math.Clamp(sizes[0], 1, parts);

        public readonly void Run(int part, int parts, ScratchMemory workspace)
        {
            if (rank == 0)
            {
                *Destination = *Source;
                return;
            }

            (nint first, nint last) = Split(sizes[0], part, parts);
            T* source = Source + (first * (nint)from[0]);
            T* destination = Destination + (first * (nint)to[0]);
            if (rank == 1)
            {
                Line(source, destination, last - first);
                return;
            }

            if (rank == 2)
            {
                Plane(source, destination, last - first, 0);
                return;
            }

            for (nint i = first; i < last; i++)
            {
                Walk(1, source, destination);
                source += (nint)from[0];
                destination += (nint)to[0];
            }
        }

        private readonly void Walk(int axis, T* source, T* destination)
        {
            if (axis == rank - 2)
            {
                Plane(source, destination, (nint)sizes[axis], axis);
                return;
            }

            for (long i = 0; i < sizes[axis]; i++)
            {
                Walk(axis + 1, source, destination);
                source += (nint)from[axis];
                destination += (nint)to[axis];
            }
        }

        /// <summary>The last two axes; where the source runs along the other one, tile by tile, so that both layouts are met in whole cache lines.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Plane(T* source, T* destination, nint rows, int axis)
        {
            (nint fromRow, nint toRow) = ((nint)from[axis], (nint)to[axis]);
            (nint fromColumn, nint toColumn) = ((nint)from[axis + 1], (nint)to[axis + 1]);
            nint columns = (nint)sizes[axis + 1];
            if (Math.Abs(fromColumn) <= 1 || Math.Abs(fromRow) > Math.Abs(fromColumn))
            {
                for (nint row = 0; row < rows; row++)
                {
                    Line(source + (row * fromRow), destination + (row * toRow), columns);
                }

                return;
            }

            for (nint rowTile = 0; rowTile < rows; rowTile += Tile)
            {
                nint lastRow = Math.Min(rows, rowTile + Tile);
                for (nint columnTile = 0; columnTile < columns; columnTile += Tile)
                {
                    nint lastColumn = Math.Min(columns, columnTile + Tile);
                    for (nint row = rowTile; row < lastRow; row++)
                    {
                        T* s = source + (row * fromRow) + (columnTile * fromColumn);
                        T* d = destination + (row * toRow) + (columnTile * toColumn);
                        for (nint column = columnTile; column < lastColumn; column++)
                        {
                            *d = *s;
                            s += fromColumn;
                            d += toColumn;
                        }
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Line(T* source, T* destination, nint count)
        {
            nint sourceStride = (nint)from[rank - 1];
            nint destinationStride = (nint)to[rank - 1];
            if (sourceStride == 1 && destinationStride == 1)
            {
                Copy(source, destination, count);
            }
            else if (sourceStride == 0 && destinationStride == 1)
            {
                new Span<T>(destination, (int)count).Fill(*source);
            }
            else
            {
                for (nint i = 0; i < count; i++)
                {
                    *destination = *source;
                    source += sourceStride;
                    destination += destinationStride;
                }
            }
        }
    }
}
