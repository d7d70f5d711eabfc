namespace Lae.Formats;

/// <summary>
/// The cyclic redundancy check of PNG and zip: polynomial EDB88320 (reversed), start and final complement FFFFFFFF.
/// Source: ISO 3309; PNG specification, annex D.
/// </summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    public const uint Start = 0xFFFFFFFF;

    /// <summary>Feeds bytes to a running register that began as <see cref="Start"/>; its complement is the check value.</summary>
    public static uint Append(uint register, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            register = Table[(byte)(register ^ value)] ^ (register >> 8);
        }

        return register;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
