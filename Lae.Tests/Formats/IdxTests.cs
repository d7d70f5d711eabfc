using System.IO.Compression;
using FsCheck.Fluent;
using Lae.Formats;

namespace Lae.Tests.Formats;

public class IdxTests
{
    private static readonly byte[] TwoByThree = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];

    private static void Read(Stream stream) => Idx.Read(stream, "some.idx");

    private static byte[] Zipped(byte[] bytes) => FormatChecks.Written(stream =>
    {
        using var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        gzip.Write(bytes);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void KnownBytes_Read(bool zipped)
    {
        IdxArray array = Idx.Read(new MemoryStream(zipped ? Zipped(TwoByThree) : TwoByThree), "some.idx");

        Assert.Equal([2, 3], array.Dimensions);
        Assert.Equal([1, 2, 3, 4, 5, 255], array.Values.ToArray());
        Assert.Equal("some.idx", array.SourceName);
    }

    [Fact]
    public void Write_GivesKnownBytes() =>
        Assert.Equal(TwoByThree, FormatChecks.Written(stream => Idx.Write(stream, new IdxArray([2, 3], new byte[] { 1, 2, 3, 4, 5, 255 }))));

    [Fact]
    public void AnyArray_ComesBack() => FormatChecks.ForAll(FormatChecks.Shapes, 101, shape =>
    {
        byte[] values = [.. Enumerable.Range(0, FormatChecks.Product(shape)).Select(i => (byte)(i * 37))];
        byte[] plain = FormatChecks.Written(stream => Idx.Write(stream, new IdxArray(shape, values)));
        IdxArray back = Idx.Read(new MemoryStream(Zipped(plain)), "memory");
        return back.Dimensions.SequenceEqual(shape) && back.Values.Span.SequenceEqual(values);
    });

    [Fact]
    public void Truncated_Refused()
    {
        FormatChecks.EveryTruncationIsRefused(TwoByThree, Read);
        FormatChecks.EveryTruncationIsRefused(Zipped(TwoByThree), Read);
    }

    [Fact]
    public void ChangedByte_NeverBreaks()
    {
        FormatChecks.NoChangedByteBreaks(TwoByThree, Read);
        FormatChecks.NoChangedByteBreaks(Zipped(TwoByThree), Read);
    }

    [Fact]
    public void Malformed_RefusedWithPlace()
    {
        FormatChecks.Refused([.. TwoByThree, 0], Read, "some.idx: byte 18:", "end");
        FormatChecks.Refused(Zipped([.. TwoByThree, 0]), Read, "some.idx: decompressed byte 18:", "end");
        FormatChecks.Refused(TwoByThree[..^2], Read, "byte 16", "expected 6 bytes, found 4");
        FormatChecks.Refused([1, .. TwoByThree[1..]], Read, "byte 0", "magic", "01000802");
        FormatChecks.Refused([0, 0, 8, 0], Read, "byte 0", "magic");
        FormatChecks.Refused([0, 0, 0x0D, .. TwoByThree[3..]], Read, "byte 2", "08", "32-bit float");
        FormatChecks.Refused([0, 0, 8, 1, 0xFF, 0xFF, 0xFF, 0xFF], Read, "byte 4", "4294967295");
        FormatChecks.Refused([0, 0, 8, 2, 0x7F, 0, 0, 0, 0x7F, 0, 0, 0], Read, "byte 4", "[2130706432, 2130706432]");
        byte[] fiveHuge = [0, 0, 8, 5, .. Enumerable.Repeat<byte[]>([0x7F, 0, 0, 0], 5).SelectMany(dimension => dimension)];
        FormatChecks.Refused(fiveHuge, Read, "byte 4");
    }

    [Fact]
    public void HugeClaim_CostsNoMemory()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        FormatChecks.Refused([0, 0, 8, 1, 0x7F, 0, 0, 0, 1, 2, 3], Read, "byte 11");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4_000_000);
    }

    [Fact]
    public void Array_ChecksItsParts()
    {
        Assert.Throws<ArgumentException>(() => new IdxArray([2, 3], new byte[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IdxArray([], new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IdxArray([-1], Array.Empty<byte>()));
    }
}
