using Microsoft.Win32.SafeHandles;

namespace Lae.Datasets;

/// <summary>
/// A file of rows of one length in the making: what comes as a stream (compressed, or as text) is written once, in order, and read by <see cref="FileRows"/> in any order from then on.
/// Memory is one buffer, whatever the number of rows.
/// </summary>
/// <param name="handle">An empty file, open for reading and writing.</param>
internal sealed class RowSpool(SafeFileHandle handle)
{
    private readonly byte[] buffer = new byte[1 << 16];
    private int filled;
    private long written;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int count = Math.Min(bytes.Length, buffer.Length - filled);
            bytes[..count].CopyTo(buffer.AsSpan(filled));
            filled += count;
            bytes = bytes[count..];
            if (filled == buffer.Length)
            {
                Flush();
            }
        }
    }

    public void Flush()
    {
        RandomAccess.Write(handle, buffer.AsSpan(0, filled), written);
        written += filled;
        filled = 0;
    }
}
