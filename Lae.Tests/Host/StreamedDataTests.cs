using System.Globalization;
using System.IO.Compression;
using Lae.Formats;
using Lae.Tests.Formats;

namespace Lae.Tests.Host;

/// <summary>Every source of data: a run on rows that stay on disk has the bytes of a run on rows in memory, also after an interruption; absent and damaged files are told in one line.</summary>
public sealed class StreamedDataTests
{
    private const int Rows = 60;

    private const string Configuration = """
        {
          "Name": "streamed",
          "Seed": 7,
          "Engine": { "Type": "Managed" },
          "Data": DATA,
          "Model": {
            "Type": "Interruptible",
            "LatentSize": 2,
            "Encoder": { "Type": "Dense", "Widths": [ 16 ] },
            "Decoder": { "Type": "Dense", "Widths": [ 16 ] },
            "Likelihood": { "Type": "LIKELIHOOD" },
            "Transitions": 1
          },
          "Training": { "Epochs": 2, "BatchSize": 10, "LogEvery": 3, "CheckpointEverySeconds": 0 },
          "Evaluation": { "PosteriorDraws": 1, "PosteriorTransitions": 1 },
          "Output": { "Samples": 4, "Reconstructions": 4 }
        }
        """;

    [Theory]
    [InlineData("""{ "Type": "NumpyTable", "Path": "table.npy" }""")]
    [InlineData("""{ "Type": "NumpyTable", "Path": "table.npz" }""")]
    [InlineData("""{ "Type": "CsvTable", "Path": "table.csv.gz", "LabelColumn": "kind" }""")]
    [InlineData("""{ "Type": "IdxImages", "TrainImages": "colours.idx.gz", "TrainLabels": "labels.idx" }""")]
    [InlineData("""{ "Type": "IdxImages", "TrainImages": "colours.idx.gz", "TestImages": "colours.idx.gz" }""")]
    [InlineData("""{ "Type": "Cifar10", "TrainFiles": [ "one.bin", "two.bin.gz" ] }""")]
    [InlineData("""{ "Type": "PngFolder", "Folder": "gray" }""")]
    [InlineData("""{ "Type": "PngFolder", "Folder": "classes", "TestFolder": "classes" }""")]
    public void Rows_on_disk_make_the_run_of_rows_in_memory_also_after_an_interruption(string data)
    {
        using HostRun host = Prepared(data);
        Assert.True(host.Run("--out", "resident") == 0, host.Error);
        Assert.True(host.Run("--out", "streamed", "--Data:Resident=false") == 0, host.Error);
        AssertSame(host, "streamed");
        Assert.Equal(130, host.RunUntil(4, "--out", "interrupted", "--Data:Resident=false"));
        Assert.Equal(0, host.Run("--resume", "interrupted"));
        AssertSame(host, "interrupted");
    }

    [Fact]
    public void An_image_of_a_folder_becomes_the_levels_of_its_pixels()
    {
        using HostRun host = Prepared("""{ "Type": "PngFolder", "Folder": "classes" }""");
        Assert.Equal(0, host.Run("--out", "resident"));
        string form = File.ReadAllText(host.Path("resident/data.json"));
        Assert.Contains("\"ape\"", form, StringComparison.Ordinal);
        Assert.Contains("\"bee\"", form, StringComparison.Ordinal);
        Lae.Datasets.PngRows rows = new([host.Path("classes/ape/1.png")], File.OpenRead);
        Assert.Equal(new Lae.Datasets.ImageShape(4, 4, 3), rows.Shape);
        float[] interleaved = Array.ConvertAll(Pixels(1, 48), value => (float)value);
        float[] planar = rows.ToDataset("some", isResident: true).Values.ToArray();
        Assert.Equal([interleaved[0], interleaved[3], interleaved[1], interleaved[2]], [planar[0], planar[1], planar[16], planar[32]]);
    }

    [Fact]
    public void An_absent_set_is_told_with_the_names_of_its_files()
    {
        using HostRun idx = Prepared("""{ "Type": "IdxImages", "TrainImages": "mnist/train.gz" }""");
        Assert.EndsWith(
            $"Data:TrainImages: there is no file {idx.Path("mnist/train.gz")}; MNIST and Fashion-MNIST are train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, plain or gzip (.gz)",
            idx.Refused(), StringComparison.Ordinal);
        using HostRun cifar = Prepared("""{ "Type": "Cifar10", "TrainFiles": [ "data_batch_9.bin" ] }""");
        Assert.EndsWith(
            $"Data:TrainFiles:0: there is no file {cifar.Path("data_batch_9.bin")}; CIFAR-10 (binary version) is data_batch_1.bin to data_batch_5.bin and test_batch.bin, plain or gzip",
            cifar.Refused(), StringComparison.Ordinal);
        using HostRun folder = Prepared("""{ "Type": "PngFolder", "Folder": "nowhere" }""");
        Assert.EndsWith($"Data:Folder: there is no folder {folder.Path("nowhere")}", folder.Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damage_is_told_with_the_file(bool isResident)
    {
        string resident = $"--Data:Resident={isResident}";
        using HostRun host = Prepared("""{ "Type": "PngFolder", "Folder": "gray" }""");
        Png(host.Path("gray/90.png"), new PixelImage(5, 4, 1, Pixels(1, 20)));
        Assert.Equal($"{host.Path("gray/90.png")}: IHDR: expected 4 x 4 pixels as in {host.Path("gray/0.png")}, found 5 x 4", host.Refused(resident));
        Png(host.Path("gray/90.png"), new PixelImage(4, 4, 3, Pixels(1, 48)));
        Assert.EndsWith("found colours", host.Refused(resident), StringComparison.Ordinal);
        File.WriteAllBytes(host.Path("gray/90.png"), [1, 2, 3]);
        Assert.StartsWith($"{host.Path("gray/90.png")}: byte 3: ", host.Refused(resident), StringComparison.Ordinal);
        Png(host.Path("classes/bee/90.png"), new PixelImage(4, 4, 4, Pixels(1, 64)));
        Assert.Contains("90.png: row 1, column 1: expected an opaque pixel", host.Refused(resident, "--Data:Folder=classes"), StringComparison.Ordinal);
        Directory.CreateDirectory(host.Path("empty"));
        Assert.Contains("expected files *.png, or folders of them, found none", host.Refused(resident, "--Data:Folder=empty"), StringComparison.Ordinal);

        using HostRun table = Prepared("""{ "Type": "CsvTable", "Path": "bad.csv" }""");
        table.Write("bad.csv", "a,b\n1,2\n3,x\n");
        Assert.Equal($"{table.Path("bad.csv")}: line 3, column 2 (\"b\"): expected a number, found \"x\"", table.Refused(resident));
        table.Write("bad.csv", "a,b\n1,2\n3,2\n5,2\n7,2\n9,2\n");
        Assert.StartsWith($"{table.Path("bad.csv")}: column 2 (\"b\"): expected values that differ, found 2 in all 4 rows", table.Refused(resident), StringComparison.Ordinal);
        File.WriteAllBytes(table.Path("bad.npz"), File.ReadAllBytes(table.Path("table.npz"))[..200]);
        Assert.StartsWith($"{table.Path("bad.npz")}: zip archive: ", table.Refused(resident, "--Data:Type=NumpyTable", "--Data:Path=bad.npz"), StringComparison.Ordinal);
    }

    private static void AssertSame(HostRun host, string folder)
    {
        string[] files = [.. HostRun.Decided.Append("samples.csv").Where(file => File.Exists(host.Path($"resident/{file}")))];
        Assert.True(files.Length >= 6);
        foreach (string file in files)
        {
            Assert.True(HostRun.Bytes(host.Path("resident"), file).AsSpan().SequenceEqual(HostRun.Bytes(host.Path(folder), file)), $"{file} differs");
        }
    }

    private static HostRun Prepared(string data)
    {
        bool isTable = data.Contains("Table", StringComparison.Ordinal);
        HostRun host = new(Configuration.Replace("DATA", data, StringComparison.Ordinal).Replace("LIKELIHOOD", isTable ? "Gaussian" : "DiscretizedLogistic", StringComparison.Ordinal));
        double[] values = [.. Enumerable.Range(0, 3 * Rows).Select(i => 1e3 + Math.Sin(i * i))];
        NpyArray x = NpyArray.FromFloat64([Rows, 3], values);
        Save(host.Path("table.npy"), stream => Npy.Write(stream, x));
        NpyArray y = new(NpyType.UInt8, [Rows], Enumerable.Range(0, Rows).Select(row => (byte)(row % 12)).ToArray());
        Save(host.Path("table.npz"), stream => Npz.Write(stream, new Dictionary<string, NpyArray> { ["X"] = x, ["y"] = y }));
        Packed(host.Path("table.csv.gz"), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes("a,kind,b\n" + string.Concat(
            Enumerable.Range(0, Rows).Select(row => string.Create(CultureInfo.InvariantCulture, $"{values[row]:R},{(row % 3 == 0 ? "old" : "new")},{values[Rows + row]:R}\n"))))));
        Packed(host.Path("colours.idx.gz"), stream => Idx.Write(stream, new IdxArray([Rows, 2, 3, 3], Pixels(5, 18 * Rows))));
        Save(host.Path("labels.idx"), stream => Idx.Write(stream, new IdxArray([Rows], Enumerable.Range(0, Rows).Select(row => (byte)(row % 4)).ToArray())));
        byte[] records = [.. Enumerable.Range(0, Rows / 2).SelectMany(row => Pixels(row, 3072).Prepend((byte)(row % 10)))];
        File.WriteAllBytes(host.Path("one.bin"), records);
        Packed(host.Path("two.bin.gz"), stream => stream.Write(records));
        foreach (string folder in (string[])["gray", "classes/ape", "classes/bee"])
        {
            Directory.CreateDirectory(host.Path(folder));
            for (int image = 0; image < Rows / 2; image++)
            {
                int channels = folder == "gray" || image == 9 ? 1 : 3;
                Png(host.Path($"{folder}/{image}.png"), new PixelImage(4, 4, channels, Pixels(image, 16 * channels)));
            }
        }

        return host;
    }

    private static byte[] Pixels(int start, int count) => [.. Enumerable.Range(start, count).Select(i => (byte)((i * i) + (7 * start)))];

    private static void Png(string path, PixelImage image) => Save(path, stream => Lae.Formats.Png.Write(stream, image));

    private static void Save(string path, Action<Stream> write)
    {
        using FileStream stream = File.Create(path);
        write(stream);
    }

    private static void Packed(string path, Action<Stream> write) => Save(path, stream =>
    {
        using GZipStream gzip = new(stream, CompressionLevel.Fastest);
        write(gzip);
    });
}
