using Lae.Formats;

namespace Lae.Datasets;

/// <summary>
/// The small handwritten digits that travel inside Lae: 1,797 gray images of 8 × 8 pixels with 17 levels, ten classes of about
/// 180 images, no official split. The levels count the dark pixels in 4 × 4 blocks of 32 × 32 bitmaps, so 16 is ink.
/// Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository (the test
/// part), licence CC BY 4.0.
/// </summary>
public static class Digits8x8
{
    private const int PixelLevels = 17;

    /// <summary>The images [1797, 64] in levels 0 to 16, with the labels 0 to 9. The same values at every call.</summary>
    public static Dataset Load() => ImageDatasets.FromIdx(
        "digits8x8", Read("digits8x8-images-idx3-ubyte.gz"), Read("digits8x8-labels-idx1-ubyte.gz"), PixelLevels);

    private static IdxArray Read(string fileName)
    {
        using Stream stream = typeof(Digits8x8).Assembly.GetManifestResourceStream($"Lae.Datasets.Resources.{fileName}")!;
        return Idx.Read(stream, fileName);
    }
}
