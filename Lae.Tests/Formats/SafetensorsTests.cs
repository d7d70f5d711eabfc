using System.Buffers.Binary;
using System.Text;
using FsCheck.Fluent;
using Lae.Formats;

namespace Lae.Tests.Formats;

public class SafetensorsTests
{
    private static readonly SafetensorsFile Sample = new(
        [
            SafetensorsEntry.FromFloat64("weights/b", [2], [double.NegativeInfinity, 1e-300]),
            SafetensorsEntry.FromFloat32("weights/a", [2, 3], [1f, -0f, float.NaN, float.Epsilon, 0.1f, -7f]),
            new SafetensorsEntry("mask", SafetensorsType.U8, [3], new byte[] { 0, 1, 255 }),
            SafetensorsEntry.FromInt64("step", [], [long.MinValue]),
            SafetensorsEntry.FromInt32("no rows", [0, 4], []),
            SafetensorsEntry.FromInt32("größe \"q\"", [1], [-5]),
        ],
        new Dictionary<string, string> { ["seed"] = "42", ["model"] = "a \"name\"\nüber zwei Zeilen" });

    private static void Read(Stream stream) => Safetensors.Read(stream, "some.safetensors");

    private static byte[] Written(SafetensorsFile file) => FormatChecks.Written(stream => Safetensors.Write(stream, file));

    private static byte[] Raw(string header, int dataBytes)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. new byte[dataBytes]];
    }

    private static bool Same(SafetensorsFile one, SafetensorsFile other) =>
        one.Metadata.SequenceEqual(other.Metadata)
        && one.Entries.Count == other.Entries.Count
        && one.Entries.Zip(other.Entries).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.Type == pair.Second.Type
            && pair.First.Shape.SequenceEqual(pair.Second.Shape) && pair.First.Data.Span.SequenceEqual(pair.Second.Data.Span));

    [Fact]
    public void KnownBytes_Written()
    {
        byte[] bytes = Written(new SafetensorsFile([SafetensorsEntry.FromFloat32("x", [1], [1f])]));
        const string Header = """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";

        Assert.Equal(56, BinaryPrimitives.ReadInt64LittleEndian(bytes));
        Assert.Equal(Header.PadRight(56), Encoding.UTF8.GetString(bytes, 8, 56));
        Assert.Equal([0, 0, 0x80, 0x3F], bytes[64..]);
    }

    [Fact]
    public void File_ComesBack()
    {
        SafetensorsFile back = Safetensors.Read(new MemoryStream(Written(Sample)), "some.safetensors");

        Assert.True(Same(Sample, back));
        Assert.True(back.TryGetEntry("weights/a", out SafetensorsEntry? entry));
        Assert.Equal([1f, -0f, float.NaN, float.Epsilon, 0.1f, -7f], entry.ToFloat32());
        Assert.True(back.TryGetEntry("step", out entry));
        Assert.Equal([long.MinValue], entry.ToInt64());
        Assert.False(back.TryGetEntry("absent", out _));
        Assert.Throws<InvalidOperationException>(entry.ToFloat64);
    }

    [Fact]
    public void OrderOfEntries_DoesNotChangeBytes() =>
        Assert.Equal(Written(Sample), Written(new SafetensorsFile([.. Sample.Entries.Reverse()], Sample.Metadata)));

    [Fact]
    public void AnyDoubles_ComeBackBitForBit() => FormatChecks.ForAll(
        FormatChecks.AnyDouble.ArrayOf().Zip(Gen.Choose(0, 0x24F).Select(code => (char)code).ArrayOf()), 103, sample =>
        {
            var (values, characters) = sample;
            var file = new SafetensorsFile(
                [
                    SafetensorsEntry.FromFloat64("d" + new string(characters), [values.Length], values),
                    SafetensorsEntry.FromFloat32("f", [1, values.Length], Array.ConvertAll(values, value => (float)value)),
                ],
                new Dictionary<string, string> { [new string(characters)] = new string(characters) });
            return Same(file, Safetensors.Read(new MemoryStream(Written(file)), "memory"));
        });

    [Fact]
    public void Truncated_Refused()
    {
        FormatChecks.EveryTruncationIsRefused(Written(Sample), Read);
        FormatChecks.NoChangedByteBreaks(Written(Sample), Read);
    }

    [Theory]
    [InlineData("[]", 0, "byte 8", "{")]
    [InlineData("{ ", 0, "header", "JSON")]
    [InlineData("""{"x":1}""", 0, "tensor \"x\"", "exactly dtype")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1]}}""", 4, "tensor \"x\"", "data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""", 4, "tensor \"x\"", "exactly")]
    [InlineData("""{"x":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}""", 2, "tensor \"x\"", "BF16")]
    [InlineData("""{"x":{"dtype":7,"shape":[1],"data_offsets":[0,2]}}""", 2, "tensor \"x\"", "dtype")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "tensor \"x\"", "shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "tensor \"x\"", "shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "tensor \"x\"", "shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""", 4, "tensor \"x\"", "span")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 8, "tensor \"x\"", "span")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "tensor \"x\"", "begin <= end")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "tensor \"x\"", "begin")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "tensor \"x\"", "offset 0")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "tensor \"y\"", "offset 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "header", "repeated")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "byte 66", "end of the data")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "byte 65", "end inside")]
    [InlineData("""{"__metadata__":[]}""", 0, "__metadata__", "map of texts")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "__metadata__", "\"a\"")]
    [InlineData("""{"__metadata__":{"a":"\ud800"}}""", 0, "header", "well-formed")]
    public void MalformedHeader_Refused(string header, int dataBytes, string place, string word) =>
        FormatChecks.Refused(Raw(header, dataBytes), Read, "some.safetensors", place, word);

    [Fact]
    public void AbsurdHeaderLength_Refused() =>
        FormatChecks.Refused([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7B], Read, "byte 0", "header length");

    [Fact]
    public void Entry_ChecksItsParts()
    {
        Assert.Throws<ArgumentException>(() => SafetensorsEntry.FromFloat32("x", [2], [1f]));
        Assert.Throws<ArgumentException>(() => SafetensorsEntry.FromFloat32("__metadata__", [1], [1f]));
        Assert.Throws<ArgumentException>(() => SafetensorsEntry.FromFloat32("half \ud800 pair", [1], [1f]));
        Assert.Throws<ArgumentException>(() => new SafetensorsEntry("x", SafetensorsType.F32, [1], new byte[3]));
        SafetensorsEntry one = SafetensorsEntry.FromFloat32("x", [1], [1f]);
        Assert.Throws<ArgumentException>(() => new SafetensorsFile([one, one]));
    }

    [FactIfPython]
    public void PlainPython_ReadsTheSame()
    {
        const string Script = """
            import json, struct, sys
            raw = sys.stdin.buffer.read()
            n = struct.unpack('<Q', raw[:8])[0]
            assert n % 8 == 0
            header = json.loads(raw[8:8 + n])
            data = raw[8 + n:]
            def values(name, code):
                begin, end = header[name]['data_offsets']
                return struct.unpack('<%d%s' % ((end - begin) // struct.calcsize(code), code), data[begin:end])
            print([k for k in header])
            print(header['weights/a']['shape'], [v.hex() for v in values('weights/a', 'f')])
            print([v.hex() for v in values('weights/b', 'd')], values('mask', 'B'), values('step', 'q'), header['step']['shape'])
            print(ascii(header['__metadata__']['model']), header['__metadata__']['seed'])
            """;

        string[] lines = FactIfPythonAttribute.Run(Script, Written(Sample)).Split('\n', StringSplitOptions.TrimEntries);

        Assert.Equal("""['__metadata__', 'größe "q"', 'mask', 'no rows', 'step', 'weights/a', 'weights/b']""", lines[0]);
        Assert.Equal("[2, 3] ['0x1.0000000000000p+0', '-0x0.0p+0', 'nan', '0x1.0000000000000p-149', '0x1.99999a0000000p-4', '-0x1.c000000000000p+2']", lines[1]);
        Assert.Equal("['-inf', '0x1.56e1fc2f8f359p-997'] (0, 1, 255) (-9223372036854775808,) []", lines[2]);
        Assert.Equal("""'a "name"\n\xfcber zwei Zeilen' 42""", lines[3]);
    }
}
