using System.Text;
using FsCheck.Fluent;
using Lae.Formats;

namespace Lae.Tests.Formats;

public class NpyTests
{
    private static void Read(Stream stream) => Npy.Read(stream, "some.npy");

    private static byte[] Written(NpyArray array) => FormatChecks.Written(stream => Npy.Write(stream, array));

    private static byte[] Raw(string header, byte[] data, byte version = 1)
    {
        byte[] text = Encoding.ASCII.GetBytes(header);
        byte[] length = version == 1 ? [(byte)text.Length, (byte)(text.Length >> 8)] : [(byte)text.Length, (byte)(text.Length >> 8), 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }

    [Fact]
    public void KnownBytes_Written()
    {
        byte[] bytes = Written(NpyArray.FromFloat32([2], [1f, -2f]));
        const string Header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";

        Assert.Equal(Raw((Header.PadRight(117) + "\n"), [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]), bytes);
        Assert.Equal(128 + 8, bytes.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Versions_Read(byte version)
    {
        NpyArray array = Npy.Read(new MemoryStream(Raw("{\"shape\":(2,3),'descr' : '|u1','fortran_order':False}", [1, 2, 3, 4, 5, 6], version)), "some.npy");
        Assert.Equal([2, 3], array.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], array.ToFloat64());
    }

    [Fact]
    public void FortranOrder_BecomesRowMajor()
    {
        // Element [i, j, k] of the shape (2, 3, 2) is 100 i + 10 j + k; the first index runs fastest.
        byte[] data = [0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121];
        NpyArray array = Npy.Read(new MemoryStream(Raw("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2)}", data)), "some.npy");
        Assert.Equal([0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121], array.ToInt32());
    }

    [Fact]
    public void AnyArray_ComesBack() => FormatChecks.ForAll(FormatChecks.Shapes.Zip(FormatChecks.AnyDouble.ArrayOf(625)), 106, sample =>
    {
        var (shape, numbers) = sample;
        double[] values = numbers[..FormatChecks.Product(shape)];
        NpyArray back = Npy.Read(new MemoryStream(Written(NpyArray.FromFloat64(shape, values))), "memory");
        return back.Shape.SequenceEqual(shape)
            && back.ToFloat64().Select(BitConverter.DoubleToInt64Bits).SequenceEqual(values.Select(BitConverter.DoubleToInt64Bits));
    });

    [Fact]
    public void Elements_WidenAndNeverNarrow()
    {
        Assert.Equal([0.1f], NpyArray.FromFloat32([1], [0.1f]).ToFloat64().Select(value => (float)value));
        Assert.Equal([int.MinValue], NpyArray.FromInt64([1], [int.MinValue]).ToInt32());
        Assert.Equal([-3.0], NpyArray.FromInt32([], [-3]).ToFloat64());
        Assert.Equal([7L], NpyArray.FromInt32([1], [7]).ToInt64());
        Assert.Equal([1f], new NpyArray(NpyType.Boolean, [1], new byte[] { 1 }).ToFloat32());
        Assert.Throws<DataFormatException>(() => NpyArray.FromInt64([1], [1L << 31]).ToInt32());
        Assert.Throws<DataFormatException>(() => NpyArray.FromInt64([1], [(1L << 53) + 1]).ToFloat64());
        Assert.Throws<DataFormatException>(() => NpyArray.FromFloat64([1], [1]).ToFloat32());
        Assert.Throws<DataFormatException>(() => NpyArray.FromFloat64([1], [1]).ToInt64());
        Assert.Throws<ArgumentException>(() => NpyArray.FromFloat64([2], [1]));
    }

    [Fact]
    public void Truncated_Refused()
    {
        byte[] file = Written(NpyArray.FromInt32([2, 1], [5, -6]));
        FormatChecks.EveryTruncationIsRefused(file, Read);
        FormatChecks.NoChangedByteBreaks(file, Read);
    }

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}", ">f4")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (1,)}", "<f2")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "|O")]
    [InlineData("{'descr': '|u1', 'fortran_order': False}", "dictionary")]
    [InlineData("{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (4,)}", "dictionary")]
    [InlineData("{'descr': '|u1', 'fortran_order': 0, 'shape': (4,)}", "dictionary")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (-4,)}", "dictionary")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (4 4)}", "dictionary")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': 4}", "dictionary")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (4,)} more", "dictionary")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "dictionary")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647)}", "at most")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (300000000,)}", "at most")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (3,)}", "end of the data")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (5,)}", "expected 5 bytes, found 4")]
    [InlineData("{'descr': '|b1', 'fortran_order': False, 'shape': (4,)}", "0 or 1, found 9")]
    public void Malformed_Refused(string header, string word) =>
        FormatChecks.Refused(Raw(header, [0, 1, 9, 0]), Read, "some.npy: byte ", word);

    [Fact]
    public void OtherVersions_Refused() => FormatChecks.Refused(Raw("{}", [], version: 4), Read, "byte 6", "4.0");
}
