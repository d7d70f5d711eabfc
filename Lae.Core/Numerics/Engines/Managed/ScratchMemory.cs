namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// Scratch memory of one thread: a few numbered regions that grow as needed and are kept, so that work in a steady state allocates nothing.
/// A region's content does not outlive the primitive that asked for it.
/// </summary>
internal sealed unsafe class ScratchMemory
{
    private const int Alignment = 64;
    private readonly byte[]?[] regions = new byte[Enum.GetValues<ScratchRegion>().Length][];

    /// <summary>Room for <paramref name="count"/> elements, aligned to a cache line, not cleared.</summary>
    public T* Reserve<T>(ScratchRegion region, long count)
        where T : unmanaged
    {
        long bytes = (count * sizeof(T)) + Alignment;
        byte[]? memory = regions[(int)region];
        if (memory is null || memory.LongLength < bytes)
        {
            memory = GC.AllocateUninitializedArray<byte>(checked((int)Math.Max(bytes, 4096)), pinned: true);
            regions[(int)region] = memory;
        }

        // A pinned array does not move, so the address stays good for as long as this object keeps the array.
        fixed (byte* start = memory)
        {
            return (T*)(((nuint)start + Alignment - 1) & ~(nuint)(Alignment - 1));
        }
    }
}

/// <summary>What a region of a workspace holds.</summary>
internal enum ScratchRegion
{
    /// <summary>Packed rows of the left operand of a matrix product.</summary>
    PackedLeft,

    /// <summary>Packed columns of the right operand of a matrix product.</summary>
    PackedRight,

    /// <summary>The columns of a convolution's windows.</summary>
    Columns,

    /// <summary>Sums that wait for their logarithm.</summary>
    Sums,

    /// <summary>Other intermediate values.</summary>
    Scratch,
}
