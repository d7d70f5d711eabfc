using System.IO.Compression;
using Lae.Datasets;
using Lae.Formats;

namespace Lae.Tests.Formats;

public sealed class CifarBinaryTests
{
    private const int Record = 3073;

    private static void Read(Stream stream) => CifarBinary.Read(stream, "some.bin");

    private static byte[] Records(params byte[] labels) =>
        [.. labels.SelectMany((label, i) => Enumerable.Range(0, Record).Select(place => place == 0 ? label : (byte)((place * 7) + i)))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Records_come_back(bool compressed)
    {
        byte[] file = Records(3, 9);
        using MemoryStream stream = new(compressed ? Compressed(file) : file);
        (byte[] labels, byte[] images) = CifarBinary.Read(stream, "some.bin");
        Assert.Equal([3, 9], labels);
        Assert.Equal([.. file[1..Record], .. file[(Record + 1)..]], images);
        Dataset data = ImageDatasets.FromCifar10("some", [(labels, images), ([0], images[..3072])]);
        Assert.Equal((3, new ImageShape(32, 32, 3), 256), (data.Rows, data.Shape!, data.Levels));
        Assert.Equal(["cat", "truck", "airplane"], data.Labels!.Value.ToArray().Select(label => data.LabelNames[label]));
        Assert.Equal(data.Row(0).ToArray(), data.Row(2).ToArray());
    }

    [Fact]
    public void Damage_is_refused_with_its_place()
    {
        byte[] file = Records(3, 9);
        FormatChecks.Refused(file[..^1], Read, "some.bin: byte 6145:", "3073", "found 1 and 3072 bytes");
        FormatChecks.Refused([], Read, "byte 0");
        FormatChecks.Refused(Records(3, 10), Read, "byte 3073", "label from 0 to 9 before image 2", "found 10");
        byte[] packed = Compressed(file);
        for (int length = 2; length < packed.Length; length += 3)
        {
            FormatChecks.Refused(packed[..length], Read, "some.bin");
        }
    }

    [FactIfFile("data/cifar10/cifar10-test1000.bin.gz")]
    public void The_official_images_read()
    {
        using FileStream stream = File.OpenRead(SharedFiles.Locate("data/cifar10/cifar10-test1000.bin.gz"));
        (byte[] labels, byte[] images) = CifarBinary.Read(stream, "cifar10-test1000.bin.gz");
        Assert.Equal((1000, 3_072_000), (labels.Length, images.Length));

        // The first test image of CIFAR-10 is a cat.
        Assert.Equal("cat", ImageDatasets.Cifar10Classes[labels[0]]);
    }

    private static byte[] Compressed(byte[] file)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(file);
        }

        return packed.ToArray();
    }
}
