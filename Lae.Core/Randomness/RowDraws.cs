using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lae.Randomness;

/// <summary>
/// Draws for the rows of a matrix, where a row is a function of (key, row id, stream) alone: rows may be added, dropped, reordered
/// or filled by different threads, and columns added, without changing a bit of the others.
/// <code>
/// counter = (block of columns, row id, stream, domain),  4 columns of float or 2 of double to a block
/// uniform   u in the open interval (0, 1): (k + ½) 2⁻²³ in float, (k + ½) 2⁻⁵² in double, which are exact; u and 1 − u have the same law
/// normal    Box and Muller, each pair of columns from a radius and an angle of 32 bits (float) or 64 bits (double)
/// </code>
/// </summary>
/// <remarks>
/// <para>Normals reach to |z| = 6.764 in float and 9.493 in double; the normal law has probability 1.4e-11 and 2.3e-21 beyond.
/// They are within 3.5 units in the last place (float) or a relative 1e-15 (double) of the exact transform.</para>
/// <para>Float and double draws, uniforms and normals are unrelated to each other even for the same key and stream.</para>
/// <para>To share work, give each thread a slice of the rows, or of the columns of one row through <c>firstColumn</c>.
/// Nothing is allocated. The bits are the same on every processor: with AVX-512, with AVX2 or with neither.</para>
/// </remarks>
public static class RowDraws
{
    /// <summary>So many blocks are sooner drawn one by one than as a part of a register, as the accept uniform of a single chain.</summary>
    private const int FewBlocks = 2;

    /// <summary>Fills one row per id with uniform float draws.</summary>
    /// <param name="key">The key.</param>
    /// <param name="stream">The stream; streams of a key are unrelated.</param>
    /// <param name="rowIds">The id of each row, any value; equal ids give equal rows.</param>
    /// <param name="columns">The number of columns of a row, ≥ 0.</param>
    /// <param name="destination">Row-major [rowIds.Length, columns].</param>
    /// <param name="firstColumn">The column of the row that the destination begins at: a multiple of 4, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public static void Uniform(RandomKey key, uint stream, ReadOnlySpan<int> rowIds, int columns, Span<float> destination, int firstColumn = 0) =>
        Fill<float, UniformSingle>(key, stream, new RowIds(rowIds), firstColumn, columns, destination);

    /// <summary>Fills the rows with ids firstRowId, firstRowId + 1, … with uniform float draws.</summary>
    /// <param name="key">The key.</param>
    /// <param name="stream">The stream; streams of a key are unrelated.</param>
    /// <param name="firstRowId">The id of the first row, ≥ 0.</param>
    /// <param name="rows">The number of rows, ≥ 0; the last id must be an int.</param>
    /// <param name="columns">The number of columns of a row, ≥ 0.</param>
    /// <param name="destination">Row-major [rows, columns].</param>
    /// <param name="firstColumn">The column of the row that the destination begins at: a multiple of 4, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public static void Uniform(RandomKey key, uint stream, int firstRowId, int rows, int columns, Span<float> destination, int firstColumn = 0) =>
        Fill<float, UniformSingle>(key, stream, Range(firstRowId, rows), firstColumn, columns, destination);

    /// <summary>Fills one row per id with uniform double draws.</summary>
    /// <param name="key">The key.</param>
    /// <param name="stream">The stream; streams of a key are unrelated.</param>
    /// <param name="rowIds">The id of each row, any value; equal ids give equal rows.</param>
    /// <param name="columns">The number of columns of a row, ≥ 0.</param>
    /// <param name="destination">Row-major [rowIds.Length, columns].</param>
    /// <param name="firstColumn">The column of the row that the destination begins at: a multiple of 4, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public static void Uniform(RandomKey key, uint stream, ReadOnlySpan<int> rowIds, int columns, Span<double> destination, int firstColumn = 0) =>
        Fill<double, UniformDouble>(key, stream, new RowIds(rowIds), firstColumn, columns, destination);

    /// <summary>Fills the rows with ids firstRowId, firstRowId + 1, … with uniform double draws.</summary>
    /// <param name="key">The key.</param>
    /// <param name="stream">The stream; streams of a key are unrelated.</param>
    /// <param name="firstRowId">The id of the first row, ≥ 0.</param>
    /// <param name="rows">The number of rows, ≥ 0; the last id must be an int.</param>
    /// <param name="columns">The number of columns of a row, ≥ 0.</param>
    /// <param name="destination">Row-major [rows, columns].</param>
    /// <param name="firstColumn">The column of the row that the destination begins at: a multiple of 4, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public static void Uniform(RandomKey key, uint stream, int firstRowId, int rows, int columns, Span<double> destination, int firstColumn = 0) =>
        Fill<double, UniformDouble>(key, stream, Range(firstRowId, rows), firstColumn, columns, destination);

    /// <summary>Fills one row per id with standard normal float draws.</summary>
    /// <param name="key">The key.</param>
    /// <param name="stream">The stream; streams of a key are unrelated.</param>
    /// <param name="rowIds">The id of each row, any value; equal ids give equal rows.</param>
    /// <param name="columns">The number of columns of a row, ≥ 0.</param>
    /// <param name="destination">Row-major [rowIds.Length, columns].</param>
    /// <param name="firstColumn">The column of the row that the destination begins at: a multiple of 4, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public static void Normal(RandomKey key, uint stream, ReadOnlySpan<int> rowIds, int columns, Span<float> destination, int firstColumn = 0) =>
        Fill<float, NormalSingle>(key, stream, new RowIds(rowIds), firstColumn, columns, destination);

    /// <summary>Fills the rows with ids firstRowId, firstRowId + 1, … with standard normal float draws.</summary>
    /// <param name="key">The key.</param>
    /// <param name="stream">The stream; streams of a key are unrelated.</param>
    /// <param name="firstRowId">The id of the first row, ≥ 0.</param>
    /// <param name="rows">The number of rows, ≥ 0; the last id must be an int.</param>
    /// <param name="columns">The number of columns of a row, ≥ 0.</param>
    /// <param name="destination">Row-major [rows, columns].</param>
    /// <param name="firstColumn">The column of the row that the destination begins at: a multiple of 4, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public static void Normal(RandomKey key, uint stream, int firstRowId, int rows, int columns, Span<float> destination, int firstColumn = 0) =>
        Fill<float, NormalSingle>(key, stream, Range(firstRowId, rows), firstColumn, columns, destination);

    /// <summary>Fills one row per id with standard normal double draws.</summary>
    /// <param name="key">The key.</param>
    /// <param name="stream">The stream; streams of a key are unrelated.</param>
    /// <param name="rowIds">The id of each row, any value; equal ids give equal rows.</param>
    /// <param name="columns">The number of columns of a row, ≥ 0.</param>
    /// <param name="destination">Row-major [rowIds.Length, columns].</param>
    /// <param name="firstColumn">The column of the row that the destination begins at: a multiple of 4, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public static void Normal(RandomKey key, uint stream, ReadOnlySpan<int> rowIds, int columns, Span<double> destination, int firstColumn = 0) =>
        Fill<double, NormalDouble>(key, stream, new RowIds(rowIds), firstColumn, columns, destination);

    /// <summary>Fills the rows with ids firstRowId, firstRowId + 1, … with standard normal double draws.</summary>
    /// <param name="key">The key.</param>
    /// <param name="stream">The stream; streams of a key are unrelated.</param>
    /// <param name="firstRowId">The id of the first row, ≥ 0.</param>
    /// <param name="rows">The number of rows, ≥ 0; the last id must be an int.</param>
    /// <param name="columns">The number of columns of a row, ≥ 0.</param>
    /// <param name="destination">Row-major [rows, columns].</param>
    /// <param name="firstColumn">The column of the row that the destination begins at: a multiple of 4, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public static void Normal(RandomKey key, uint stream, int firstRowId, int rows, int columns, Span<double> destination, int firstColumn = 0) =>
        Fill<double, NormalDouble>(key, stream, Range(firstRowId, rows), firstColumn, columns, destination);

    internal static void Uniform(RandomKey key, uint stream, RowIds rowIds, int columns, Span<float> destination) => Fill<float, UniformSingle>(key, stream, rowIds, 0, columns, destination);

    internal static void Uniform(RandomKey key, uint stream, RowIds rowIds, int columns, Span<double> destination) => Fill<double, UniformDouble>(key, stream, rowIds, 0, columns, destination);

    internal static void Normal(RandomKey key, uint stream, RowIds rowIds, int columns, Span<float> destination) => Fill<float, NormalSingle>(key, stream, rowIds, 0, columns, destination);

    internal static void Normal(RandomKey key, uint stream, RowIds rowIds, int columns, Span<double> destination) => Fill<double, NormalDouble>(key, stream, rowIds, 0, columns, destination);

    private static RowIds Range(int firstRowId, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRowId);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (rows > 0 && firstRowId > int.MaxValue - (rows - 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rows), rows, $"The last row id, {firstRowId} + {rows} - 1, is not an int.");
        }

        return new RowIds(firstRowId, rows);
    }

    private static void Fill<T, TDraw>(RandomKey key, uint stream, RowIds rowIds, int firstColumn, int columns, Span<T> destination)
        where T : unmanaged
        where TDraw : struct, IBlockDraw<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (firstColumn < 0 || firstColumn % 4 != 0 || firstColumn > int.MaxValue - columns)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstColumn), firstColumn, "The first column must be a multiple of 4, at least 0, and the last column an int.");
        }

        if (destination.Length != (long)rowIds.Count * columns)
        {
            throw new ArgumentException(
                $"The destination has {destination.Length} elements, but [{rowIds.Count}, {columns}] has {(long)rowIds.Count * columns}.", nameof(destination));
        }

        long blocks = rowIds.Count * (((long)columns + TDraw.Columns - 1) / TDraw.Columns);
        if (blocks <= FewBlocks)
        {
            ScalarDraws.Fill<T, TDraw>(key, stream, rowIds, firstColumn, columns, destination);
        }
        else if (blocks > DrawWidth256.Blocks && Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            WideDraws.Fill<T, TDraw, DrawWidth512>(key, stream, rowIds, firstColumn, columns, destination);
        }
        else if (Avx2.IsSupported && Fma.IsSupported)
        {
            WideDraws.Fill<T, TDraw, DrawWidth256>(key, stream, rowIds, firstColumn, columns, destination);
        }
        else
        {
            ScalarDraws.Fill<T, TDraw>(key, stream, rowIds, firstColumn, columns, destination);
        }
    }
}
