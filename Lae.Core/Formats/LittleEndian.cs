using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lae.Formats;

/// <summary>Number arrays as little-endian bytes and back, on any processor.</summary>
internal static class LittleEndian
{
    public static byte[] ToBytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        ReverseOnBigEndian(bytes, Unsafe.SizeOf<T>());
        return bytes;
    }

    public static T[] FromBytes<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged
    {
        var values = new T[bytes.Length / Unsafe.SizeOf<T>()];
        Span<byte> destination = MemoryMarshal.AsBytes(values.AsSpan());
        bytes.CopyTo(destination);
        ReverseOnBigEndian(destination, Unsafe.SizeOf<T>());
        return values;
    }

    private static void ReverseOnBigEndian(Span<byte> bytes, int size)
    {
        if (BitConverter.IsLittleEndian)
        {
            return;
        }

        for (int start = 0; start < bytes.Length; start += size)
        {
            bytes.Slice(start, size).Reverse();
        }
    }
}
