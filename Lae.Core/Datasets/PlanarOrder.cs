namespace Lae.Datasets;

/// <summary>From files with the channels of a pixel side by side, [height, width, channels], to the order of <see cref="ImageShape"/>, [channels, height, width].</summary>
internal static class PlanarOrder
{
    /// <summary>Where a value of interleaved images goes.</summary>
    /// <param name="index">Its index in [count, height, width, channels].</param>
    /// <param name="shape">The shape of an image.</param>
    /// <returns>Its index in [count, channels, height, width].</returns>
    public static int Place(int index, ImageShape shape)
    {
        int plane = shape.Height * shape.Width;
        (int pixel, int channel) = Math.DivRem(index, shape.Channels);
        (int image, int within) = Math.DivRem(pixel, plane);
        return (((image * shape.Channels) + channel) * plane) + within;
    }
}
