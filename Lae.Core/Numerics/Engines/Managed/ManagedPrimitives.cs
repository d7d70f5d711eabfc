using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lae.Numerics.Engines.Managed;

/// <summary>
/// The primitives in SIMD on a worker pool. The code is generic over the register, so that all widths run the same arithmetic; reductions use a fixed
/// number of logical lanes instead, so that neither does their order depend on the width.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="TLanes">The register's operations.</typeparam>
internal sealed unsafe partial class ManagedPrimitives<T, TVector, TLanes> : IPrimitives<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
{
    /// <summary>Elements that one thread should have at least, where the work is little more than moving memory; a dispatch costs some microseconds.</summary>
    private const int StreamGrain = 32768;

    /// <summary>The same for exponentials and their like.</summary>
    private const int TranscendentalGrain = 4096;

    /// <summary>Multiply-adds that one thread should have at least.</summary>
    private const long ProductGrain = 200_000;

    private readonly WorkerPool pool;

    public ManagedPrimitives(WorkerPool pool) => this.pool = pool;

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new ArgumentException("The length of a span is not what the shapes say.");
        }
    }

    private int PartsOfRows(int rows, int columns, int grain)
    {
        int parts = pool.Parts((long)rows * columns, grain);
        return rows <= 1 ? parts : Math.Min(parts, rows);
    }

    /// <summary>The half-open range of part <paramref name="part"/> of <paramref name="count"/> things.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (nint First, nint Last) Split(long count, int part, int parts) =>
        parts == 1 ? (0, (nint)count) : ((nint)(count * part / parts), (nint)(count * (part + 1) / parts));

    /// <summary>The same with borders between cache lines, so that two threads do not write to one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (nint First, nint Last) Stretch(long count, int part, int parts)
    {
        const int Line = 16;
        (nint first, nint last) = Split((count + Line - 1) / Line, part, parts);
        return (first * Line, (nint)Math.Min(count, last * Line));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(T* source, T* destination, nint count) =>
        Buffer.MemoryCopy(source, destination, count * sizeof(T), count * sizeof(T));
}
