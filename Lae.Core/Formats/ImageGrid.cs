namespace Lae.Formats;

/// <summary>Makes one picture from many small images, filled row by row from the top left.</summary>
public static class ImageGrid
{
    /// <summary>A grid of single images.</summary>
    /// <param name="values">[count, channels, height, width] values; 0 is dark, 1 is light, what lies outside is clamped.</param>
    /// <param name="count">Number of images, 1 or more.</param>
    /// <param name="height">Rows of one image, 1 or more.</param>
    /// <param name="width">Columns of one image, 1 or more.</param>
    /// <param name="channels">1 (gray) or 3 (red, green, blue).</param>
    /// <param name="options">The layout; the defaults of <see cref="ImageGridOptions"/> when absent.</param>
    /// <exception cref="ArgumentException">A size is out of range or does not fit the values, or a value is NaN.</exception>
    public static PixelImage Compose(
        ReadOnlySpan<float> values, int count, int height, int width, int channels, ImageGridOptions? options = null)
    {
        Check(values, count, height, width, channels, nameof(values));
        var canvas = new Canvas(options ?? new ImageGridOptions(), count, height, width, channels, imagesPerCell: 1);
        for (int i = 0; i < count; i++)
        {
            canvas.Draw(values.Slice(i * canvas.ImageLength, canvas.ImageLength), i, 0);
        }

        return canvas.ToImage();
    }

    /// <summary>A grid of pairs, such as an input at the left and its reconstruction at the right.</summary>
    /// <param name="left">[count, channels, height, width] values; 0 is dark, 1 is light, what lies outside is clamped.</param>
    /// <param name="right">The partners, in the same shape.</param>
    /// <param name="count">Number of pairs, 1 or more.</param>
    /// <param name="height">Rows of one image, 1 or more.</param>
    /// <param name="width">Columns of one image, 1 or more.</param>
    /// <param name="channels">1 (gray) or 3 (red, green, blue).</param>
    /// <param name="options">The layout; the defaults of <see cref="ImageGridOptions"/> when absent.</param>
    /// <exception cref="ArgumentException">A size is out of range or does not fit the values, or a value is NaN.</exception>
    public static PixelImage ComposePairs(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, int count, int height, int width, int channels, ImageGridOptions? options = null)
    {
        Check(left, count, height, width, channels, nameof(left));
        Check(right, count, height, width, channels, nameof(right));
        var canvas = new Canvas(options ?? new ImageGridOptions(), count, height, width, channels, imagesPerCell: 2);
        for (int i = 0; i < count; i++)
        {
            canvas.Draw(left.Slice(i * canvas.ImageLength, canvas.ImageLength), i, 0);
            canvas.Draw(right.Slice(i * canvas.ImageLength, canvas.ImageLength), i, 1);
        }

        return canvas.ToImage();
    }

    private static void Check(ReadOnlySpan<float> values, int count, int height, int width, int channels, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "A grid takes images of 1 or 3 channels.");
        }

        if (ArrayShape.Count([count, height, width, channels]) != values.Length)
        {
            throw new ArgumentException(
                $"Images [{count}, {channels}, {height}, {width}] do not have {values.Length} values.", parameter);
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (float.IsNaN(values[i]))
            {
                throw new ArgumentException($"The value at index {i} is NaN.", parameter);
            }
        }
    }

    /// <summary>The picture under construction; it does not leave the functions above.</summary>
    private sealed class Canvas
    {
        private readonly ImageGridOptions options;
        private readonly int imageWidth;
        private readonly int imageHeight;
        private readonly int channels;
        private readonly int columns;
        private readonly int cellWidth;
        private readonly int width;
        private readonly int height;
        private readonly byte[] pixels;

        public Canvas(ImageGridOptions options, int count, int height, int width, int channels, int imagesPerCell)
        {
            CheckRange(options.Columns, 0, int.MaxValue, nameof(options.Columns));
            CheckRange(options.Scale, 1, 64, nameof(options.Scale));
            CheckRange(options.Gap, 0, 256, nameof(options.Gap));
            CheckRange(options.PairGap, 0, 256, nameof(options.PairGap));
            this.options = options;
            imageWidth = width;
            imageHeight = height;
            this.channels = channels;
            columns = Math.Min(count, options.Columns == 0 ? (int)Math.Ceiling(Math.Sqrt(count)) : options.Columns);
            int rows = (count + columns - 1) / columns;
            long cellWidth = (long)imagesPerCell * width * options.Scale + (imagesPerCell - 1) * options.PairGap;
            long totalWidth = options.Gap + columns * (cellWidth + options.Gap);
            long totalHeight = options.Gap + rows * ((long)height * options.Scale + options.Gap);
            if (totalWidth * totalHeight * channels > Array.MaxLength)
            {
                throw new ArgumentException($"A grid of {totalWidth} x {totalHeight} pixels is too large.", nameof(options));
            }

            this.cellWidth = (int)cellWidth;
            this.width = (int)totalWidth;
            this.height = (int)totalHeight;
            pixels = new byte[this.width * this.height * channels];
            pixels.AsSpan().Fill(options.Background);
        }

        public int ImageLength => imageHeight * imageWidth * this.channels;

        public void Draw(ReadOnlySpan<float> image, int cell, int partner)
        {
            int scale = this.options.Scale;
            int left = this.options.Gap + cell % columns * (this.cellWidth + this.options.Gap) + partner * (imageWidth * scale + this.options.PairGap);
            int top = this.options.Gap + cell / columns * (imageHeight * scale + this.options.Gap);
            for (int y = 0; y < imageHeight * scale; y++)
            {
                int target = ((top + y) * this.width + left) * this.channels;
                for (int x = 0; x < imageWidth * scale; x++)
                {
                    for (int channel = 0; channel < this.channels; channel++)
                    {
                        float value = this.options.IsSmooth
                            ? Blend(image, y, x, scale, channel)
                            : image[Place(y / scale, x / scale, channel)];
                        pixels[target++] = (byte)MathF.Round(255f * Math.Clamp(value, 0f, 1f));
                    }
                }
            }
        }

        /// <summary>Bilinear interpolation between the centres of the samples, the border repeated.</summary>
        private float Blend(ReadOnlySpan<float> image, int y, int x, int scale, int channel)
        {
            (int top, int bottom, float down) = Neighbours(y, scale, imageHeight);
            (int left, int right, float across) = Neighbours(x, scale, imageWidth);
            float upper = Mix(image[Place(top, left, channel)], image[Place(top, right, channel)], across);
            float lower = Mix(image[Place(bottom, left, channel)], image[Place(bottom, right, channel)], across);
            return Mix(upper, lower, down);
        }

        private int Place(int row, int column, int channel) => (((channel * imageHeight) + row) * imageWidth) + column;

        private static (int First, int Second, float Share) Neighbours(int position, int scale, int count)
        {
            float centre = ((position + 0.5f) / scale) - 0.5f;
            int first = (int)MathF.Floor(centre);
            return (Math.Clamp(first, 0, count - 1), Math.Clamp(first + 1, 0, count - 1), centre - first);
        }

        private static float Mix(float a, float b, float share) => a + (share * (b - a));

        public PixelImage ToImage() => new(this.width, this.height, this.channels, pixels);

        private static void CheckRange(int value, int least, int most, string name)
        {
            if (value < least || value > most)
            {
                throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {least} to {most}.");
            }
        }
    }
}
