using System.IO.Compression;
using FsCheck.Fluent;
using Lae.Formats;

namespace Lae.Tests.Formats;

public class PngTests
{
    private static void Read(Stream stream) => Png.Read(stream, "some.png");

    private static byte[] Samples(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * i * 31 + i * 7))];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Image_ComesBack(int channels)
    {
        var image = new PixelImage(5, 7, channels, Samples(35 * channels));
        PixelImage back = Png.Read(new MemoryStream(FormatChecks.Written(stream => Png.Write(stream, image))), "some.png");

        Assert.Equal((5, 7, channels), (back.Width, back.Height, back.Channels));
        Assert.Equal(image.Pixels.ToArray(), back.Pixels.ToArray());
    }

    [Fact]
    public void Check_OfKnownText() =>
        // The check value of the catalogue of CRC algorithms for CRC-32/ISO-HDLC.
        Assert.Equal(0xCBF43926u, ~Crc32.Append(Crc32.Start, "123456789"u8));

    [Fact]
    public void Reads_PictureOfAnotherEncoder()
    {
        // One red pixel, as other programs write it: the smallest RGB file, with a text chunk put in.
        byte[] file = PngEncoder.Encode(new PixelImage(1, 1, 3, new byte[] { 255, 0, 0 }), [0], extraChunk: "tEXt");
        Assert.Equal([255, 0, 0], Png.Read(new MemoryStream(file), "red.png").Pixels.ToArray());
    }

    [Fact]
    public void Palette_BecomesColours()
    {
        // The encoder's palette has one colour: 1, 2, 3.
        byte[] file = PngEncoder.Encode(new PixelImage(2, 1, 1, new byte[2]), [1], colourType: 3, extraChunk: "PLTE");
        PixelImage image = Png.Read(new MemoryStream(file), "some.png");
        Assert.Equal((2, 1, 3), (image.Width, image.Height, image.Channels));
        Assert.Equal([1, 2, 3, 1, 2, 3], image.Pixels.ToArray());
    }

    [Fact]
    public void EveryFilter_ComesBack() => FormatChecks.ForAll(
        // Few different samples, in half of the cases, make the ties of the fifth filter frequent.
        Gen.Choose(1, 6).Three().Zip(Gen.Choose(0, 4).ArrayOf(6)).Zip(Gen.Choose(0, 255).ArrayOf(6 * 6 * 4).Or(Gen.Choose(0, 3).ArrayOf(6 * 6 * 4))), 102, sample =>
        {
            var ((size, filters), bytes) = sample;
            int channels = (size.Item3 % 3) switch { 0 => 1, 1 => 3, _ => 4 };
            byte[] pixels = [.. bytes.Take(size.Item1 * size.Item2 * channels).Select(value => (byte)value)];
            byte[] file = PngEncoder.Encode(new PixelImage(size.Item1, size.Item2, channels, pixels), filters);
            return Png.Read(new MemoryStream(file), "memory").Pixels.Span.SequenceEqual(pixels);
        });

    [Fact]
    public void Truncated_Refused()
    {
        byte[] file = PngEncoder.Encode(new PixelImage(3, 2, 3, Samples(18)), [4, 3]);
        FormatChecks.EveryTruncationIsRefused(file, Read);
        FormatChecks.NoChangedByteBreaks(file, Read);
    }

    [Fact]
    public void Malformed_RefusedWithPlace()
    {
        var image = new PixelImage(3, 2, 1, Samples(6));
        byte[] file = PngEncoder.Encode(image, [0, 1]);
        FormatChecks.Refused([.. file[..7], 9, .. file[8..]], Read, "some.png: byte 0:", "signature");
        byte[] changed = [.. file];
        changed[45] ^= 1;
        FormatChecks.Refused(changed, Read, "check value");
        FormatChecks.Refused(PngEncoder.Encode(image, [0, 5]), Read, "decompressed byte 4", "filter", "5");
        FormatChecks.Refused(PngEncoder.Encode(image, [0, 0], bits: 16), Read, "byte 24", "8 bits", "16");
        FormatChecks.Refused(PngEncoder.Encode(image, [0, 0], colourType: 4), Read, "byte 25", "colour type", "4");
        FormatChecks.Refused(PngEncoder.Encode(image, [0, 1], colourType: 3, extraChunk: "PLTE"), Read, "some.png: decompressed byte 1", "index into the 1 colours");
        FormatChecks.Refused(PngEncoder.Encode(image, [0, 0], interlace: 1), Read, "byte 26", "interlac");
        FormatChecks.Refused(PngEncoder.Encode(image, [0, 0], extraChunk: "QUUX"), Read, "QUUX", "critical");
        FormatChecks.Refused(PngEncoder.Encode(image, [0, 0], colourType: 2), Read, "rows of pixels");
        FormatChecks.Refused(PngEncoder.Encode(new PixelImage(1, 1, 3, Samples(3)), [0], colourType: 0), Read, "end of the data");
    }

    [Fact]
    public void Image_ChecksItsParts()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelImage(1, 1, 2, new byte[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelImage(0, 1, 1, Array.Empty<byte>()));
        Assert.Throws<ArgumentException>(() => new PixelImage(2, 2, 1, new byte[3]));
    }
}
