namespace Lae.Formats;

/// <summary>A picture of 8-bit samples in row-major order, the channels of a pixel side by side. Immutable.</summary>
public sealed class PixelImage
{
    /// <summary>Takes the samples as they are, without a copy: the caller hands them over and does not write to them again.</summary>
    /// <param name="width">Pixels across, 1 or more.</param>
    /// <param name="height">Pixels down, 1 or more.</param>
    /// <param name="channels">1 (gray), 3 (red, green, blue) or 4 (with alpha).</param>
    /// <param name="pixels">[height, width, channels] samples, 0 (dark) to 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size or the number of channels is out of range.</exception>
    /// <exception cref="ArgumentException">The number of samples is another.</exception>
    public PixelImage(int width, int height, int channels, ReadOnlyMemory<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3 or 4))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "An image has 1, 3 or 4 channels.");
        }

        if ((long)width * height * channels != pixels.Length)
        {
            throw new ArgumentException(
                $"An image of {width} x {height} x {channels} does not have {pixels.Length} samples.", nameof(pixels));
        }

        Width = width;
        Height = height;
        Channels = channels;
        Pixels = pixels;
    }

    /// <summary>Pixels across.</summary>
    public int Width { get; }

    /// <summary>Pixels down.</summary>
    public int Height { get; }

    /// <summary>1 (gray), 3 (red, green, blue) or 4 (with alpha).</summary>
    public int Channels { get; }

    /// <summary>[height, width, channels] samples, 0 (dark) to 255.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }
}
