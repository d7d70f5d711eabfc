using System.IO.Compression;
using Lae.Formats;

namespace Lae.Tests.Formats;

public class NpzTests
{
    private static readonly Dictionary<string, NpyArray> Sample = new()
    {
        ["y"] = NpyArray.FromInt64([2], [1, -1]),
        ["X"] = NpyArray.FromFloat64([2, 2], [0.5, 1.5, 2.5, double.NaN]),
    };

    private static void Read(Stream stream) => Npz.Read(stream, "some.npz");

    private static byte[] Written(IReadOnlyDictionary<string, NpyArray> arrays) => FormatChecks.Written(stream => Npz.Write(stream, arrays));

    private static byte[] Archive(params (string Name, byte[] Content)[] entries) => FormatChecks.Written(stream =>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, content) in entries)
        {
            using Stream entry = archive.CreateEntry(name).Open();
            entry.Write(content);
        }
    });

    [Fact]
    public void Arrays_ComeBack()
    {
        IReadOnlyDictionary<string, NpyArray> back = Npz.Read(new MemoryStream(Written(Sample)), "some.npz");

        Assert.Equal(["X", "y"], back.Keys);
        Assert.Equal([0.5, 1.5, 2.5, double.NaN], back["X"].ToFloat64());
        Assert.Equal([1, -1], back["y"].ToInt64());
        Assert.Equal("some.npz/X.npy", back["X"].SourceName);
    }

    [Fact]
    public void OrderAndClock_DoNotChangeBytes() =>
        Assert.Equal(Written(Sample), Written(Sample.Reverse().ToDictionary(pair => pair.Key, pair => pair.Value)));

    [Fact]
    public void Truncated_Refused()
    {
        FormatChecks.EveryTruncationIsRefused(Written(Sample), Read);
        FormatChecks.NoChangedByteBreaks(Written(Sample), Read);
    }

    [Fact]
    public void Malformed_Refused()
    {
        byte[] array = FormatChecks.Written(stream => Npy.Write(stream, Sample["y"]));
        FormatChecks.Refused(Archive(("readme.txt", [1])), Read, "entry \"readme.txt\"", ".npy");
        FormatChecks.Refused(Archive(("a.npy", array), ("a.npy", array)), Read, "entry \"a.npy\"", "again");
        FormatChecks.Refused(Archive(("a.npy", array[..^1])), Read, "some.npz/a.npy: byte", "end inside");
        FormatChecks.Refused([1, 2, 3], Read, "zip archive");
    }

    [Fact]
    public void ChangedElement_IsSeenByTheCheckValue()
    {
        byte[] file = FormatChecks.Written(stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            using Stream entry = archive.CreateEntry("a.npy", CompressionLevel.NoCompression).Open();
            Npy.Write(entry, NpyArray.FromInt64([1], [0x1122334455667788]));
        });
        int place = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x88, 0x77, 0x66]);
        file[place] ^= 1;
        FormatChecks.Refused(file, Read, "some.npz/a.npy", "check value");
    }

    [FactIfPython]
    public void PlainPython_ReadsTheSame()
    {
        const string Script = """
            import ast, io, struct, sys, zipfile
            archive = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
            assert archive.testzip() is None
            for name in archive.namelist():
                raw = archive.read(name)
                assert raw[:8] == b'\x93NUMPY\x01\x00'
                n = struct.unpack('<H', raw[8:10])[0]
                assert (10 + n) % 64 == 0
                header = ast.literal_eval(raw[10:10 + n].decode())
                code = {'<f8': 'd', '<i8': 'q'}[header['descr']]
                print(name, header['shape'], header['fortran_order'], [v for (v,) in struct.iter_unpack('<' + code, raw[10 + n:])])
            """;

        string[] lines = FactIfPythonAttribute.Run(Script, Written(Sample)).Split('\n', StringSplitOptions.TrimEntries);

        Assert.Equal("X.npy (2, 2) False [0.5, 1.5, 2.5, nan]", lines[0]);
        Assert.Equal("y.npy (2,) False [1, -1]", lines[1]);
    }

    [FactIfFile("data/anomaly/Ionosphere.npz")]
    public void Numpy_IsRead()
    {
        using FileStream stream = File.OpenRead(SharedFiles.Locate("data/anomaly/Ionosphere.npz"));
        IReadOnlyDictionary<string, NpyArray> arrays = Npz.Read(stream, "Ionosphere.npz");

        Assert.Equal([351, 32], arrays["X"].Shape);
        Assert.Equal(126, arrays["y"].ToInt32().Sum());
        // The first row of the published table without its first two columns, moved to 0..1, which shows that the order is right.
        Assert.Equal([0.99539, -0.05889, 0.85243, 0.02306], arrays["X"].ToFloat64()[..4].Select(value => Math.Round(2 * value - 1, 5)));
    }
}
