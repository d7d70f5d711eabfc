using Lae.Datasets;
using Lae.Formats;
using Lae.Numerics;

namespace Lae.Host.Reports;

/// <summary>Pictures of observations that are images.</summary>
public static class ImagePictures
{
    /// <summary>Images in a grid.</summary>
    /// <param name="images">[count, columns], pixels in [−1, 1].</param>
    /// <param name="shape">The shape of an image.</param>
    /// <param name="scale">Side of the square that shows one pixel, 1 to 64; 0 chooses by the size of the images.</param>
    /// <returns>The picture.</returns>
    public static PixelImage Samples(Tensor images, ImageShape shape, int scale = 0) => ImageGrid.Compose(
        ToUnitInterval(images), images.Shape[0], shape.Height, shape.Width, shape.Channels, new ImageGridOptions(Scale: ScaleOf(shape, scale), IsSmooth: IsSmooth(shape)));

    /// <summary>Images, each beside its reconstruction.</summary>
    /// <param name="inputs">[count, columns], pixels in [−1, 1].</param>
    /// <param name="outputs">[count, columns], their reconstructions.</param>
    /// <param name="shape">The shape of an image.</param>
    /// <param name="scale">Side of the square that shows one pixel, 1 to 64; 0 chooses by the size of the images.</param>
    /// <returns>The picture.</returns>
    public static PixelImage Reconstructions(Tensor inputs, Tensor outputs, ImageShape shape, int scale = 0)
    {
        int count = inputs.Shape[0];

        // Pairs are twice as wide as high, so this many in a row make a nearly square picture.
        int columns = Math.Max(1, (int)Math.Round(Math.Sqrt(count / 2.0)));
        return ImageGrid.ComposePairs(
            ToUnitInterval(inputs), ToUnitInterval(outputs), count, shape.Height, shape.Width, shape.Channels, new ImageGridOptions(columns, ScaleOf(shape, scale), IsSmooth: IsSmooth(shape)));
    }

    /// <summary>Very small images are blended when enlarged: squares hide what they show.</summary>
    private static bool IsSmooth(ImageShape shape) => Math.Max(shape.Height, shape.Width) < 16;

    private static int ScaleOf(ImageShape shape, int scale) => scale > 0 ? scale : Math.Clamp(64 / Math.Max(shape.Height, shape.Width), 1, 16);

    private static float[] ToUnitInterval(Tensor pixels) => Array.ConvertAll(pixels.ToSingleArray(), pixel => (pixel + 1) / 2);
}
