using System.Buffers;
using System.Runtime.InteropServices;
using Lae.Formats;
using Microsoft.Win32.SafeHandles;

namespace Lae.Datasets;

/// <summary>
/// Rows that stay on disk and are read by random access, so that memory does not grow with the file: a plain IDX or CIFAR-10 file, or a .npy table. Rows that lie near each
/// other in the file share a read, in whatever order they are asked for: the more are asked for at once, the fewer reads. What was read lately is in the operating system's cache, which is no memory of the process. Any order of rows is exact: shuffling is that of resident rows, bit for bit.
/// </summary>
public sealed class FileRows : IRowSource, IDisposable
{
    /// <summary>Rows near each other are read in portions of so many bytes.</summary>
    private const int BytesAtOnce = 1 << 16;

    /// <summary>Bytes between two rows that are read and thrown away rather than begin another read: a system call costs more.</summary>
    private const int LargestGap = 1 << 13;

    private readonly SafeFileHandle handle;
    private readonly RowLayout layout;
    private readonly int? levels;
    private readonly Standardization? standardization;

    /// <summary>Rows of a file; the handle is the caller's no more.</summary>
    /// <param name="handle">The file, open for reading.</param>
    /// <param name="layout">Where the rows are.</param>
    /// <param name="levels">Number of levels of pixels, which are brought to [−1, 1]; null for a table.</param>
    /// <param name="standardization">How the columns of a table are standardised; null leaves them as they are.</param>
    /// <exception cref="DataFormatException">The file is shorter than its rows.</exception>
    public FileRows(SafeFileHandle handle, RowLayout layout, int? levels = null, Standardization? standardization = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels ?? 2, 2, nameof(levels));
        if (standardization is not null && standardization.Means.Count != layout.Columns)
        {
            throw new ArgumentException($"A standardisation of {standardization.Means.Count} columns does not fit {layout.Columns}.", nameof(standardization));
        }

        long needed = layout.FirstByte + ((layout.Rows - 1L) * layout.RowBytes) + layout.ValueBytes;
        long length = RandomAccess.GetLength(handle);
        if (length < needed)
        {
            throw new DataFormatException(layout.SourceName, $"byte {length}", $"the data end inside the rows: expected {needed} bytes, found {length}");
        }

        this.handle = handle;
        this.layout = layout;
        this.levels = levels;
        this.standardization = standardization;
    }

    /// <inheritdoc/>
    public int Rows => layout.Rows;

    /// <inheritdoc/>
    public int Columns => layout.Columns;

    /// <summary>The same rows under a standardisation; both read through one handle.</summary>
    /// <param name="fitted">The standardisation.</param>
    /// <returns>The rows.</returns>
    public FileRows Standardized(Standardization fitted) => new(handle, layout, levels, fitted);

    /// <summary>Rows as they stand in the file, in double precision.</summary>
    /// <param name="rows">Which, each in [0, Rows).</param>
    /// <param name="destination">[rows.Length, Columns], filled.</param>
    /// <exception cref="DataFormatException">A value is not finite, or no level.</exception>
    public void GatherRaw(ReadOnlySpan<int> rows, Span<double> destination)
    {
        int[] places = ArrayPool<int>.Shared.Rent(rows.Length);
        int[] sorted = ArrayPool<int>.Shared.Rent(rows.Length);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(BytesAtOnce, layout.RowBytes));
        try
        {
            rows.CopyTo(sorted);
            for (int i = 0; i < rows.Length; i++)
            {
                places[i] = i;
            }

            Array.Sort(sorted, places, 0, rows.Length);
            for (int i = 0; i < rows.Length;)
            {
                int first = sorted[i];
                int count = 1;
                while (i + count < rows.Length && IsNear(first, sorted[i + count - 1], sorted[i + count]))
                {
                    count++;
                }

                Read(first, sorted[i + count - 1], buffer);
                for (int last = i + count; i < last; i++)
                {
                    Decode(sorted[i], buffer.AsSpan((sorted[i] - first) * layout.RowBytes, layout.ValueBytes), destination.Slice(places[i] * Columns, Columns));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            ArrayPool<int>.Shared.Return(sorted);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<int> rows, Span<float> destination)
    {
        double[] raw = ArrayPool<double>.Shared.Rent(rows.Length * Columns);
        try
        {
            GatherRaw(rows, raw);
            for (int i = 0; i < rows.Length * Columns; i++)
            {
                int column = i % Columns;
                double value = levels is { } count ? (2.0 * raw[i] / (count - 1)) - 1.0
                    : standardization is { } map ? (raw[i] - map.Means[column]) / map.Deviations[column]
                    : raw[i];
                destination[i] = float.IsFinite((float)value)
                    ? (float)value
                    : throw Fault(rows[i / Columns], column, FormattableString.Invariant($"expected a value that single precision can hold, found {value}"));
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(raw);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    /// <summary>Whether a row is so near to the one before it that one read takes both, and those from the first on.</summary>
    private bool IsNear(int first, int before, int row) =>
        (row - (long)before - 1) * layout.RowBytes <= LargestGap && (row - (long)first + 1) * layout.RowBytes <= BytesAtOnce;

    private void Read(int first, int last, byte[] buffer)
    {
        if (first < 0 || last >= Rows)
        {
            throw new ArgumentOutOfRangeException(nameof(first), first < 0 ? first : last, $"Rows are numbered from 0 to {Rows - 1}.");
        }

        Span<byte> bytes = buffer.AsSpan(0, ((last - first) * layout.RowBytes) + layout.ValueBytes);
        long place = layout.FirstByte + ((long)first * layout.RowBytes);
        for (int filled = 0; filled < bytes.Length;)
        {
            int got = RandomAccess.Read(handle, bytes[filled..], place + filled);
            filled += got > 0 ? got : throw new DataFormatException(
                layout.SourceName, $"byte {place + filled}", $"the data end inside row {first + (filled / layout.RowBytes) + 1}: the file became shorter");
        }
    }

    private void Decode(int row, ReadOnlySpan<byte> bytes, Span<double> values)
    {
        for (int column = 0; column < values.Length; column++)
        {
            values[column] = layout.Type switch
            {
                NpyType.Float32 => MemoryMarshal.Cast<byte, float>(bytes)[column],
                NpyType.Float64 => MemoryMarshal.Cast<byte, double>(bytes)[column],
                NpyType.Int32 => MemoryMarshal.Cast<byte, int>(bytes)[column],
                NpyType.Int64 => MemoryMarshal.Cast<byte, long>(bytes)[column],
                _ => bytes[column],
            };
            if (levels is { } count ? values[column] >= count : !double.IsFinite(values[column]))
            {
                throw Fault(row, column, FormattableString.Invariant($"expected {(levels is null ? "a finite number" : $"a level from 0 to {levels - 1}")}, found {values[column]}"));
            }
        }
    }

    private DataFormatException Fault(int row, int column, string problem) => new(layout.SourceName, $"row {row + 1}, column {column + 1}", problem);
}
